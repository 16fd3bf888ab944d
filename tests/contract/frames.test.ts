import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { acknowledgeType, streamWindow } from "../../src/shared/client/stream-window.ts";
import { createClient } from "../../src/shared/client/create-client.ts";
import { createPeerLink } from "../../src/shared/client/peer-link.ts";
import { createTestContext, createTestRouter } from "../helpers/test-router.ts";
import { pipes, type TestPipe } from "../helpers/transports.ts";

const call = (id: string, path: string, json: unknown = {}): string => JSON.stringify({ i: id, p: { u: path, b: { json } } });
const deep = 200_000;

/** Frames that are none. Each has to end its own connection, and nothing else. */
const badFrames: [string, string][] = [
  ["nothing", ""],
  ["random bytes as text", randomBytes(500).toString("latin1")],
  ["cut off JSON", call("1", "/system/info").slice(0, -4)],
  ["a number", "42"],
  ["null", "null"],
  ["an array", "[]"],
  ["no id", JSON.stringify({ p: { u: "/system/info" } })],
  ["an id that is no text", JSON.stringify({ i: 7, p: { u: "/system/info" } })],
  ["a huge id", JSON.stringify({ i: "x".repeat(1000), p: { u: "/system/info" } })],
  ["no payload", JSON.stringify({ i: "1" })],
  ["an address of another host", JSON.stringify({ i: "1", p: { u: "http://example.org/" } })],
  ["a path upwards", JSON.stringify({ i: "1", p: { u: "/../../etc/passwd" } })],
  ["an unknown type", JSON.stringify({ i: "1", t: 9, p: null })],
  ["a response", JSON.stringify({ i: "1", t: 2, p: { s: 200, b: {} } })],
  ["an item of a stream that nobody reads", JSON.stringify({ i: "77", t: 3, p: { e: "message", d: { json: 1 } } })],
  ["a call whose body is a stream", JSON.stringify({ i: "1", p: { u: "/system/info", h: { "content-type": "text/event-stream" } } })],
  ["a call whose body is a file", JSON.stringify({ i: "1", p: { u: "/system/info", h: { "content-disposition": "attachment" } } })],
  ["a GET", JSON.stringify({ i: "1", p: { u: "/system/info", m: "GET" } })],
  ["a negative acknowledgement", JSON.stringify({ i: "1", t: acknowledgeType, p: -1 })],
  ["a giant frame", call("1", "/system/info", "x".repeat(9 * 2 ** 20))],
  ["deep nesting in an unknown place", `{"i":"1","p":{"u":"/system/info","b":{"json":1,"meta":${"[".repeat(deep)}${"]".repeat(deep)}}}}`],
];

describe.each(Object.keys(pipes) as (keyof typeof pipes)[])("frames over %s", (name) => {
  const open: TestPipe[] = [];
  afterEach(async () => {
    for (const pipe of open.splice(0)) await pipe.close();
  });

  async function connect(handlers: Parameters<typeof createTestRouter>[0] = {}, limits = {}) {
    const { context, records } = createTestContext();
    const served = { router: createTestRouter(handlers), context, limits };
    const connection = await pipes[name](served);
    open.push(connection);
    return { ...connection, records, served };
  }

  // Catches: a frame that kills the process (as oRPC's own port adapter lets it), or is silently ignored.
  it.each(badFrames)("closes the connection at %s, and only that one", async (_what, frame) => {
    const bad = await connect();
    const good = await connect();
    await bad.pipe.send(frame);
    await bad.closed;
    const client = createClient(createPeerLink(good.pipe));
    await expect(client.system.info({})).resolves.toMatchObject({ version: "a" });
  });

  // Catches: a body that breaks the decoder ends the connection or has no code; a route that is none is never answered.
  it.each([
    ["a body with broken types", { json: { a: 1 }, meta: [[1, "missing", "__proto__"]] }, "/system/info", "INVALID_INPUT"],
    ["a body with a broken date", { json: 7, meta: [[1]] }, "/system/info", "INVALID_INPUT"],
    ["deep nesting in the input", { json: JSON.parse(`${"[".repeat(1000)}${"]".repeat(1000)}`) }, "/system/info", "INVALID_INPUT"],
    ["an unknown route", { json: {} }, "/system/nothing", "NOT_FOUND"],
    ["a route of the prototype", { json: {} }, "/__proto__/constructor", "NOT_FOUND"],
  ])("answers %s with a code", async (_what, body, path, code) => {
    const { pipe } = await connect();
    const answer = new Promise((done) => pipe.onMessage(done));
    await pipe.send(JSON.stringify({ i: "1", p: { u: path, b: body } }));
    expect(JSON.parse(String(await answer))).toMatchObject({ i: "1", p: { b: { json: { code } } } });
  });

  // Catches: two calls that get each other's answers.
  it("closes the connection when the id of a call in flight is used again", async () => {
    const { pipe, closed } = await connect({
      "system.info": ({ signal }) => new Promise((_done, failed) => signal?.addEventListener("abort", failed)),
    });
    await pipe.send(call("1", "/system/info"));
    await pipe.send(call("1", "/system/info"));
    await closed;
  });

  // Catches: work that goes on for a window that is gone.
  it("aborts the handler of a stream when the connection closes", async () => {
    const aborted = Promise.withResolvers<void>();
    const { pipe } = await connect({
      "jobs.watch": async function* ({ signal }) {
        yield { type: "snapshot", seq: 0, jobs: [] };
        await new Promise<void>((done) => signal?.addEventListener("abort", () => done()));
        aborted.resolve();
      },
    });
    const first = new Promise((done) => pipe.onMessage(done));
    await pipe.send(call("1", "/jobs/watch"));
    await first;
    pipe.close();
    await aborted.promise;
  });

  // Catches: a stop button that does not reach the token loop.
  it("aborts the handler when the client closes the stream, and keeps the connection", async () => {
    const aborted = Promise.withResolvers<void>();
    const { pipe } = await connect({
      "jobs.watch": async function* ({ signal }) {
        signal?.addEventListener("abort", () => aborted.resolve());
        for (let seq = 0; ; seq++) yield { type: "snapshot", seq, jobs: [] };
      },
    });
    const client = createClient(createPeerLink(pipe));
    for await (const item of await client.jobs.watch({})) if (item.seq > 100) break;
    await aborted.promise;
    await expect(client.system.info({})).resolves.toBeDefined();
  });

  // Catches: queues that grow for a reader that does not read. The handler could yield for ever; it must be stopped.
  it("stops a stream whose items nobody takes, and goes on when they are", async () => {
    let yielded = 0;
    const { pipe } = await connect({
      "jobs.watch": async function* () {
        for (;;) yield { type: "snapshot", seq: yielded++, jobs: [] };
      },
    });
    const client = createClient(createPeerLink(pipe));
    const stream = await client.jobs.watch({});
    await stream.next();
    // Whatever was to be sent without an acknowledgement is sent before these calls are answered.
    for (let turn = 0; turn < 20; turn++) await client.system.info({});
    expect(yielded).toBeLessThanOrEqual(streamWindow + 2);
    const before = yielded;
    for (let taken = 0; taken < 500; taken++) await stream.next();
    expect(yielded).toBeGreaterThan(before + 400);
    expect(yielded).toBeLessThanOrEqual(501 + streamWindow + 2);
    await stream.return?.(undefined);
  });

  // Catches: credit made up by a client that wants an endless queue.
  it("closes the connection when more is acknowledged than was sent", async () => {
    const { pipe, closed } = await connect({
      "jobs.watch": async function* ({ signal }) {
        yield { type: "snapshot", seq: 0, jobs: [] };
        await new Promise<void>((done) => signal?.addEventListener("abort", () => done()));
      },
    });
    let frames = 0;
    const started = new Promise<void>((done) => pipe.onMessage(() => ++frames === 2 && done()));
    await pipe.send(call("1", "/jobs/watch"));
    await started;
    await pipe.send(JSON.stringify({ i: "1", t: acknowledgeType, p: 1000 }));
    await closed;
  });

  // Catches: one client that starves all others, or is cut off instead of told.
  it("answers calls over the limits with RATE_LIMITED", async () => {
    const { pipe } = await connect(
      { "system.info": ({ signal }) => new Promise((_done, failed) => signal?.addEventListener("abort", failed)) },
      { callsInFlight: 2 },
    );
    const client = createClient(createPeerLink(pipe));
    const waiting = [client.system.info({}), client.system.info({})].map((pending) => pending.catch((error: unknown) => error));
    await expect(client.system.doctor({})).rejects.toMatchObject({ code: "RATE_LIMITED" });
    pipe.close();
    await Promise.all(waiting);
  });

  // Catches: an error inside a stream that arrives without its code, or with the stack of the server.
  it("carries the error of a stream with its code, and hides unknown ones", async () => {
    const { pipe, records } = await connect({
      "jobs.watch": async function* () {
        yield { type: "snapshot", seq: 0, jobs: [] };
        throw new Error("secret detail");
      },
    });
    const client = createClient(createPeerLink(pipe));
    const stream = await client.jobs.watch({});
    await stream.next();
    await expect(stream.next()).rejects.toMatchObject({ code: "INTERNAL", message: expect.not.stringContaining("secret") });
    expect(records.some(({ event }) => event === "route.failed")).toBe(true);
  });
});
