import { EventEmitter, once } from "node:events";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { WebSocket } from "ws";
import { createStaticFiles } from "../../../src/main/transport/http/static-files.ts";
import { decodeFrame } from "../../../src/main/transport/frames.ts";
import { connectLocalSocket, serveLocalSocket, socketAddress } from "../../../src/main/transport/local-socket.ts";
import { createMemoryClient } from "../../../src/main/transport/memory-client.ts";
import { serveConnection } from "../../../src/main/transport/serve-connection.ts";
import { wsPipe } from "../../../src/main/transport/websocket-pipe.ts";
import type { Pipe } from "../../../src/shared/client/pipe.ts";
import { acknowledgeType, streamWindow } from "../../../src/shared/client/stream-window.ts";
import { temporaryFolder } from "../../helpers/profile.ts";
import { createTestContext, createTestRouter, type TestHandler } from "../../helpers/test-router.ts";
import { callByName } from "../../helpers/transports.ts";

const posix = process.platform !== "win32";

/** A served connection whose other end is the test, without any socket. */
function connected(handlers: Record<string, TestHandler>, limits = {}, send: (frame: string) => Promise<void> = async () => {}) {
  const sent: { i: string; t?: number; p: Record<string, unknown> }[] = [];
  const receivers: ((frame: unknown) => void)[] = [];
  const closers: (() => void)[] = [];
  let closed = 0;
  const pipe: Pipe = {
    send: async (frame) => {
      sent.push(JSON.parse(frame) as (typeof sent)[number]);
      await send(frame);
    },
    onMessage: (listener) => void receivers.push(listener),
    onClose: (listener) => void closers.push(listener),
    close: () => {
      closed += 1;
      for (const listener of closers) listener();
    },
  };
  const { context, records } = createTestContext();
  const connection = serveConnection(pipe, { router: createTestRouter(handlers), context, limits });
  const receive = (frame: unknown): void =>
    receivers.forEach((listener) => listener(typeof frame === "string" ? frame : JSON.stringify(frame)));
  const call = (id: string, path: string) => receive({ i: id, p: { u: path, b: { json: {} } } });
  return { sent, receive, call, connection, records, closed: () => closed, hangUp: () => closers.forEach((listener) => listener()) };
}
const until = async (met: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 2000 && !met(); turn++) await new Promise((done) => void setImmediate(done));
  expect(met()).toBe(true);
};
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((done) => void setImmediate(done));
};
const endless: TestHandler = async function* () {
  for (let seq = 0; ; seq++) yield { type: "snapshot", seq, jobs: [] };
};

describe("serveConnection with a slow reader", () => {
  const items = (sent: ReturnType<typeof connected>["sent"], id: string) => sent.filter((frame) => frame.i === id && frame.t === 3).length;

  // Catches: a window that is not the agreed one, credit given twice for one acknowledgement, or one reader that stops another.
  it("sends each stream a window, then exactly what is acknowledged", async () => {
    const { sent, call, receive, connection } = connected({ "jobs.watch": endless });
    call("slow", "/jobs/watch");
    call("other", "/jobs/watch");
    await until(() => items(sent, "slow") === streamWindow && items(sent, "other") === streamWindow);
    await turns(20);
    expect([items(sent, "slow"), items(sent, "other")]).toEqual([streamWindow, streamWindow]);
    receive({ i: "other", t: acknowledgeType, p: 5 });
    await until(() => items(sent, "other") === streamWindow + 5);
    await turns(20);
    expect([items(sent, "slow"), items(sent, "other")]).toEqual([streamWindow, streamWindow + 5]);
    connection.close();
  });

  // Catches: plain calls that wait behind a stream nobody reads.
  it("answers calls beside a stream that stands still", async () => {
    const { sent, call, connection } = connected({ "jobs.watch": endless });
    call("stream", "/jobs/watch");
    await until(() => items(sent, "stream") === streamWindow);
    call("call", "/system/info");
    await until(() => sent.some(({ i }) => i === "call"));
    connection.close();
  });

  // Catches: a handler that waits for credit for ever after its reader left.
  it.each(["abort", "hang up"])("lets the handler end at the reader's %s", async (how) => {
    const ended = Promise.withResolvers<void>();
    const { sent, call, receive, hangUp, connection } = connected({
      "jobs.watch": async function* () {
        try {
          for (let seq = 0; ; seq++) yield { type: "snapshot", seq, jobs: [] };
        } finally {
          ended.resolve();
        }
      },
    });
    call("s", "/jobs/watch");
    await until(() => items(sent, "s") === streamWindow);
    if (how === "abort") receive({ i: "s", t: 4, p: null });
    else hangUp();
    await ended.promise;
    await until(() => connection.callsInFlight === 0);
    const before = sent.length;
    await turns(20);
    expect(items(sent.slice(before), "s")).toBe(0);
  });
});

describe("serveConnection", () => {
  // Catches: an acknowledgement or abort of a call that has just ended, taken for an attack.
  it("ignores what comes late for calls that are over", async () => {
    const { sent, call, receive, closed } = connected({});
    call("a", "/system/info");
    await until(() => sent.length === 1);
    receive({ i: "a", t: acknowledgeType, p: 3 });
    receive({ i: "a", t: 4 });
    call("a", "/system/info");
    await until(() => sent.length === 2);
    expect(closed()).toBe(0);
  });

  // Catches: answers to refused calls that are counted as calls in flight, until nothing is answered any more.
  it("frees its places again", async () => {
    const gate = Promise.withResolvers<void>();
    const { sent, call, connection } = connected({ "system.doctor": async () => (await gate.promise, []) }, { callsInFlight: 1 });
    call("1", "/system/doctor");
    for (const id of ["2", "3"]) call(id, "/system/info");
    await until(() => sent.length === 2);
    for (const { p } of sent) expect(p).toMatchObject({ b: { json: { code: "RATE_LIMITED" } } });
    gate.resolve();
    await until(() => connection.callsInFlight === 0);
    call("4", "/system/info");
    await until(() => sent.length === 4);
    expect(sent[3]?.p).not.toMatchObject({ b: { json: { code: "RATE_LIMITED" } } });
  });

  // Catches: a pipe that breaks under an answer and takes the process with it as an unhandled rejection.
  it("survives a pipe that cannot be written to", async () => {
    const { sent, call, connection } = connected({}, {}, () => Promise.reject(new Error("EPIPE")));
    call("1", "/system/info");
    await until(() => sent.length === 1 && connection.callsInFlight === 0);
  });

  it("hears nothing after it was closed, and says why it refused", async () => {
    const { sent, call, receive, records, closed } = connected({});
    receive("{");
    receive("{");
    call("1", "/system/info");
    await turns(20);
    expect({ sent, closed: closed() }).toEqual({ sent: [], closed: 1 });
    expect(records).toEqual([expect.objectContaining({ level: "warn", event: "connection.refused" })]);
  });
});

describe("decodeFrame", () => {
  it("takes frames as long as the limit, and none longer", () => {
    const frame = JSON.stringify({ i: "1", t: 4 });
    expect(decodeFrame(frame, frame.length)).toEqual({ type: "abort", id: "1" });
    expect(() => decodeFrame(frame, frame.length - 1)).toThrow(RangeError);
  });

  // Catches: paths that reach further than a route, and fields with no meaning that are passed on.
  it.each([
    { i: "1", p: { u: "/a/../b" } },
    { i: "1", p: { u: "/a//b" } },
    { i: "1", p: { u: "/a?b=c" } },
    { i: "1", p: { u: "//host/a" } },
    { i: "1", p: { u: `/${"a/".repeat(20)}a` } },
    { i: "1", p: { u: "/a", b: { json: 1, more: 2 } } },
    { i: "1", p: { u: "/a" }, t: 1 },
    { i: "", p: { u: "/a" } },
    { i: "1", t: acknowledgeType, p: 1.5 },
    { i: "1", t: acknowledgeType, p: 0 },
    { i: "1", t: acknowledgeType },
    { i: "1", t: 4, p: {} },
  ])("refuses %j", (frame) => {
    expect(() => decodeFrame(JSON.stringify(frame), 1e6)).toThrow();
  });
});

describe("createMemoryClient", () => {
  const client = createMemoryClient(createTestRouter({}), createTestContext().context);

  // Catches: names of the prototype that are called as routes.
  it.each([
    ["system", "nothing"],
    ["nothing", "info"],
    ["system", "constructor"],
  ] as [string, string][])("knows no route %s.%s", async (...path) => {
    await expect(callByName(client, path, {})).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("wsPipe", () => {
  afterEach(() => void vi.useRealTimers());

  function socket(bufferedAmount = 0, failure?: Error) {
    const calls: string[] = [];
    const fake = Object.assign(new EventEmitter(), {
      bufferedAmount,
      send: (_frame: string, done: (error?: Error) => void) => done(failure),
      terminate: () => void calls.push("terminate"),
      close: (code: number) => void calls.push(`close ${code}`),
    });
    return { fake, calls, pipe: wsPipe(fake as unknown as WebSocket) };
  }

  // Catches: an error event without a listener, which ends the whole process.
  it("cuts a socket off that reports an error", () => {
    const { fake, calls } = socket();
    fake.emit("error", new Error("invalid UTF-8"));
    expect(calls).toEqual(["terminate"]);
  });

  it("cuts off a reader for whom too much waits", async () => {
    const patient = socket(64 * 2 ** 20);
    await patient.pipe.send("x");
    expect(patient.calls).toEqual([]);
    const stuck = socket(64 * 2 ** 20 + 1);
    await stuck.pipe.send("x");
    expect(stuck.calls).toEqual(["terminate"]);
  });

  it("rejects what was not sent with CLOSED", async () => {
    await expect(socket(0, new Error("EPIPE")).pipe.send("x")).rejects.toMatchObject({ code: "CLOSED" });
  });

  // Catches: a peer that never answers the closing handshake and keeps the server from ending.
  it("closes politely, then cuts off", () => {
    vi.useFakeTimers();
    const { pipe, calls } = socket();
    pipe.close();
    expect(calls).toEqual(["close 1000"]);
    vi.advanceTimersByTime(1000);
    expect(calls).toEqual(["close 1000", "terminate"]);
  });

  it("hands bytes on as bytes, which no decoder takes for text", () => {
    const { fake, pipe } = socket();
    const heard: unknown[] = [];
    pipe.onMessage((frame) => heard.push(frame));
    fake.emit("message", Buffer.from("text"), false);
    fake.emit("message", Buffer.from("bytes"), true);
    expect(heard).toEqual(["text", Buffer.from("bytes")]);
  });
});

describe.skipIf(!posix)("the local socket", () => {
  // Catches: an address that is too long for the system, two profiles on one socket, one profile on two.
  it("has one address a profile, short enough for every system", () => {
    const deep = join("/", "folder/".repeat(40));
    expect(socketAddress("/a")).toBe("/a/croft.sock");
    for (const profile of ["/a", deep, join("/", "ü".repeat(60))]) expect(Buffer.byteLength(socketAddress(profile))).toBeLessThan(104);
    expect(dirname(dirname(socketAddress(deep)))).toBe(tmpdir());
    expect(socketAddress(deep)).not.toBe(socketAddress(`${deep}x`));
    expect(socketAddress(relative(process.cwd(), "/tmp/p"))).toBe(socketAddress("/tmp/p"));
  });

  // Catches: a socket that other users of the machine may open; a file that stays when it is closed.
  it("is for this user alone, replaces what is left over, and is gone afterwards", async () => {
    const profile = temporaryFolder();
    writeFileSync(join(profile, "croft.sock"), "left over");
    const { context } = createTestContext();
    const served = await serveLocalSocket({ profile, router: createTestRouter({}), context });
    expect(statSync(served.address).mode & 0o777).toBe(0o600);
    const changes: number[] = [];
    served.onChange(() => changes.push(served.connections));
    const pipe = await connectLocalSocket(profile);
    await until(() => changes.includes(1));
    pipe?.close();
    await served.close();
    expect(existsSync(served.address)).toBe(false);
    expect(await connectLocalSocket(profile)).toBeUndefined();
  });

  // Catches: a command that hangs at, or trusts, a program that is no Croft.
  it("takes no other program for Croft", async () => {
    const profile = temporaryFolder();
    const other = createServer((socket) => void socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    other.listen(socketAddress(profile));
    await once(other, "listening");
    onTestFinished(() => void other.close());
    expect(await connectLocalSocket(profile)).toBeUndefined();
  });
});

describe("createStaticFiles", () => {
  async function files() {
    const outside = temporaryFolder();
    writeFileSync(join(outside, "outside.js"), "secret");
    const folder = join(outside, "renderer");
    mkdirSync(folder);
    mkdirSync(join(folder, "assets"));
    for (const name of ["index.html", "assets/a-1.js", "assets/a-1.js.map", "icon.svg", "data.xyz"])
      writeFileSync(join(folder, name), name);
    return createStaticFiles(folder);
  }

  it.each([
    ["/", "text/html; charset=utf-8", "no-store"],
    ["/documents/7", "text/html; charset=utf-8", "no-store"],
    ["/assets/a-1.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"],
    ["/icon.svg", "image/svg+xml", "no-cache"],
    ["/data.xyz", "application/octet-stream", "no-cache"],
  ])("serves %s as %s, %s", async (path, type, cache) => {
    const response = await (await files())(path);
    expect(response?.status).toBe(200);
    expect(Object.fromEntries(response?.headers ?? [])).toMatchObject({ "content-type": type, "cache-control": cache });
  });

  // Catches: files of the disk served by a path upwards, sources served by their maps.
  it.each([
    "/../outside.js",
    "/assets/../../outside.js",
    "//etc/passwd.js",
    "/assets/a-1.js.map",
    "/missing.js",
    "assets/a-1.js",
    "/__proto__.js",
  ])("does not serve %s", async (path) => expect(await (await files())(path)).toBeUndefined());

  it("says so when the interface is not built", async () => {
    const response = await (await createStaticFiles("/nonexistent"))("/");
    expect(response?.status).toBe(503);
    expect(await response?.text()).toContain("not built");
  });
});
