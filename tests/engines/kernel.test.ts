import { afterEach, describe, expect, it } from "vitest";
import { createArbiter } from "../../src/main/engines/arbiter.ts";
import type { EngineState } from "../../src/main/engines/engine.ts";
import { createEngineHost } from "../../src/main/engines/engine-host.ts";
import type { EngineHostOptions } from "../../src/main/engines/engine-host.ts";
import { childSpawner } from "../../src/main/engines/spawn-child.ts";
import { localSpawner } from "../../src/main/engines/spawn-local.ts";
import { threadSpawner } from "../../src/main/engines/spawn-thread.ts";
import { codeOf, firstItem, forkChild, recordingLog, untilState } from "../helpers/engine-hosts.ts";
import { createKernelEngine } from "../helpers/kernel-engine.ts";
import type { KernelConfig, KernelProtocol } from "../helpers/kernel-engine.ts";

const workerUrl = new URL("../helpers/kernel-worker.ts", import.meta.url);
const spawners = {
  thread: threadSpawner(workerUrl),
  child: childSpawner(forkChild(workerUrl), { entry: "kernel", name: "kernel" }),
  local: localSpawner(createKernelEngine),
};
type Options = Partial<EngineHostOptions<KernelConfig, KernelProtocol>>;

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((host) => host.close()));
});

function open(kind: keyof typeof spawners, options: Options = {}) {
  const recording = recordingLog();
  const host = createEngineHost<KernelConfig, KernelProtocol>({
    name: "kernel",
    config: {},
    spawn: spawners[kind],
    arbiter: createArbiter({ cores: 2 }),
    threads: {},
    idleMs: 60_000,
    log: recording.log,
    now: () => performance.now(),
    ...options,
  });
  opened.push(host);
  return { host, ...recording };
}

describe.each(["thread", "child", "local"] as const)("an engine as %s", (kind) => {
  it("starts with the first call and reports every state (a call on a stopped engine would hang)", async () => {
    const { host } = open(kind);
    const states: EngineState[] = [];
    host.onState((state) => states.push(state));
    expect(host.state).toBe("stopped");
    expect(await host.call("echo", { text: "ä", list: [1, null] })).toEqual({ text: "ä", list: [1, null] });
    await host.stop();
    expect(states).toEqual(["starting", "ready", "busy", "ready", "stopping", "stopped"]);
    expect(host.generation).toBe(1);
  });

  it("starts once for calls made together (two threads would load two models)", async () => {
    const { host } = open(kind);
    expect(await Promise.all([1, 2, 3].map((value) => host.call("echo", value)))).toEqual([1, 2, 3]);
    expect(host.generation).toBe(1);
  });

  it("delivers the items of a stream in order and before the output", async () => {
    const { host } = open(kind);
    const seen: unknown[] = [];
    seen.push(await host.call("count", 5, { onItem: (item) => seen.push(item) }));
    expect(seen).toEqual([0, 1, 2, 3, 4, "counted"]);
  });

  it("carries typed arrays unchanged (a plain-object copy of a vector would pass as an object)", async () => {
    const { host } = open(kind);
    const floats = await host.call("floats", 4);
    expect(floats).toBeInstanceOf(Float32Array);
    expect([...floats]).toEqual([0, 1, 2, 3]);
  });

  it("carries typed errors with hint and data, and hides unknown ones", async () => {
    const { host, records } = open(kind);
    await expect(host.call("fail", "typed")).rejects.toMatchObject({ code: "FILE_DAMAGED", hint: "Mend it.", data: { page: 3 } });
    const unknown = await host.call("fail", "unknown").catch((error: unknown) => error);
    expect(unknown).toMatchObject({ code: "INTERNAL" });
    expect(String(unknown)).not.toContain("secret detail");
    expect(records.find((record) => record.event === "engine.call-failed")?.["detail"]).toContain("secret detail");
  });

  it("settles an aborted call at once and makes the next wait until its computation ended", async () => {
    const { host } = open(kind);
    const { onItem, seen } = firstItem<string>();
    const controller = new AbortController();
    const call = host.call("endless", "first", { signal: controller.signal, onItem });
    await seen;
    controller.abort();
    expect(await codeOf(call)).toBe("ABORTED");
    expect(await host.call("trace", null)).toEqual(["first ended"]);
  });

  it("does not start for a call that is aborted already", async () => {
    const { host } = open(kind);
    expect(await codeOf(host.call("echo", 1, { signal: AbortSignal.abort() }))).toBe("ABORTED");
    expect(host.generation).toBe(0);
  });

  it("runs calls side by side (a long background call would block a query)", async () => {
    const { host } = open(kind);
    const controller = new AbortController();
    const { onItem, seen } = firstItem<string>();
    const long = host.call("endless", "long", { signal: controller.signal, onItem, priority: "background" });
    await seen;
    expect(await host.call("echo", "short")).toBe("short");
    controller.abort();
    await codeOf(long);
  });

  it("holds a background call at its checkpoint while an interactive one has the cores", async () => {
    const { host } = open(kind, { arbiter: createArbiter({ cores: 1 }), threads: { trace: 0 } });
    const controller = new AbortController();
    const { onItem, seen } = firstItem<number>();
    const background = host.call(
      "steps",
      { name: "background", count: 1_000_000 },
      { signal: controller.signal, priority: "background", onItem },
    );
    await seen;
    await host.call("steps", { name: "interactive", count: 10 });
    controller.abort();
    await codeOf(background);
    const trace = await host.call("trace", null);
    const from = trace.indexOf("interactive");
    expect(trace.slice(from, from + 10)).toEqual(Array.from({ length: 10 }, () => "interactive"));
  });

  it("lets an interactive call in that comes right behind a background one (its wish to pause was lost)", async () => {
    const { host } = open(kind, { arbiter: createArbiter({ cores: 1 }) });
    await host.call("echo", 1);
    const controller = new AbortController();
    const background = host.call("endless", "background", { signal: controller.signal, priority: "background" });
    expect(await host.call("echo", "interactive")).toBe("interactive");
    controller.abort();
    expect(await codeOf(background)).toBe("ABORTED");
  });

  it("stops after idling and starts anew with the next call", async () => {
    const { host } = open(kind, { idleMs: 10 });
    await host.call("echo", 1);
    await untilState(host, "stopped");
    expect(await host.call("echo", 2)).toBe(2);
    expect(host.generation).toBe(2);
  });

  it("lets a call in flight finish before it stops, and serves calls made meanwhile from a new generation", async () => {
    const { host } = open(kind);
    const { onItem, seen } = firstItem<number>();
    const counting = host.call("count", 200, { onItem });
    await seen;
    const stopped = host.stop();
    const later = host.call("echo", "later");
    expect(await counting).toBe("counted");
    await stopped;
    expect(await later).toBe("later");
    expect(host.generation).toBe(2);
  });

  it("close aborts what runs, ends the thread and refuses further calls", async () => {
    const { host } = open(kind);
    const { onItem, seen } = firstItem<string>();
    const call = host.call("endless", "running", { onItem });
    await seen;
    const [code] = await Promise.all([codeOf(call), host.close()]);
    expect(code).toBe("CLOSED");
    expect(host.state).toBe("stopped");
    expect(await codeOf(host.call("echo", 1))).toBe("CLOSED");
  });

  it("rejects an input that cannot be cloned and goes on (its cores would stay taken)", async () => {
    const arbiter = createArbiter({ cores: 1 });
    const { host } = open(kind, { arbiter });
    await expect(host.call("echo", () => 1)).rejects.toThrow();
    expect(await host.call("echo", 1)).toBe(1);
    expect(arbiter.free).toBe(1);
  });

  it("opens the breaker after three failed starts and half-opens after the cool-down", async () => {
    let clock = 0;
    const config: KernelConfig = { failStart: true };
    const { host } = open(kind, { config, now: () => clock, coolDownMs: 1_000 });
    await expect(host.call("echo", 1)).rejects.toMatchObject({ code: "MODEL_MISSING", hint: "Put one there." });
    expect(host.state).toBe("failed");
    expect(await codeOf(host.call("echo", 1))).toBe("MODEL_MISSING");
    expect(await codeOf(host.call("echo", 1))).toBe("ENGINE_UNAVAILABLE");
    expect(host.generation).toBe(3);
    config.failStart = false;
    await expect(host.call("echo", 1)).rejects.toMatchObject({ code: "ENGINE_UNAVAILABLE", hint: expect.stringContaining("try again") });
    expect(host.generation).toBe(3);
    clock = 1_000;
    expect(await host.call("echo", 1)).toBe(1);
    expect(host.state).toBe("ready");
  });
});

describe.each(["thread", "child"] as const)("an engine as %s that fails", (kind) => {
  it.each(["crash", "exit"] as const)("rejects calls in flight when it dies by %s, and starts anew", async (how) => {
    const { host } = open(kind);
    const { onItem, seen } = firstItem<string>();
    const other = host.call("endless", "other", { onItem });
    await seen;
    expect(await Promise.all([codeOf(other), codeOf(host.call(how, null))])).toEqual(["ENGINE_EXITED", "ENGINE_EXITED"]);
    expect(await host.call("echo", "again")).toBe("again");
    expect(host.generation).toBe(2);
  });

  it("frees its cores when it dies (the arbiter would be short of them for ever)", async () => {
    const arbiter = createArbiter({ cores: 2 });
    const { host } = open(kind, { arbiter, threads: { exit: 2 } });
    await codeOf(host.call("exit", null));
    expect(arbiter.free).toBe(2);
  });
});

describe("what overstays its deadline", () => {
  it("a thread is left to finish, logged, and never doubled", async () => {
    const disposeGate = new Int32Array(new SharedArrayBuffer(4));
    const { host, events } = open("thread", { config: { disposeGate }, endDeadlineMs: 50 });
    await host.call("echo", 1);
    await host.stop();
    expect(host.state).toBe("stopping");
    expect(events()).toContain("engine.overdue");
    expect(await codeOf(host.call("echo", 2))).toBe("ENGINE_UNAVAILABLE");
    expect(host.generation).toBe(1);
    Atomics.store(disposeGate, 0, 1);
    await untilState(host, "stopped");
    expect(await host.call("echo", 3)).toBe(3);
    expect(host.generation).toBe(2);
  });

  it("a call that never ends does not keep a close, and its thread is left to it (ending it would abort the process)", async () => {
    const deafGate = new Int32Array(new SharedArrayBuffer(4));
    const { host, events } = open("thread", { config: { deafGate }, endDeadlineMs: 50 });
    const { onItem, seen } = firstItem<string>();
    const call = codeOf(host.call("deaf", null, { onItem }));
    await seen;
    await host.close();
    expect(await call).toBe("CLOSED");
    expect(events()).toContain("engine.overdue");
    expect(host.state).toBe("busy");
    Atomics.store(deafGate, 0, 1);
    await untilState(host, "stopped");
  });

  it("nor does a stop that waits for such a call, when the close comes after it", async () => {
    const deafGate = new Int32Array(new SharedArrayBuffer(4));
    const { host } = open("thread", { config: { deafGate }, endDeadlineMs: 50 });
    const { onItem, seen } = firstItem<string>();
    const call = codeOf(host.call("deaf", null, { onItem }));
    await seen;
    const stop = host.stop();
    await host.close();
    await stop;
    expect(await call).toBe("CLOSED");
    Atomics.store(deafGate, 0, 1);
    await untilState(host, "stopped");
  });

  it("a start that never ends does not keep a close (a model that loads for minutes)", async () => {
    const startGate = new Int32Array(new SharedArrayBuffer(4));
    const { host, events } = open("thread", { config: { startGate }, endDeadlineMs: 50 });
    const call = codeOf(host.call("echo", 1));
    await untilState(host, "starting");
    await host.close();
    expect(await call).toBe("CLOSED");
    expect(events()).toContain("engine.overdue");
    expect(host.state).toBe("starting");
    Atomics.store(startGate, 0, 1);
    await untilState(host, "stopped");
  });

  it("a child whose call never ends is killed by the close", async () => {
    const { host, events } = open("child", { endDeadlineMs: 50 });
    const { onItem, seen } = firstItem<string>();
    const call = codeOf(host.call("deaf", null, { onItem }));
    await seen;
    await host.close();
    expect(await call).toBe("CLOSED");
    expect(events()).toContain("engine.overdue");
    expect(host.state).not.toBe("busy");
  });

  it("a child that ignores an abort is killed", async () => {
    const { host, events } = open("child", { endDeadlineMs: 50 });
    const { onItem, seen } = firstItem<string>();
    const controller = new AbortController();
    const call = host.call("deaf", null, { onItem, signal: controller.signal });
    await seen;
    controller.abort();
    expect(await codeOf(call)).toBe("ABORTED");
    await untilState(host, "failed");
    expect(events()).toContain("engine.overdue");
    expect(await host.call("echo", "again")).toBe("again");
  });

  it("a call made as another is aborted waits for the killed child's end (both deadlines come at one moment)", async () => {
    const slowToDie: Options["spawn"] = (name) => {
      const child = spawners.child(name);
      return { ...child, kill: () => void setTimeout(() => child.kill?.(), 60) };
    };
    const { host } = open("child", { spawn: slowToDie, endDeadlineMs: 50 });
    const { onItem, seen } = firstItem<string>();
    const controller = new AbortController();
    const call = host.call("deaf", null, { onItem, signal: controller.signal });
    await seen;
    controller.abort();
    const next = host.call("echo", "again");
    expect(await codeOf(call)).toBe("ABORTED");
    expect(await next).toBe("again");
    expect(host.generation).toBe(2);
  });

  it("a missing entry file is a failed start, not a crash", async () => {
    const { host } = open("thread", { spawn: threadSpawner(new URL("./no-such-worker.ts", import.meta.url)) });
    expect(await codeOf(host.call("echo", 1))).toBe("ENGINE_EXITED");
  });
});
