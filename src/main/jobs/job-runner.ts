import type { Job, Progress } from "../../shared/contract/jobs.ts";
import { AppError, type ErrorCode, isAbort, toAppError, toWire } from "../../shared/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { JobHandler } from "./job.ts";
import type { JobStore } from "./job-store.ts";

/** Faults that may be gone at the next try. */
const PASSING: ReadonlySet<ErrorCode> = new Set(["ENGINE_EXITED", "DOWNLOAD_FAILED", "TIMEOUT", "RATE_LIMITED"]);
const FIRST_DELAY_MS = 2_000;
const LONGEST_DELAY_MS = 5 * 60_000;
/** A clock that was set back must not hold a job for long. */
const LONGEST_WAIT_MS = 60_000;
/** Progress reaches the database this often, listeners ten times a second. */
const SAVE_PROGRESS_MS = 2_000;
const TELL_PROGRESS_MS = 100;

type Running = {
  job: Job;
  abort: AbortController;
  settled: Promise<void>;
  wanted: "paused" | "cancelled" | "queued" | undefined;
  hasLeftLane: boolean;
};

export type JobRunner = ReturnType<typeof createJobRunner>;

/**
 * Runs durable jobs: one at a time in each lane, retried with exponential backoff and jitter on passing faults,
 * paused, cancelled and resumed on demand, and queued again when Croft closes or crashes under them.
 */
export function createJobRunner(deps: {
  store: JobStore;
  /** Asked at each start of a job, since handlers may need the runner themselves. */ handlers: () => readonly JobHandler[];
  log: Logger;
  now: () => number;
}) {
  const { store, log, now } = deps;
  const handlerOf = (kind: string) => deps.handlers().find((handler) => handler.kind === kind);
  const running = new Map<string, Running>();
  /** Jobs whose end could not be written, since the disk was full: it is written when there is room. */
  const unsaved = new Map<string, AppError>();
  const listeners = new Set<(job: Job) => void>();
  let timer: NodeJS.Timeout | undefined;
  let isOpen = false;

  const tell = (job: Job) => {
    for (const listener of listeners) {
      try {
        listener(job);
      } catch (error) {
        // The job has moved: whoever cannot take the news must not make it look otherwise.
        log.error("jobs.listener-failed", { error });
      }
    }
  };

  /** Starts whatever is ready and whose lane is free; then waits for the next delayed job. Never throws: nobody could catch it. */
  function pump(): void {
    if (!isOpen) return;
    clearTimeout(timer);
    try {
      saveEnds();
      startReady();
      const due = store.nextDue();
      // An end that could not be written is tried again, too: room comes without anything here being told.
      if (due !== undefined || unsaved.size > 0)
        timer = setTimeout(pump, Math.min(Math.max(0, (due ?? Infinity) - now()), LONGEST_WAIT_MS)).unref();
    } catch (error) {
      log.error("jobs.not-started", { error });
      timer = setTimeout(pump, FIRST_DELAY_MS).unref();
    }
  }

  function startReady(): void {
    const busyLanes = new Set([...running.values()].filter(({ hasLeftLane }) => !hasLeftLane).map(({ job }) => handlerOf(job.kind)?.lane));
    const busyKinds = deps.handlers().flatMap(({ kind, lane }) => (busyLanes.has(lane) ? kind : []));
    const ready = store.ready(busyKinds);
    for (const job of ready) {
      const handler = handlerOf(job.kind);
      if (!handler) {
        tell(
          store.move(job.id, ["queued"], "failed", {
            error: new AppError("NOT_SUPPORTED", `This version of Croft cannot run jobs of the kind ${job.kind}.`),
          }),
        );
      } else if (!busyLanes.has(handler.lane)) {
        busyLanes.add(handler.lane);
        start(job, handler);
      }
    }
    // Behind a full page of one lane another may wait.
    if (ready.length > 0) startReady();
  }

  function saveEnds(): void {
    for (const [id, error] of unsaved) {
      try {
        store.move(id, ["running"], "failed", { error });
        unsaved.delete(id);
      } catch {
        // Still no room; the next start of Croft takes the job up in any case.
        return;
      }
    }
  }

  function start(queued: Job, handler: JobHandler): void {
    const job = store.move(queued.id, ["queued"], "running", { attempts: queued.attempts + 1 });
    const entry: Running = { job, abort: new AbortController(), settled: Promise.resolve(), wanted: undefined, hasLeftLane: false };
    running.set(job.id, entry);
    tell(job);
    entry.settled = run(entry, handler)
      .then(
        (ended) => {
          running.delete(job.id);
          tell(ended);
        },
        (error: unknown) => {
          running.delete(job.id);
          log.error("job.lost", { job: job.id, kind: job.kind, error });
          const failure = toAppError(error);
          unsaved.set(job.id, failure);
          tell({ ...job, state: "failed", error: toWire(failure) });
        },
      )
      .then(pump);
  }

  /** @returns the job as it ended */
  async function run(entry: Running, handler: JobHandler): Promise<Job> {
    const { job, abort } = entry;
    const meter = createMeter(entry, store, tell, now);
    try {
      const input = handler.parse(store.input(job.id));
      const leaveLane = () => {
        entry.hasLeftLane = true;
        pump();
      };
      const result = await handler.run(input, {
        jobId: job.id,
        signal: abort.signal,
        progress: meter.report,
        leaveLane,
        log: log.child(job.kind),
      });
      meter.flush();
      return store.move(job.id, ["running"], "done", { result: result ?? null });
    } catch (error) {
      meter.flush();
      return settle(entry, handler, error);
    }
  }

  function settle({ job, wanted }: Running, handler: JobHandler, error: unknown): Job {
    if (wanted) {
      // Whatever a job says that was asked to stop, it has stopped. Closing is nobody's fault: the attempt does not count.
      if (!isAbort(error)) log.warn("job.stopped-with", { job: job.id, kind: job.kind, error });
      return store.move(job.id, ["running"], wanted, wanted === "queued" ? { attempts: job.attempts - 1 } : {});
    }
    const failure = toAppError(error);
    if (failure.code === "INTERNAL") log.error("job.failed", { job: job.id, kind: job.kind, error });
    if (PASSING.has(failure.code) && job.attempts < handler.maxAttempts) {
      return store.move(job.id, ["running"], "queued", { error: failure, runAfter: now() + backoffMs(job.attempts) });
    }
    return store.move(job.id, ["running"], "failed", { error: failure });
  }

  /** Asks a running job to stop in the given state, and waits until it has. */
  async function interrupt(id: string, wanted: "paused" | "cancelled"): Promise<Job> {
    const entry = running.get(id);
    if (!entry) {
      const job = store.move(id, wanted === "paused" ? ["queued"] : ["queued", "paused"], wanted);
      tell(job);
      return job;
    }
    entry.wanted = wanted;
    entry.abort.abort(new AppError("ABORTED", `The job was ${wanted}.`));
    await entry.settled;
    return store.get(id);
  }

  return {
    /** Takes up what an earlier process left running, and starts. */
    open(): void {
      isOpen = true;
      const recovered = store.recover();
      if (recovered > 0) log.info("jobs.recovered", { count: recovered });
      pump();
    },
    /** Writes the job down, durable when this returns, and starts it when its lane is free. */
    add(kind: string, title: string, input: unknown): Job {
      const job = store.insert(kind, title, input);
      tell(job);
      queueMicrotask(pump);
      return job;
    },
    pause: (id: string) => interrupt(id, "paused"),
    cancel: (id: string) => interrupt(id, "cancelled"),
    /** Cancels every unfinished job of a kind whose input the test accepts, and waits until they have stopped. @returns how many */
    async cancelWhere(kind: string, test: (input: unknown) => boolean): Promise<number> {
      const unfinished = store.list(["queued", "running", "paused"], 1000).filter((job) => job.kind === kind && test(store.input(job.id)));
      await Promise.all(unfinished.map((job) => interrupt(job.id, "cancelled")));
      return unfinished.length;
    },
    /** Queues a paused, failed or cancelled job again. */
    requeue(id: string, from: Job["state"][]): Job {
      const job = store.move(id, from, "queued", { runAfter: now(), attempts: 0 });
      tell(job);
      queueMicrotask(pump);
      return job;
    },
    /** Resolves when the job is done, failed, cancelled or paused. */
    settled(id: string, signal?: AbortSignal): Promise<Job> {
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const leave = () => {
          listeners.delete(finish);
          signal?.removeEventListener("abort", abandon);
        };
        const finish = (job: Job) => {
          if (job.id !== id || job.state === "queued" || job.state === "running") return;
          leave();
          resolve(job);
        };
        const abandon = () => {
          leave();
          reject(toAppError(signal?.reason));
        };
        const present = store.get(id);
        signal?.addEventListener("abort", abandon);
        listeners.add(finish);
        finish(present);
      });
    },
    onChange(listener: (job: Job) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Stops every job at its next safe point; they go on at the next start. */
    async close(): Promise<void> {
      isOpen = false;
      clearTimeout(timer);
      for (const entry of running.values()) {
        entry.wanted ??= "queued";
        entry.abort.abort(new AppError("ABORTED", "Croft is closing."));
      }
      await Promise.all([...running.values()].map(({ settled }) => settled));
      listeners.clear();
    },
  };
}

/** Exponential backoff with full jitter: a delay between half and the whole of 2 s · 2^(attempt−1), at most 5 min. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
  return Math.round(ceiling * (0.5 + random() / 2));
}

/** Coalesces progress: a job may report as often as it likes. */
function createMeter(entry: Running, store: JobStore, tell: (job: Job) => void, now: () => number) {
  let latest: Progress | undefined;
  let toldAt = 0;
  let savedAt = 0;
  return {
    report(progress: Progress): void {
      latest = progress;
      entry.job = { ...entry.job, progress };
      if (now() - toldAt >= TELL_PROGRESS_MS) {
        toldAt = now();
        tell(entry.job);
      }
      if (now() - savedAt >= SAVE_PROGRESS_MS) {
        savedAt = now();
        store.saveProgress(entry.job.id, progress);
      }
    },
    flush(): void {
      if (latest) store.saveProgress(entry.job.id, latest);
    },
  };
}
