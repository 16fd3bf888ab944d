import { describe, expect, it } from "vitest";
import type { Channel } from "../../../src/main/engines/channel.ts";
import type { CallContext } from "../../../src/main/engines/engine.ts";
import { openLink } from "../../../src/main/engines/engine-link.ts";
import { serveEngine } from "../../../src/main/engines/serve-engine.ts";
import type { Exit } from "../../../src/main/engines/spawn.ts";
import { takeTransfer, withTransfer } from "../../../src/main/engines/transfer.ts";
import { type FromEngine, isMessage, type ToEngine } from "../../../src/main/engines/wire.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { codeOf, recordingLog } from "../../helpers/engine-hosts.ts";

type Work = { input: string; item: string; output: unknown };
type Protocol = { work: Work };

const turns = async (count = 6): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((done) => void setImmediate(done));
};

/** An engine of one method, whose other end is the test: what it posted, and the ways to speak to it. */
function served(
  method: (input: string, context: CallContext<string>) => Promise<unknown>,
  over: { create?: () => Promise<never>; dispose?: () => Promise<void> } = {},
) {
  const posted: FromEngine[] = [];
  const transferred: (readonly ArrayBuffer[])[] = [];
  let receive: (message: unknown) => void = () => {};
  let uncaught: (error: unknown) => void = () => {};
  let closed = 0;
  let disposed = 0;
  const channel: Channel = {
    post: (message, transfer = []) => {
      posted.push(message as FromEngine);
      transferred.push(transfer);
    },
    onMessage: (listener) => void (receive = listener),
    onUncaught: (listener) => void (uncaught = listener),
    close: () => void (closed += 1),
  };
  serveEngine<unknown, Protocol>(
    over.create ?? (async () => ({ methods: { work: method }, dispose: over.dispose ?? (async () => void (disposed += 1)) })),
    channel,
  );
  return {
    posted,
    transferred,
    kinds: () => posted.map(({ kind }) => kind),
    send: (message: ToEngine) => receive(message),
    receive: (message: unknown) => receive(message),
    uncaught: (error: unknown) => uncaught(error),
    closed: () => closed,
    disposed: () => disposed,
  };
}
const call = (id: number, input = "x", method = "work"): ToEngine => ({ kind: "call", id, method, input });

describe("the engine's side of the wire", () => {
  it("starts, answers each call under its number, and streams before it answers", async () => {
    const { posted, send } = served(async (input, { emit }) => {
      emit(`${input}!`);
      return input.toUpperCase();
    });
    send({ kind: "start", config: {} });
    await turns();
    send(call(7, "a"));
    send(call(9, "b"));
    await turns();
    expect(posted).toEqual([
      { kind: "started" },
      { kind: "item", id: 7, item: "a!" },
      { kind: "item", id: 9, item: "b!" },
      { kind: "done", id: 7, output: "A" },
      { kind: "done", id: 9, output: "B" },
    ]);
  });

  // Catches: a start that failed and that core waits for, or a thread that stays behind it.
  it("says why it could not start, and ends", async () => {
    const { posted, closed, send } = served(async () => "", {
      create: () => Promise.reject(new AppError("MEMORY_LOW", "Not enough.", { hint: "Close something." })),
    });
    send({ kind: "start", config: {} });
    await turns();
    expect(posted).toEqual([
      {
        kind: "startFailed",
        error: { code: "MEMORY_LOW", message: "Not enough.", hint: "Close something." },
        detail: expect.stringContaining("Not enough"),
      },
    ]);
    expect(closed()).toBe(1);
  });

  // Catches: a method of the prototype that is called, or one that is not there and is never answered.
  it.each(["nothing", "constructor", "__proto__", "toString", ""])("answers a call of %j with NOT_SUPPORTED", async (method) => {
    const { posted, send } = served(async () => "");
    send({ kind: "start", config: {} });
    await turns();
    send(call(1, "x", method));
    await turns();
    expect(posted.at(-1)).toMatchObject({ kind: "failed", id: 1, error: { code: "NOT_SUPPORTED" } });
  });

  it("answers a call before it is started with a code, instead of never", async () => {
    const { posted, send } = served(async () => "");
    send(call(1));
    await turns();
    expect(posted).toMatchObject([{ kind: "failed", id: 1, error: { code: "NOT_SUPPORTED" } }]);
  });

  // Catches: a stack that goes to the caller, or is lost to the log.
  it("sends the code of a typed error, hides an unknown one, and keeps the causes for the log", async () => {
    const thrown: unknown[] = [
      new AppError("MODEL_INVALID", "Bad file.", { data: { path: "/x" } }),
      new Error("secret", { cause: new TypeError("the real reason") }),
      "text",
      undefined,
    ];
    const { posted, send } = served(async () => {
      throw thrown.shift();
    });
    send({ kind: "start", config: {} });
    await turns();
    for (const id of [1, 2, 3, 4]) {
      send(call(id));
      await turns();
    }
    const failed = posted.flatMap((message) => (message.kind === "failed" ? [message] : []));
    expect(failed.map(({ error }) => error.code)).toEqual(["MODEL_INVALID", "INTERNAL", "INTERNAL", "INTERNAL"]);
    expect(failed[0]?.error).toEqual({ code: "MODEL_INVALID", message: "Bad file.", data: { path: "/x" } });
    expect(JSON.stringify(failed.map(({ error }) => error))).not.toMatch(/secret|reason/);
    expect(failed[1]?.detail).toMatch(/secret[\s\S]*caused by[\s\S]*the real reason/);
  });

  // Catches: an abort that is seen only at the end, or that reaches another call.
  it("aborts the one call that is meant, at its next checkpoint", async () => {
    const { posted, send } = served(async (input, { checkpoint }) => {
      for (let step = 0; step < 5000; step += 1) await checkpoint();
      return input;
    });
    send({ kind: "start", config: {} });
    await turns();
    send(call(1, "first"));
    send(call(2, "second"));
    await turns(3);
    send({ kind: "abort", id: 1 });
    await turns();
    expect(posted.at(-1)).toMatchObject({ kind: "failed", id: 1, error: { code: "ABORTED" } });
    expect(posted.some((message) => "id" in message && message.id === 2)).toBe(false);
    send({ kind: "abort", id: 2 });
    await turns();
    expect(posted.at(-1)).toMatchObject({ kind: "failed", id: 2, error: { code: "ABORTED" } });
  });

  // Catches: a pause that is forgotten, one that is never told, and an abort that does not wake who is paused.
  it("stands still at a checkpoint when it is told to, and goes on when it may, or is aborted", async () => {
    let steps = 0;
    const { kinds, send, posted } = served(async (_input, { checkpoint }) => {
      for (;;) {
        await checkpoint();
        steps += 1;
      }
    });
    send({ kind: "start", config: {} });
    await turns();
    send(call(1));
    await turns();
    send({ kind: "pause", id: 1 });
    await turns();
    const before = steps;
    await turns(20);
    expect(steps).toBe(before);
    expect(kinds().filter((kind) => kind === "paused")).toHaveLength(1);
    send({ kind: "resume", id: 1 });
    await turns();
    expect(steps).toBeGreaterThan(before);
    send({ kind: "pause", id: 1 });
    await turns();
    send({ kind: "abort", id: 1 });
    await turns();
    expect(posted.at(-1)).toMatchObject({ kind: "failed", id: 1, error: { code: "ABORTED" } });
  });

  it("ignores what is no message, and calls that are over", async () => {
    const { posted, receive, send } = served(async () => "done");
    send({ kind: "start", config: {} });
    await turns();
    for (const nonsense of [undefined, null, 7, "start", {}, { kind: 7 }, [], { kind: "unheard" }]) receive(nonsense);
    for (const kind of ["abort", "pause", "resume"] as const) send({ kind, id: 99 });
    await turns();
    expect(posted).toEqual([{ kind: "started" }]);
  });

  // Catches: native memory that is freed under a computation: the process would abort.
  it("ends once everything has ended: abort, then dispose, then close, in that order", async () => {
    const order: string[] = [];
    const { send, closed } = served(
      async (_input, { checkpoint }) => {
        try {
          for (;;) await checkpoint();
        } finally {
          order.push("call ended");
        }
      },
      { dispose: async () => void order.push("disposed") },
    );
    send({ kind: "start", config: {} });
    await turns();
    send(call(1));
    send(call(2));
    await turns();
    send({ kind: "stop" });
    send({ kind: "stop" });
    await turns(10);
    expect(order).toEqual(["call ended", "call ended", "disposed"]);
    expect(closed()).toBe(1);
  });

  it("ends all the same when freeing fails, and tells of it", async () => {
    const { posted, send, closed } = served(async () => "", { dispose: () => Promise.reject(new Error("still in use")) });
    send({ kind: "start", config: {} });
    await turns();
    send({ kind: "stop" });
    await turns();
    expect(posted.at(-1)).toMatchObject({ kind: "crashed", detail: expect.stringContaining("still in use") });
    expect(closed()).toBe(1);
  });

  // Catches: an error out of a callback that leaves a thread half alive, with native code computing under its exit.
  it("says that it crashed, and winds down in order", async () => {
    const { kinds, send, uncaught, disposed, closed } = served(async (_input, { checkpoint }) => {
      for (;;) await checkpoint();
    });
    send({ kind: "start", config: {} });
    await turns();
    send(call(1));
    await turns();
    uncaught(new Error("out of a timer"));
    await turns(10);
    expect(kinds().filter((kind) => kind === "crashed")).toHaveLength(1);
    expect([disposed(), closed()]).toEqual([1, 1]);
  });

  // Catches: vectors that are copied between threads where they could be moved.
  it("moves the buffers that a method marked, of items and outputs alike", async () => {
    const vector = new Float32Array(4);
    const item = new Float32Array(2);
    const { transferred, send } = served(async (_input, { emit }) => {
      emit(withTransfer({ item }, [item.buffer]) as unknown as string);
      return withTransfer({ vector }, [vector.buffer]);
    });
    send({ kind: "start", config: {} });
    await turns();
    send(call(1));
    await turns();
    expect(transferred).toEqual([[], [item.buffer], [vector.buffer]]);
    for (const other of [undefined, null, 7, "x", {}, vector]) expect(takeTransfer(other)).toEqual([]);
    expect(takeTransfer(withTransfer({}, [new SharedArrayBuffer(8)]))).toEqual([]);
  });
});

describe("core's side of one running engine", () => {
  function linked() {
    const sent: ToEngine[] = [];
    let receive: (message: unknown) => void = () => {};
    let exit: (how: Exit) => void = () => {};
    let lost = 0;
    const { log, events } = recordingLog();
    const link = openLink({
      name: "test",
      config: { threads: 2 },
      log,
      onLost: () => void (lost += 1),
      spawn: () => ({
        post: (message) => void sent.push(structuredClone(message) as ToEngine),
        onMessage: (listener) => void (receive = listener),
        onExit: (listener) => void (exit = listener),
      }),
    });
    const outgoing = (onItem: (item: unknown) => void = () => {}) => ({
      method: "work",
      input: {},
      transfer: [],
      onItem,
      onPaused: () => {},
    });
    return {
      link,
      sent,
      events,
      outgoing,
      receive: (message: FromEngine) => receive(message),
      nonsense: (message: unknown) => receive(message),
      exit: (how: Exit) => exit(how),
      lost: () => lost,
    };
  }

  it("starts it with its configuration, and knows when it is there", async () => {
    const { link, sent, receive } = linked();
    expect(sent).toEqual([{ kind: "start", config: { threads: 2 } }]);
    receive({ kind: "started" });
    await link.started;
    expect(link.lost).toBe(false);
  });

  // Catches: an answer that is given to another call.
  it("gives each call its own answer, and none to a call that is over", async () => {
    const { link, outgoing, receive } = linked();
    const [first, second] = [link.send(outgoing()), link.send(outgoing())];
    receive({ kind: "done", id: 2, output: "two" });
    receive({ kind: "done", id: 2, output: "again" });
    receive({ kind: "done", id: 99, output: "nobody's" });
    receive({ kind: "failed", id: 1, error: { code: "FILE_DAMAGED", message: "Bad.", hint: "Save it again." } });
    expect(await second.output).toBe("two");
    await expect(first.output).rejects.toMatchObject({ code: "FILE_DAMAGED", hint: "Save it again." });
  });

  // Catches: callers that wait for ever for a thread that died.
  it.each<[string, (to: ReturnType<typeof linked>) => void, string]>([
    ["exits", ({ exit }) => exit({ code: 1 }), "ENGINE_EXITED"],
    ["is killed", ({ exit }) => exit({ code: null }), "ENGINE_EXITED"],
    ["crashes", ({ receive }) => receive({ kind: "crashed", detail: "stack" }), "ENGINE_EXITED"],
    ["exits with a reason", ({ exit }) => exit({ code: 1, error: new AppError("FILE_TOO_LARGE", "It swelled.") }), "FILE_TOO_LARGE"],
    [
      "cannot start",
      ({ receive }) => receive({ kind: "startFailed", error: { code: "ENGINE_UNAVAILABLE", message: "No." }, detail: "stack" }),
      "ENGINE_UNAVAILABLE",
    ],
  ])("rejects every call when it %s, and tells once", async (_how, end, code) => {
    const to = linked();
    const calls = [to.link.send(to.outgoing()), to.link.send(to.outgoing())];
    end(to);
    for (const { output } of calls) expect(await codeOf(output)).toBe(code);
    expect(await codeOf(to.link.started)).toBe(code);
    to.exit({ code: 0 });
    expect(to.lost()).toBe(1);
    expect(to.link.lost).toBe(true);
  });

  it("tells in its own error what is kept and what to do", async () => {
    const { link, outgoing, exit } = linked();
    const { output } = link.send(outgoing());
    exit({ code: 3 });
    await expect(output).rejects.toMatchObject({
      message: expect.stringContaining("nothing that was stored is lost"),
      hint: expect.stringContaining("Try again"),
      data: { engine: "test", exitCode: 3 },
    });
    expect(await link.ended).toEqual({ code: 3 });
  });

  // Catches: a caller's own fault at an item (a full disk, say) that ends the process, or leaves the engine computing for it.
  it("fails the call whose caller throws at an item, and stops its computation", async () => {
    const { link, outgoing, receive, sent } = linked();
    const other = link.send(outgoing());
    const { output } = link.send(
      outgoing(() => {
        throw new AppError("DISK_FULL", "No space.");
      }),
    );
    receive({ kind: "item", id: 2, item: "a" });
    receive({ kind: "item", id: 2, item: "b" });
    expect(await codeOf(output)).toBe("DISK_FULL");
    expect(sent.filter(({ kind }) => kind === "abort")).toEqual([{ kind: "abort", id: 2 }]);
    receive({ kind: "done", id: 1, output: "fine" });
    expect(await other.output).toBe("fine");
  });

  it("says nothing more of a call that is over", async () => {
    const { link, outgoing, receive, sent } = linked();
    const { output, abort, pause, resume } = link.send(outgoing());
    receive({ kind: "done", id: 1, output: 1 });
    await output;
    const before = sent.length;
    for (const tell of [abort, pause, resume]) tell();
    expect(sent).toHaveLength(before);
  });

  it("does not take nonsense for a message, nor an input that cannot be cloned for a call", async () => {
    const { link, outgoing, nonsense, receive } = linked();
    for (const one of [null, 7, "done", {}, { id: 1 }]) nonsense(one);
    expect(() => link.send({ ...outgoing(), input: () => {} })).toThrow();
    const { output } = link.send(outgoing());
    receive({ kind: "done", id: 1, output: "of the refused one" });
    receive({ kind: "done", id: 2, output: "mine" });
    expect(await output).toBe("mine");
  });

  it("logs a start, a crash and a fault with their stacks, which no caller is given", async () => {
    const { link, outgoing, receive, events } = linked();
    const { output } = link.send(outgoing());
    receive({ kind: "failed", id: 1, error: { code: "INTERNAL", message: "Something failed." }, detail: "the stack" });
    await expect(output).rejects.toMatchObject({ code: "INTERNAL", message: "Something failed." });
    receive({ kind: "crashed", detail: "the stack" });
    expect(events()).toEqual(["engine.call-failed", "engine.crashed"]);
  });
});

it.each([
  [{ kind: "started" }, true],
  [{ kind: "" }, true],
  [{ kind: 1 }, false],
  [{}, false],
  [null, false],
  ["started", false],
  [[], false],
])("%j is a message: %s", (value, expected) => expect(isMessage(value)).toBe(expected));
