import { EventEmitter } from "node:events";
import { MessageChannel } from "node:worker_threads";
import { os } from "@orpc/server";
import { describe, expect, it, vi } from "vitest";
import { portPipe } from "../../../src/shared/client/port-pipe.ts";
import { AppError } from "../../../src/shared/errors.ts";
import type { Host } from "../../../src/main/core/host.ts";
import { runCoreProgram } from "../../../src/main/shell/core-program.ts";
import type { CoreProgram, ParentPort } from "../../../src/main/shell/core-program.ts";
import type { FromCore, ToCore } from "../../../src/main/shell/host-messages.ts";

const paths = { profile: "/p", models: "/m", resources: "/r" };

/** Core's process without a process: a test is the shell at the other end. */
function program(create: (host: Host) => CoreProgram | Promise<CoreProgram>) {
  const port = new EventEmitter();
  const posted: FromCore[] = [];
  const own = Object.assign(new EventEmitter(), {
    pid: 1,
    exits: [] as number[],
    exit: (code: number) => void own.exits.push(code),
    kill: vi.fn(),
  });
  const parentPort: ParentPort = {
    on: (event, listener) => port.on(event, listener),
    postMessage: (message) => void posted.push(message as FromCore),
  };
  runCoreProgram(parentPort, create, own);
  const tell = (data: ToCore, ports: unknown[] = []) => port.emit("message", { data, ports });
  const until = (kind: FromCore["kind"]) => vi.waitFor(() => posted.find((message) => message.kind === kind) ?? expect.fail(`no ${kind}`));
  return { posted, tell, until, own, kinds: () => posted.map(({ kind }) => kind) };
}

const emptyCore = (close: () => Promise<void> = async () => {}): CoreProgram => ({ router: {} as never, close });

describe("core in its process", () => {
  it("says that it listens before it is told anything", () => {
    expect(program(() => emptyCore()).kinds()).toEqual(["awake"]);
  });

  it("serves a window that came before core was ready: its calls wait and are answered", async () => {
    const opened = Promise.withResolvers<CoreProgram>();
    const { tell, until } = program(() => opened.promise);
    tell({ kind: "start", offline: false, paths });
    const { port1, port2 } = new MessageChannel();
    tell({ kind: "window" }, [port2]);
    const answers: unknown[] = [];
    const pipe = portPipe(port1);
    pipe.onMessage((frame) => answers.push(JSON.parse(String(frame))));
    await pipe.send(JSON.stringify({ i: "1", p: { u: "/hello", b: { json: {} } } }));
    opened.resolve({ router: { hello: os.handler(() => "world") } as never, close: async () => {} });
    await until("ready");
    await vi.waitFor(() =>
      expect(answers).toEqual([expect.objectContaining({ i: "1", p: expect.objectContaining({ b: { json: "world" } }) })]),
    );
    pipe.close();
  });

  it("says why it cannot start, typed, and leaves", async () => {
    const { tell, until, own } = program(() => {
      throw new AppError("SCHEMA_NEWER", "This profile was written by a newer Croft.");
    });
    tell({ kind: "start", offline: false, paths });
    expect(await until("refused")).toMatchObject({ error: { code: "SCHEMA_NEWER" } });
    await vi.waitFor(() => expect(own.exits).toEqual([1]));
  });

  it("drains before it leaves when told to close", async () => {
    const drained = Promise.withResolvers<void>();
    const { tell, until, own, kinds } = program(() => emptyCore(() => drained.promise));
    tell({ kind: "start", offline: false, paths });
    await until("ready");
    tell({ kind: "close" });
    await new Promise(setImmediate);
    expect(kinds()).not.toContain("closed");
    drained.resolve();
    await until("closed");
    await vi.waitFor(() => expect(own.exits).toEqual([0]));
  });

  it.each(["uncaughtException", "unhandledRejection"] as const)(
    "drains, then leaves with an error after an %s: a utility process would only warn",
    async (event) => {
      const close = vi.fn(async () => {});
      const { tell, until, own, posted } = program(() => emptyCore(close));
      tell({ kind: "start", offline: false, paths });
      await until("ready");
      own.emit(event, new Error("broken"));
      await vi.waitFor(() => expect(own.exits).toEqual([1]));
      expect(close).toHaveBeenCalledOnce();
      expect(posted).toContainEqual({
        kind: "log",
        record: expect.objectContaining({ level: "error", error: expect.objectContaining({ message: "broken" }) }),
      });
    },
  );

  it("outlives an interrupt from the terminal, which goes to every process of the group", async () => {
    const { own } = program(() => emptyCore());
    expect(own.listenerCount("SIGINT")).toBe(1);
  });

  it("answers bytes, says in its own words what it cannot give, and drops what nobody waits for", async () => {
    const dropped = Promise.withResolvers<void>();
    const { tell, until, posted } = program(() => ({
      ...emptyCore(),
      serveBytes: async ({ url, signal }) => {
        if (url.endsWith("gone")) throw new AppError("NOT_FOUND", "There is no such document.");
        if (url.endsWith("broken")) throw new Error("/home/somebody");
        if (url.endsWith("slow")) await new Promise((_, reject) => signal.addEventListener("abort", () => (dropped.resolve(), reject())));
        return new Response(new Uint8Array([url.length]), { headers: { "content-type": "image/png" } });
      },
    }));
    tell({ kind: "start", offline: false, paths });
    await until("ready");
    for (const [id, path] of ["pages", "gone", "broken", "slow"].entries())
      tell({ kind: "bytes", id, request: { method: "GET", path, range: undefined } });
    tell({ kind: "bytes.drop", id: 3 });
    await dropped.promise;
    const answers = () => posted.flatMap((message) => (message.kind === "bytes" ? [message] : [])).toSorted((a, b) => a.id - b.id);
    await vi.waitFor(() => expect(answers()).toHaveLength(3));
    expect(answers().map(({ id, status }) => [id, status])).toEqual([
      [0, 200],
      [1, 404],
      [2, 500],
    ]);
    const texts = answers().map(({ body }) => new TextDecoder().decode(body));
    expect(texts[1]).toContain("NOT_FOUND");
    expect(texts[2]).not.toContain("somebody");
  });
});

describe("the host that core sees", () => {
  async function host() {
    const given = Promise.withResolvers<Host>();
    const run = program((made) => (given.resolve(made), emptyCore()));
    run.tell({ kind: "start", offline: false, paths });
    return { ...run, host: await given.promise };
  }

  it("is where the shell said", async () => {
    const { host: given } = await host();
    expect(given).toMatchObject({ kind: "electron", paths });
    expect(given).not.toHaveProperty("offline");
    const run = program((made) => (expect(made.offline).toBe(true), emptyCore()));
    run.tell({ kind: "start", offline: true, paths });
    await run.until("ready");
  });

  it("asks the shell for secrets and gets each answer, in any order", async () => {
    const { host: given, tell, posted } = await host();
    const [first, second] = [given.secrets.get("a"), given.secrets.get("b")];
    const calls = posted.filter((message) => message.kind === "call");
    expect(calls.map(({ name, input }) => [name, input])).toEqual([
      ["secrets.get", { name: "a" }],
      ["secrets.get", { name: "b" }],
    ]);
    tell({ kind: "reply", id: calls[1]?.id ?? 0, output: "B" });
    tell({ kind: "replyFailed", id: calls[0]?.id ?? 0, error: { code: "INTERNAL", message: "no key store" } });
    expect(await second).toBe("B");
    await expect(first).rejects.toMatchObject({ code: "INTERNAL", message: "no key store" });
  });

  it("starts children and hears them", async () => {
    const { host: given, tell, posted } = await host();
    const child = given.startChild({ entry: "probe", name: "probe" });
    const heard: unknown[] = [];
    child.onMessage((message) => heard.push(message));
    child.onExit((code) => heard.push({ code }));
    child.post({ ask: 1 });
    expect(child.pid).toBeUndefined();
    tell({ kind: "child.started", child: 1, pid: 4711 });
    tell({ kind: "child.message", child: 1, message: { answer: 1 } });
    tell({ kind: "child.message", child: 2, message: "for nobody" });
    tell({ kind: "child.exit", child: 1, code: null });
    expect(child.pid).toBe(4711);
    expect(heard).toEqual([{ answer: 1 }, { code: null }]);
    expect(posted.filter(({ kind }) => kind.startsWith("child."))).toEqual([
      { kind: "child.start", child: 1, spec: { entry: "probe", name: "probe" } },
      { kind: "child.post", child: 1, message: { ask: 1 } },
    ]);
  });
});
