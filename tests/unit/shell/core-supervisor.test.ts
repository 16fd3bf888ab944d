import type { MessagePortMain } from "electron";
import { describe, expect, it, vi } from "vitest";
import type { LogRecord } from "../../../src/main/core/logger.ts";
import { superviseCore } from "../../../src/main/shell/core-supervisor.ts";
import type { ToCore } from "../../../src/main/shell/host-messages.ts";
import { fakeFork } from "./fake-processes.ts";

const start = { kind: "start", offline: false, paths: { profile: "/p", models: "/m", resources: "/r" } } as const;
const port = {} as MessagePortMain;

/** A supervisor whose clock and timers a test moves by hand. */
function supervise() {
  const { fork, forked } = fakeFork();
  const timers: { run: () => void; delayMs: number }[] = [];
  const log: LogRecord[] = [];
  const onAwake = vi.fn();
  const onGivenUp = vi.fn();
  const clock = { now: 0 };
  const supervisor = superviseCore({
    fork,
    start,
    services: async (id, name, input) => ({ kind: "reply", id, output: [name, input] }) satisfies ToCore,
    log: (record) => void log.push(record),
    onAwake,
    onGivenUp,
    now: () => clock.now,
    setTimer: (run, delayMs) => void timers.push({ run, delayMs }),
  });
  const latest = () => forked.at(-1) ?? expect.fail("nothing was started");
  const awake = () => latest().emit("message", { kind: "awake" });
  /** Lets what waits be done, until nothing new is started. */
  const runTimers = () => timers.splice(0).forEach(({ run }) => run());
  return { supervisor, forked, latest, awake, timers, runTimers, log, onAwake, onGivenUp, clock };
}

describe("a core that starts", () => {
  it("is told where everything lies once it listens, and only then are windows connected", () => {
    const { supervisor, latest, awake, onAwake } = supervise();
    expect(latest().program).toBe("core-process");
    expect(supervisor.connect(() => expect.fail("no port is made for nobody"))).toBe(false);
    awake();
    expect(latest().posted[0]?.message).toEqual(start);
    expect(onAwake).toHaveBeenCalledOnce();
    expect(supervisor.connect(() => port)).toBe(true);
    expect(latest().posted.at(-1)).toEqual({ message: { kind: "window" }, ports: [port] });
  });

  it("has its calls to the host answered", async () => {
    const { latest, awake } = supervise();
    awake();
    latest().emit("message", { kind: "call", id: 7, name: "secrets.get", input: { name: "a" } });
    await vi.waitFor(() =>
      expect(latest().posted.at(-1)?.message).toEqual({ kind: "reply", id: 7, output: ["secrets.get", { name: "a" }] }),
    );
  });

  it("can send nonsense without harm", () => {
    const { latest } = supervise();
    for (const nonsense of [null, 1, "x", {}, { kind: 3 }, { kind: "unheard of" }, { kind: "bytes", id: 99 }])
      latest().emit("message", nonsense);
    expect(latest().posted).toEqual([]);
  });
});

describe("a core that dies", () => {
  it("is started again at once, and windows are connected again", () => {
    const { forked, latest, awake, runTimers, timers, onAwake } = supervise();
    awake();
    latest().emit("exit", 9);
    expect(timers[0]?.delayMs).toBe(0);
    runTimers();
    expect(forked).toHaveLength(2);
    awake();
    expect(onAwake).toHaveBeenCalledTimes(2);
  });

  it("is started more and more slowly, and given up after five deaths in a minute", () => {
    const { forked, latest, timers, runTimers, onGivenUp } = supervise();
    const delays: number[] = [];
    for (let death = 1; death <= 5; death++) {
      latest().emit("exit", 1);
      delays.push(...timers.map(({ delayMs }) => delayMs));
      runTimers();
    }
    expect(delays).toEqual([0, 500, 1000, 2000]);
    expect(forked).toHaveLength(5);
    expect(onGivenUp).toHaveBeenCalledWith(expect.objectContaining({ code: "ENGINE_UNAVAILABLE" }));
  });

  it("once an hour is never given up", () => {
    const { forked, latest, runTimers, onGivenUp, clock } = supervise();
    for (let death = 1; death <= 20; death++) {
      clock.now += 3_600_000;
      latest().emit("exit", 1);
      runTimers();
    }
    expect(forked).toHaveLength(21);
    expect(onGivenUp).not.toHaveBeenCalled();
  });

  it("is started anew when the person asks, after it was given up", () => {
    const { supervisor, forked, latest, runTimers } = supervise();
    for (let death = 1; death <= 5; death++) {
      latest().emit("exit", 1);
      runTimers();
    }
    supervisor.retry();
    expect(forked).toHaveLength(6);
  });

  it("for a reason that a restart does not change is not started again, and the reason is told", () => {
    const { forked, latest, awake, runTimers, onGivenUp } = supervise();
    awake();
    const error = { code: "PROFILE_LOCKED", message: "The profile is open elsewhere." };
    latest().emit("message", { kind: "refused", error });
    latest().emit("exit", 1);
    runTimers();
    expect(forked).toHaveLength(1);
    expect(onGivenUp).toHaveBeenCalledWith(error);
  });

  it("takes its child processes with it", () => {
    const { forked, latest, awake } = supervise();
    awake();
    latest().emit("message", { kind: "child.start", child: 1, spec: { entry: "readers", name: "readers" } });
    forked[0]?.emit("exit", 9);
    expect(forked[1]).toMatchObject({ program: "readers", killed: true });
  });
});

describe("bytes", () => {
  const request = (path: string) => ({ method: "GET" as const, path, range: undefined });

  it("come back to the request they answer", async () => {
    const { supervisor, latest, awake } = supervise();
    awake();
    const { signal } = new AbortController();
    const [first, second] = [supervisor.bytes(request("1"), signal), supervisor.bytes(request("2"), signal)];
    const ids = latest()
      .posted.filter(({ message }) => message.kind === "bytes")
      .map(({ message }) => message.id);
    for (const id of ids.toReversed())
      latest().emit("message", { kind: "bytes", id, status: 200, headers: { "content-type": `image/${id}` }, body: new Uint8Array() });
    expect((await first).headers).toEqual({ "content-type": `image/${ids[0]}` });
    expect((await second).headers).toEqual({ "content-type": `image/${ids[1]}` });
  });

  it("are refused when core is gone, dies meanwhile, or nobody wants them any more", async () => {
    const { supervisor, latest, awake } = supervise();
    const { signal } = new AbortController();
    await expect(supervisor.bytes(request("x"), signal)).rejects.toMatchObject({ code: "CLOSED" });
    awake();
    const dying = supervisor.bytes(request("x"), signal);
    latest().emit("exit", 1);
    await expect(dying).rejects.toMatchObject({ code: "ENGINE_EXITED" });
    const { supervisor: other, awake: otherAwake, latest: otherLatest } = supervise();
    otherAwake();
    const leaving = new AbortController();
    const unwanted = other.bytes(request("x"), leaving.signal);
    leaving.abort();
    await expect(unwanted).rejects.toMatchObject({ code: "ABORTED" });
    // Core is told too, so that it does not draw what nobody sees.
    expect(otherLatest().kinds()).toContain("bytes.drop");
  });
});

describe("closing", () => {
  it("waits until core has drained, and does not start it again", async () => {
    const { supervisor, forked, latest, awake, runTimers } = supervise();
    awake();
    const closed = supervisor.close(5_000);
    expect(latest().kinds()).toContain("close");
    latest().emit("message", { kind: "closed" });
    latest().emit("exit", 0);
    await closed;
    runTimers();
    expect(forked).toHaveLength(1);
    expect(latest().killed).toBe(false);
  });

  it("ends a core that does not drain within the deadline, which is safe for a process", async () => {
    const { supervisor, latest, awake, runTimers, log } = supervise();
    awake();
    const closed = supervisor.close(5_000);
    runTimers();
    await vi.waitFor(() => expect(latest().killed).toBe(true));
    latest().emit("exit", 9);
    await closed;
    expect(log.map(({ event }) => event)).toContain("core.killed");
  });

  it("has nothing to wait for when there is no core, or none that listens", async () => {
    const { supervisor, latest } = supervise();
    await supervisor.close(5_000);
    expect(latest().killed).toBe(true);
    const gone = supervise();
    gone.latest().emit("exit", 1);
    await gone.supervisor.close(5_000);
    gone.runTimers();
    expect(gone.forked).toHaveLength(1);
  });
});
