import { describe, expect, it } from "vitest";
import { decodeFrame } from "../../../src/main/transport/frames.ts";
import { createRateLimit } from "../../../src/main/transport/rate-limit.ts";
import { serveConnection } from "../../../src/main/transport/serve-connection.ts";
import { createStreamCredit } from "../../../src/main/transport/stream-credit.ts";
import type { Pipe } from "../../../src/shared/client/pipe.ts";
import { acknowledgeType, streamWindow } from "../../../src/shared/client/stream-window.ts";
import { isErrorCode } from "../../../src/shared/errors.ts";
import { seeded } from "../../helpers/random-text.ts";
import { createTestContext, createTestRouter, type TestHandler } from "../../helpers/test-router.ts";

type Sent = { i?: string; t?: number; p?: { s?: number; b?: { json?: { code?: unknown } } } };

const plainRouter = createTestRouter();

function connect(handlers?: Record<string, TestHandler>, limits = {}) {
  const sent: Sent[] = [];
  let receive: (frame: unknown) => void = () => {};
  const closers: (() => void)[] = [];
  let closed = 0;
  const pipe: Pipe = {
    send: async (frame) => void sent.push(JSON.parse(frame) as Sent),
    onMessage: (listener) => void (receive = listener),
    onClose: (listener) => void closers.push(listener),
    close() {
      closed += 1;
      for (const listener of closers) listener();
    },
  };
  const { context, records } = createTestContext();
  const connection = serveConnection(pipe, { router: handlers ? createTestRouter(handlers) : plainRouter, context, limits });
  return { sent, records, connection, receive: (frame: unknown) => receive(frame), closed: () => closed };
}
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((done) => void setImmediate(done));
};
const until = async (met: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 5000 && !met(); turn += 1) await turns(1);
  expect(met()).toBe(true);
};

const sound = [
  JSON.stringify({ i: "7", p: { u: "/system/info", b: { json: {} } } }),
  JSON.stringify({ i: "7", p: { u: "/jobs/get", b: { json: { id: "0192f3a4-7b1c-7def-8abc-0123456789ab" } } } }),
  JSON.stringify({ i: "7", t: 4, p: null }),
  JSON.stringify({ i: "7", t: acknowledgeType, p: 3 }),
];

/** A sound frame with something done to it that a broken or hostile sender might do. */
function damaged(random: () => number): string {
  let frame = sound[Math.floor(random() * sound.length)] ?? "";
  const times = 1 + Math.floor(random() * 3);
  for (let round = 0; round < times; round += 1) {
    const at = Math.floor(random() * frame.length);
    switch (Math.floor(random() * 6)) {
      case 0:
        frame = frame.slice(0, at);
        break;
      case 1:
        frame = frame.slice(0, at) + String.fromCharCode(Math.floor(random() * 0xffff)) + frame.slice(at + 1);
        break;
      case 2:
        frame = frame.slice(0, at) + frame.slice(at + 1 + Math.floor(random() * 4));
        break;
      case 3:
        frame =
          frame.slice(0, at) +
          frame.slice(at).replace(/"[^"]*"/, ["null", "{}", "[]", "1e400", '"__proto__"', "-0"][Math.floor(random() * 6)] ?? "");
        break;
      case 4:
        frame += frame.slice(at);
        break;
      default:
        frame = frame.slice(0, at) + frame.slice(0, at) + frame.slice(at);
    }
  }
  return frame;
}

describe("any frame at all", () => {
  // Catches: the one frame in a thousand that throws out of the listener and takes core with it.
  it("is answered with a code, ignored, or closes its own connection", async () => {
    for (let seed = 1; seed <= 600; seed += 1) {
      const { sent, receive, closed, connection } = connect();
      const frame = damaged(seeded(seed));
      expect(() => receive(frame), frame).not.toThrow();
      await turns(4);
      expect(closed(), frame).toBeLessThanOrEqual(1);
      for (const { p } of sent) {
        const code = p?.b?.json?.code;
        if (p?.s !== undefined && p.s >= 400) expect(typeof code === "string" && isErrorCode(code), frame).toBe(true);
      }
      if (closed() === 0) connection.close();
    }
  });

  // Catches: a decoder that passes on what it did not look at: every frame that it takes is one of three, whole.
  it("is decoded to one of three meanings or to none", () => {
    for (let seed = 1; seed <= 3000; seed += 1) {
      const frame = damaged(seeded(seed));
      let meaning: ReturnType<typeof decodeFrame>;
      try {
        meaning = decodeFrame(frame, 10_000);
      } catch {
        continue;
      }
      expect(["call", "abort", "acknowledge"]).toContain(meaning.type);
      expect(meaning.id.length).toBeGreaterThan(0);
      expect(meaning.id.length).toBeLessThanOrEqual(64);
      if (meaning.type === "call") expect(meaning.path).toMatch(/^\/[\w%/-]+$/);
      if (meaning.type === "acknowledge") expect(meaning.count).toSatisfy((count: number) => Number.isInteger(count) && count >= 1);
    }
  });

  it.each([
    ["a number", 7],
    ["undefined", undefined],
    ["bytes", new Uint8Array(20)],
    ["an array of bytes", [new Uint8Array(3)]],
    ["an object of the right form", { i: "1", p: { u: "/system/info" } }],
    ["a String object", Object("text")],
  ])("that is %s is no text, and closes", async (_what, frame) => {
    const { receive, closed, sent } = connect();
    receive(frame);
    await turns(3);
    expect([closed(), sent.length]).toEqual([1, 0]);
  });

  // Catches: a log that a stranger fills, or writes lines into: what is refused is said once, and shortly.
  it("that is refused is logged once, without its content", async () => {
    const { receive, records } = connect();
    receive(`{"i":"secret-of-the-sender","p":${"x".repeat(5000)}`);
    receive("more of it");
    await turns(3);
    expect(records).toHaveLength(1);
    expect(JSON.stringify(records).length).toBeLessThan(1500);
  });
});

describe("many calls over one connection", () => {
  // Catches: answers that are given to another call: ids are the client's, and each has its own input.
  it("each get their own answer, whatever order they end in", async () => {
    const gates = new Map<string, () => void>();
    const { sent, receive, connection } = connect(
      {
        "settings.get": async ({ input }) => {
          const { key } = input as { key: string };
          await new Promise<void>((open) => gates.set(`${key} ${gates.size}`, open));
          return { key, value: key, default: "", description: "" };
        },
      },
      { callsPerSecond: 10_000 },
    );
    const keys = ["models.chat", "models.embedding", "search.limit", "ocr.mode", "network.offline"];
    for (let call = 0; call < 50; call += 1)
      receive(JSON.stringify({ i: `c${call}`, p: { u: "/settings/get", b: { json: { key: keys[call % keys.length] } } } }));
    await until(() => gates.size === 50);
    for (const open of [...gates.values()].toReversed()) open();
    await until(() => sent.length === 50);
    for (const { i = "", p } of sent) expect(p?.b?.json).toMatchObject({ value: keys[Number(i.slice(1)) % keys.length] });
    expect(connection.callsInFlight).toBe(0);
  });

  // Catches: a limit of calls a second that forgets, or never forgives.
  it("over the limit of a second are refused one by one, and the connection stays", async () => {
    const { sent, receive, closed } = connect(undefined, { callsPerSecond: 5 });
    for (let call = 0; call < 40; call += 1) receive(JSON.stringify({ i: `c${call}`, p: { u: "/system/doctor", b: { json: {} } } }));
    await until(() => sent.length === 40);
    const refused = sent.filter(({ p }) => p?.b?.json?.code === "RATE_LIMITED");
    expect(refused.length).toBeGreaterThanOrEqual(30);
    expect(refused.length).toBeLessThanOrEqual(35);
    expect(closed()).toBe(0);
  });

  // Catches: an abort of one call that reaches another.
  it("are aborted one by one", async () => {
    const aborted: string[] = [];
    const running = new Set<string>();
    const { receive, connection } = connect({
      "settings.get": ({ input, signal }) =>
        new Promise((_done, failed) => {
          const { key } = input as { key: string };
          running.add(key);
          signal?.addEventListener("abort", () => {
            aborted.push(key);
            failed(signal.reason);
          });
        }),
    });
    for (const key of ["models.chat", "search.limit", "ocr.mode"])
      receive(JSON.stringify({ i: key, p: { u: "/settings/get", b: { json: { key } } } }));
    await until(() => running.size === 3);
    receive(JSON.stringify({ i: "search.limit", t: 4 }));
    await until(() => connection.callsInFlight === 2);
    expect(aborted).toEqual(["search.limit"]);
    connection.close();
    await until(() => connection.callsInFlight === 0);
    expect(aborted.toSorted()).toEqual(["models.chat", "ocr.mode", "search.limit"]);
  });
});

describe("the credit of streams", () => {
  // Catches: a window that leaks or grows in some order of sending, acknowledging and ending.
  it("never lets more through than the window, and every item in the end", async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = seeded(seed);
      const window = 1 + Math.floor(random() * 8);
      const credit = createStreamCredit(window);
      const total = 20 + Math.floor(random() * 40);
      let passed = 0;
      let unacknowledged = 0;
      const sending = (async () => {
        for (let item = 0; item < total; item += 1) {
          expect(await credit.take("s")).toBe(true);
          passed += 1;
          unacknowledged += 1;
          expect(unacknowledged).toBeLessThanOrEqual(window);
        }
      })();
      while (passed < total) {
        await turns(1);
        const count = 1 + Math.floor(random() * Math.max(1, unacknowledged));
        if (unacknowledged === 0) continue;
        unacknowledged -= Math.min(count, unacknowledged);
        expect(credit.give("s", Math.min(count, unacknowledged + count))).toBe(true);
      }
      await sending;
      credit.end("s");
      expect(credit.size).toBe(0);
    }
  });

  it("of an ended stream begins anew with a whole window", async () => {
    const credit = createStreamCredit(1);
    await credit.take("s");
    credit.end("s");
    expect(await credit.take("s")).toBe(true);
    expect(credit.give("s", 1)).toBe(true);
    expect(credit.give("s", 1)).toBe(false);
  });

  it("is the window that the client acknowledges in parts of", () => {
    expect(streamWindow).toBeGreaterThan(8);
  });
});

describe("the rate limit", () => {
  // Catches: a clock that stands still or goes back (sleep, correction) after which nobody may call any more, or everybody.
  it("never lets more through than burst and rate allow, whatever the clock does", () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const random = seeded(seed);
      const perSecond = 1 + Math.floor(random() * 50);
      const burst = 1 + Math.floor(random() * 20);
      let now = 1000;
      const limit = createRateLimit({ perSecond, burst, now: () => now });
      let allowed = 0;
      for (let call = 0; call < 400; call += 1) {
        now += random() * 20;
        if (limit.allow()) allowed += 1;
      }
      expect(allowed).toBeLessThanOrEqual(burst + ((now - 1000) / 1000) * perSecond + 1);
      expect(allowed).toBeGreaterThan(0);
    }
  });
});
