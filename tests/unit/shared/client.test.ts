import { ORPCError } from "@orpc/client";
import { describe, expect, it } from "vitest";
import { createClient, isStream, type Link } from "../../../src/shared/client/create-client.ts";
import { createPeerLink } from "../../../src/shared/client/peer-link.ts";
import type { Pipe } from "../../../src/shared/client/pipe.ts";
import { portPipe } from "../../../src/shared/client/port-pipe.ts";
import { fromRpcError } from "../../../src/shared/client/rpc-error.ts";
import { acknowledgeEvery, acknowledgeType } from "../../../src/shared/client/stream-window.ts";
import { AppError, errorCodes } from "../../../src/shared/errors.ts";

describe("fromRpcError", () => {
  it.each(Object.entries(errorCodes))("keeps %s with its hint and facts", (code, { status }) => {
    const error = new ORPCError(code, { status, message: "What.", data: { hint: "Do.", data: { a: 1 } } });
    expect(fromRpcError(error)).toMatchObject({ code, message: "What.", hint: "Do.", data: { a: 1 } });
  });

  // Catches: errors of the library itself that reach the interface as faults of ours.
  it.each([
    ["BAD_REQUEST", "INVALID_INPUT"],
    ["PAYLOAD_TOO_LARGE", "INVALID_INPUT"],
    ["METHOD_NOT_SUPPORTED", "NOT_SUPPORTED"],
    ["TOO_MANY_REQUESTS", "RATE_LIMITED"],
    ["CLIENT_CLOSED_REQUEST", "ABORTED"],
    ["SOMETHING_ELSE", "INTERNAL"],
    ["constructor", "INTERNAL"],
    ["__proto__", "INTERNAL"],
    ["valueOf", "INTERNAL"],
  ])("makes %s of the library %s", (code, expected) => {
    expect(fromRpcError(new ORPCError(code, { status: 400, message: "x" })).code).toBe(expected);
  });

  // Catches: hostile details that are taken over as they are.
  it.each([null, "text", { hint: 7 }, { data: "text" }, { hint: { toString: 1 }, data: [] }])("ignores details %j", (data) => {
    expect(fromRpcError(new ORPCError("CONFLICT", { status: 409, message: "x", data }))).toMatchObject({
      hint: undefined,
      data: undefined,
    });
  });

  it("tells a server that does not answer from a fault, and keeps what is already typed", () => {
    expect(fromRpcError(new TypeError("fetch failed"))).toMatchObject({ code: "CLOSED", hint: expect.any(String) });
    expect(fromRpcError(AbortSignal.abort().reason).code).toBe("ABORTED");
    expect(fromRpcError("text").code).toBe("INTERNAL");
    const typed = new AppError("TIMEOUT", "Late.");
    expect(fromRpcError(typed)).toBe(typed);
  });
});

describe("createClient", () => {
  const linkTo = (output: () => Promise<unknown>): Link => ({ call: output });

  // Catches: an error inside a stream that reaches the consumer in the form of the library.
  it("makes errors of calls and of streams typed", async () => {
    const failing = createClient(linkTo(() => Promise.reject(new ORPCError("NOT_FOUND", { status: 404, message: "Gone." }))));
    await expect(failing.system.info({})).rejects.toBeInstanceOf(AppError);
    const streaming = createClient(
      linkTo(async () =>
        (async function* () {
          yield { type: "snapshot", seq: 0, jobs: [] };
          throw new ORPCError("CLOSED", { status: 503, message: "Over." });
        })(),
      ),
    );
    const stream = await streaming.jobs.watch({});
    expect(await stream.next()).toMatchObject({ value: { seq: 0 } });
    await expect(stream.next()).rejects.toMatchObject({ code: "CLOSED", name: "AppError" });
  });

  it.each([null, undefined, "text", [1], { next: 1 }, new Map()])("does not take %j for a stream", (value) => {
    expect(isStream(value)).toBe(false);
  });
});

/** A pipe whose other end is the test. */
function testPipe() {
  const sent: string[] = [];
  const onMessage: ((frame: unknown) => void)[] = [];
  const onClose: (() => void)[] = [];
  let closed = 0;
  const pipe: Pipe = {
    send: async (frame) => void sent.push(frame),
    onMessage: (listener) => void onMessage.push(listener),
    onClose: (listener) => void onClose.push(listener),
    close: () => {
      closed += 1;
      for (const listener of onClose) listener();
    },
  };
  const frames = () => sent.map((frame) => JSON.parse(frame) as { i: string; t?: number; p: unknown });
  return { pipe, frames, receive: (frame: unknown) => onMessage.forEach((listener) => listener(frame)), closed: () => closed };
}

const settle = (): Promise<void> => new Promise((done) => void setImmediate(done));

describe("createPeerLink", () => {
  // Catches: calls that wait for ever once core is gone.
  it("rejects calls in flight and later ones with CLOSED when the pipe closes", async () => {
    const { pipe } = testPipe();
    const client = createClient(createPeerLink(pipe));
    const inFlight = client.system.info({});
    const refused = expect(inFlight).rejects.toMatchObject({ code: "CLOSED", hint: "Connect again." });
    await settle();
    pipe.close();
    await refused;
    await expect(client.system.info({})).rejects.toMatchObject({ code: "CLOSED" });
  });

  // Catches: a broken frame of the other side that leaves the client half alive, or throws out of its listener.
  it.each([
    ["bytes", new Uint8Array(4)],
    ["no JSON", "{"],
    ["nothing", undefined],
    ["a number", 7],
  ])("closes the pipe at a frame that is %s", async (_what, frame) => {
    const { pipe, receive, closed } = testPipe();
    const client = createClient(createPeerLink(pipe));
    const refused = expect(client.system.info({})).rejects.toMatchObject({ code: "CLOSED" });
    await settle();
    receive(frame);
    await refused;
    expect(closed()).toBe(1);
  });

  // Catches: acknowledgements by what arrived instead of by what was taken: no backpressure at all.
  it("acknowledges what its consumer took, in groups, and nothing before", async () => {
    const { pipe, frames, receive } = testPipe();
    const client = createClient(createPeerLink(pipe));
    const opening = client.jobs.watch({});
    await settle();
    const id = frames()[0]?.i ?? "";
    const acknowledgements = () => frames().filter(({ t }) => t === acknowledgeType);
    receive(JSON.stringify({ i: id, p: { s: 200, h: { "content-type": "text/event-stream" } } }));
    for (let seq = 0; seq < 3 * acknowledgeEvery; seq++) {
      receive(JSON.stringify({ i: id, t: 3, p: { e: "message", d: { json: { type: "snapshot", seq, jobs: [] } } } }));
    }
    const stream = await opening;
    await settle();
    expect(acknowledgements()).toEqual([]);
    for (let taken = 1; taken < acknowledgeEvery; taken++) await stream.next();
    expect(acknowledgements()).toEqual([]);
    await stream.next();
    await settle();
    expect(acknowledgements()).toEqual([{ i: id, t: acknowledgeType, p: acknowledgeEvery }]);
    await stream.return?.(undefined);
  });
});

describe("portPipe", () => {
  function port() {
    const listeners = new Map<string, (event: { data: unknown }) => void>();
    const posted: unknown[] = [];
    return {
      posted,
      started: 0,
      closes: 0,
      on: (type: string, listener: (event: { data: unknown }) => void) => void listeners.set(type, listener),
      postMessage: (message: unknown) => void posted.push(message),
      start() {
        this.started += 1;
      },
      close() {
        this.closes += 1;
      },
      fire: (type: string, data?: unknown) => listeners.get(type)?.({ data }),
    };
  }

  // Catches: a port of Electron's main side, which has no addEventListener, that is never heard.
  it("hears a port of Electron and starts it", async () => {
    const electron = port();
    const pipe = portPipe(electron);
    const heard: unknown[] = [];
    pipe.onMessage((frame) => heard.push(frame));
    electron.fire("message", "one");
    await pipe.send("two");
    expect({ heard, posted: electron.posted, started: electron.started }).toEqual({ heard: ["one"], posted: ["two"], started: 1 });
  });

  // Catches: listeners that are told twice of one end, and frames that arrive after it.
  it("ends once, whoever ended it, and is silent afterwards", async () => {
    const electron = port();
    const pipe = portPipe(electron);
    let closed = 0;
    const heard: unknown[] = [];
    pipe.onClose(() => closed++);
    pipe.onMessage((frame) => heard.push(frame));
    pipe.close();
    electron.fire("close");
    pipe.close();
    electron.fire("message", "late");
    expect({ closed, heard }).toEqual({ closed: 1, heard: [] });
    await expect(pipe.send("x")).rejects.toMatchObject({ code: "CLOSED" });
    expect(electron.posted).toEqual([]);
  });
});
