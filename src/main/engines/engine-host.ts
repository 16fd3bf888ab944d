import { setTimeout as after } from "node:timers/promises";
import { AppError } from "../../shared/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Arbiter } from "./arbiter.ts";
import { createBreaker } from "./breaker.ts";
import type { CallOptions, EngineHost, EngineState, Protocol } from "./engine.ts";
import { openLink } from "./engine-link.ts";
import type { EngineLink, SentCall } from "./engine-link.ts";
import type { Spawn } from "./spawn.ts";

/** Compute threads that a call of a method takes, fixed or by its input. 0: none to speak of; left out: 1. */
export type ThreadsOf<P extends Protocol> = { [Name in keyof P]?: number | ((input: P[Name]["input"]) => number) };

export type EngineHostOptions<Config, P extends Protocol> = {
  name: string;
  /** Given to the engine at every start; a getter is asked anew each time. */
  config: Config;
  spawn: Spawn;
  arbiter: Arbiter;
  threads: ThreadsOf<P>;
  /** The engine is stopped after this long without a call; a function is asked after each call. */
  idleMs: number | (() => number);
  log: Logger;
  /** Milliseconds; only differences count. */
  now(): number;
  /**
   * How long an aborted call, and a stop, may take. A process is killed then; a thread is left to finish and logged.
   * Default 5,000.
   */
  endDeadlineMs?: number;
  /** How long starts are refused after three failed ones. Default 30,000. */
  coolDownMs?: number;
};

const maxFailedStarts = 3;
/** A killed process is gone in a moment; on a machine that swaps, in a few. */
const killedMs = 15_000;

/** Core's side of one engine; see `EngineHost` for what callers may rely on. */
export function createEngineHost<Config, P extends Protocol>(options: EngineHostOptions<Config, P>): EngineHost<P> {
  const { name, config, spawn, arbiter, threads, idleMs, log, now, endDeadlineMs = 5_000, coolDownMs = 30_000 } = options;
  const breaker = createBreaker({ failures: maxFailedStarts, coolDownMs, now });
  const listeners = new Set<(state: EngineState) => void>();
  /** Computations that go on although their callers were told ABORTED. */
  const abandoned = new Set<Promise<void>>();
  const closing = new AbortController();
  const closeDeadline = new Promise<false>((resolve) => {
    closing.signal.addEventListener("abort", () => setTimeout(resolve, endDeadlineMs, false).unref(), { once: true });
  });
  let state: EngineState = "stopped";
  let generation = 0;
  let link: EngineLink | undefined;
  let starting: Promise<EngineLink> | undefined;
  let stopping: Promise<void> | undefined;
  /** Calls that wait, run or wind down. */
  let pending = 0;
  let running = 0;
  let drained = () => {};
  let idleTimer: NodeJS.Timeout | undefined;

  function enter(next: EngineState): void {
    if (state === next) return;
    state = next;
    for (const listener of listeners) listener(next);
  }

  async function ready(): Promise<EngineLink> {
    for (let current = stopping; current; current = stopping) await current;
    if (link && !link.lost && !starting) return link;
    starting ??= start().finally(() => {
      starting = undefined;
    });
    return starting;
  }

  async function start(): Promise<EngineLink> {
    // A crashed or overdue thread may still be winding down; two generations must never compute at once.
    if (link && !(await isOver(link.ended))) throw stillEnding(name);
    if (closing.signal.aborted) throw closed(name);
    if (!breaker.allows()) throw unavailable(name);
    generation += 1;
    enter("starting");
    try {
      const fresh = openLink({ name, config, spawn, log, onLost: () => enter("failed") });
      link = fresh;
      void fresh.ended.then((exit) => onEnded(fresh, exit.code));
      await fresh.started;
      breaker.succeeded();
      enter("ready");
      return fresh;
    } catch (error) {
      enter("failed");
      const open = breaker.failed();
      log.warn("engine.not-started", { engine: name, open, error });
      throw open ? unavailable(name, error) : error;
    }
  }

  function onEnded(ended: EngineLink, exitCode: number | null): void {
    if (link !== ended) return;
    link = undefined;
    if (state === "stopping") return enter("stopped");
    log.warn("engine.ended", { engine: name, exitCode });
  }

  function changeRunning(by: 1 | -1): void {
    running += by;
    if (state === "ready" || state === "busy") enter(running > 0 ? "busy" : "ready");
  }

  function oneDone(): void {
    pending -= 1;
    if (pending > 0) return;
    drained();
    clearTimeout(idleTimer);
    const idle = typeof idleMs === "function" ? idleMs() : idleMs;
    // A timer cannot wait for ever: it would take an infinite time for one millisecond.
    if (!Number.isFinite(idle)) return;
    idleTimer = setTimeout(() => {
      if (pending === 0 && link && !stopping) void stop();
    }, idle);
    idleTimer.unref();
  }

  async function call<Name extends keyof P & string>(
    method: Name,
    input: P[Name]["input"],
    given: CallOptions<P[Name]> = {},
  ): Promise<P[Name]["output"]> {
    if (closing.signal.aborted) throw closed(name);
    const signal = AbortSignal.any(given.signal ? [given.signal, closing.signal] : [closing.signal]);
    if (signal.aborted) throw aborted();
    clearTimeout(idleTimer);
    pending += 1;
    const stopped = Promise.withResolvers<never>();
    stopped.promise.catch(() => {});
    const onAbort = () => stopped.reject(given.signal?.aborted ? aborted() : closed(name));
    signal.addEventListener("abort", onAbort, { once: true });
    const work = run(method, input, given, signal).finally(() => {
      signal.removeEventListener("abort", onAbort);
      oneDone();
    });
    return Promise.race([work, stopped.promise]);
  }

  /** Everything between a call and its answer; goes on after an abort until the engine has really let go. */
  async function run<Name extends keyof P & string>(
    method: Name,
    input: P[Name]["input"],
    given: CallOptions<P[Name]>,
    signal: AbortSignal,
  ): Promise<unknown> {
    if (abandoned.size > 0 && !(await isOver(Promise.all(abandoned)))) throw stillEnding(name);
    for (;;) {
      const current = await ready();
      signal.throwIfAborted();
      let sent: SentCall | undefined;
      let pauseWanted = false;
      let paused = false;
      const rule = threads[method] ?? 1;
      const lease = await arbiter.acquire({
        threads: typeof rule === "function" ? rule(input) : rule,
        priority: given.priority ?? "interactive",
        signal,
        onPauseWanted: () => {
          pauseWanted = true;
          sent?.pause();
        },
      });
      try {
        signal.throwIfAborted();
        if (current.lost || stopping) continue;
        sent = current.send({
          method,
          input,
          transfer: given.transfer ?? [],
          onItem: (item) => {
            if (!signal.aborted) given.onItem?.(item as never);
          },
          onPaused: () => {
            if (paused) return;
            paused = true;
            void lease.pause().then(() => {
              paused = false;
              sent?.resume();
            });
          },
        });
        // The cores may have been wanted between their lease and this moment.
        if (pauseWanted) sent.pause();
        return await follow(sent, current, signal);
      } finally {
        lease.release();
      }
    }
  }

  /** Awaits the answer of a call in flight; after an abort, its end, which the next calls await too. */
  async function follow(sent: SentCall, current: EngineLink, signal: AbortSignal): Promise<unknown> {
    let overdue: NodeJS.Timeout | undefined;
    const onAbort = () => {
      const over = sent.output.then(
        () => {},
        () => {},
      );
      abandoned.add(over);
      void over.finally(() => abandoned.delete(over));
      sent.abort();
      overdue = setTimeout(() => giveUp(current, "abort"), endDeadlineMs);
    };
    changeRunning(1);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await sent.output;
    } finally {
      signal.removeEventListener("abort", onAbort);
      clearTimeout(overdue);
      changeRunning(-1);
    }
  }

  function giveUp(late: EngineLink, during: "abort" | "stop" | "close"): void {
    log.error("engine.overdue", { engine: name, during, deadlineMs: endDeadlineMs, killed: late.kill !== undefined });
    late.kill?.();
  }

  function stop(): Promise<void> {
    stopping ??= endGeneration().finally(() => {
      stopping = undefined;
    });
    return stopping;
  }

  /** Drains, asks the thread to end, and waits for that until the deadline. Only a close gives up what does not drain. */
  async function endGeneration(): Promise<void> {
    clearTimeout(idleTimer);
    const idle = whenIdle();
    if (!(await Promise.race([idle.then(() => true), closeDeadline]))) return leave(idle);
    const ending = link;
    if (!ending) return enter("stopped");
    enter("stopping");
    ending.requestStop();
    if (await inTime(ending.ended)) return;
    giveUp(ending, "stop");
    if (ending.kill) await ending.ended;
  }

  /** Resolves when the engine neither starts nor runs a call. */
  async function whenIdle(): Promise<void> {
    await starting?.catch(() => {});
    if (running === 0) return;
    await new Promise<void>((resolve) => {
      const off = onState((next) => {
        if (next !== "busy") {
          off();
          resolve();
        }
      });
    });
  }

  /**
   * Closes without the end of a start or a call. The state stays what it is, which tells that something computes. A
   * thread must not be told to end before that is over: it would exit under its native code.
   */
  async function leave(idle: Promise<void>): Promise<void> {
    const stuck = link;
    if (!stuck) return;
    giveUp(stuck, "close");
    if (stuck.kill) return void (await inTime(stuck.ended, killedMs));
    void idle.then(() => {
      enter("stopping");
      stuck.requestStop();
    });
  }

  /** Waits for what still computes. A late process is killed and its end awaited, so that only a thread can outlast this. */
  async function isOver(end: Promise<unknown>): Promise<boolean> {
    const late = link;
    if (await inTime(end)) return true;
    if (!late?.kill) return false;
    late.kill();
    return inTime(end, killedMs);
  }

  /** False when the deadline came first. */
  async function inTime(end: Promise<unknown>, deadlineMs = endDeadlineMs): Promise<boolean> {
    const deadline = new AbortController();
    const late = after(deadlineMs, false, { signal: deadline.signal, ref: false }).catch(() => false);
    const result = await Promise.race([end.then(() => true), late]);
    deadline.abort();
    return result;
  }

  /** Resolves when no call computes any more, or at the deadline. */
  async function whenDrained(): Promise<void> {
    if (pending === 0) return;
    await inTime(
      new Promise<void>((resolve) => {
        drained = resolve;
      }),
    );
  }

  function onState(listener: (state: EngineState) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return {
    name,
    get state() {
      return state;
    },
    get generation() {
      return generation;
    },
    call,
    onState,
    stop,
    async close() {
      closing.abort();
      await whenDrained();
      await stop();
    },
  };
}

const aborted = () => new AppError("ABORTED", "The operation was cancelled.");

const closed = (name: string) => new AppError("CLOSED", `Croft is shutting down; the ${name} engine takes no more calls.`);

const unavailable = (name: string, cause?: unknown) =>
  new AppError("ENGINE_UNAVAILABLE", `The ${name} engine could not be started ${maxFailedStarts} times in a row.`, {
    hint: "Wait half a minute and try again; if it goes on, look at the diagnostics page for the reason.",
    data: { engine: name },
    cause,
  });

const stillEnding = (name: string) =>
  new AppError("ENGINE_UNAVAILABLE", `The ${name} engine is still finishing its last work.`, {
    hint: "Try again in a moment; if it goes on, restart Croft.",
    data: { engine: name },
  });
