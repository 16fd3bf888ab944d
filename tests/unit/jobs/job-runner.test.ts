import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Job } from "../../../src/shared/contract/jobs.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { createLogger } from "../../../src/main/core/logger.ts";
import type { JobContext, JobHandler } from "../../../src/main/jobs/job.ts";
import { backoffMs, createJobRunner } from "../../../src/main/jobs/job-runner.ts";
import { createJobStore } from "../../../src/main/jobs/job-store.ts";
import type { Truth } from "../../../src/main/db/truth.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const log = createLogger(
  () => undefined,
  () => 0,
);

function handler(run: (input: unknown, context: JobContext) => Promise<unknown>, more: Partial<JobHandler> = {}): JobHandler {
  return { kind: "test", lane: "test", maxAttempts: 1, parse: (input) => input, run, ...more };
}

/** A handler that runs until it is told how to end. */
function controlled(kind = "test", lane = kind) {
  const started: { input: unknown; context: JobContext; end: (result: unknown) => void; fail: (error: unknown) => void }[] = [];
  let arrived: (() => void) | undefined;
  return {
    started,
    /** Resolves when the next call has begun. */
    begin: () => new Promise<void>((resolve) => (arrived = resolve)),
    handler: handler(
      (input, context) =>
        new Promise((end, fail) => {
          context.signal.addEventListener("abort", () => fail(context.signal.reason), { once: true });
          started.push({ input, context, end, fail });
          arrived?.();
        }),
      { kind, lane },
    ),
  };
}

function setUp(handlers: JobHandler[], truth: Truth = temporaryTruth()) {
  const store = createJobStore(truth);
  const runner = createJobRunner({ store, handlers: () => handlers, log, now: truth.now });
  return { truth, store, runner };
}

/** Resolves when the job runs. */
async function started({ onChange }: ReturnType<typeof setUp>["runner"], id: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const leave = onChange((job) => {
      if (job.id !== id || job.state !== "running") return;
      leave();
      resolve();
    });
  });
}

describe("job runner", () => {
  // Catches a job that is taken for failed, or a lane that stands still, since a listener could not take the news.
  it("runs jobs to their end and tells the others when a listener throws", async () => {
    const { runner, store } = setUp([handler(() => Promise.resolve("done"))]);
    runner.onChange(() => {
      throw new Error("cannot take it");
    });
    runner.open();
    const ids = [runner.add("test", "one", {}), runner.add("test", "two", {})].map(({ id }) => id);
    await Promise.all(ids.map((id) => runner.settled(id)));
    expect(ids.map((id) => store.get(id).state)).toEqual(["done", "done"]);
  });

  it("runs a job with its stored input and keeps its result", async () => {
    const { runner } = setUp([handler((input) => Promise.resolve({ got: input }))]);
    runner.open();
    const { id } = runner.add("test", "A job", { a: 1 });
    const job = await runner.settled(id);
    expect(job).toMatchObject({ state: "done", result: { got: { a: 1 } }, attempts: 1, title: "A job" });
    expect(job.finishedAt).toBeGreaterThan(job.startedAt ?? Number.POSITIVE_INFINITY);
    await runner.close();
  });

  it("is durable before it is acknowledged: a job added to a runner that never ran is run by the next process", async () => {
    const truth = temporaryTruth();
    const { id } = setUp([], truth).runner.add("test", "Later", {});
    const { runner } = setUp([handler(() => Promise.resolve("ran"))], truth);
    runner.open();
    expect(await runner.settled(id)).toMatchObject({ state: "done", result: "ran" });
    await runner.close();
  });

  it("lets the next job of a lane start when one leaves it", async () => {
    const slow = controlled("slow", "shared");
    const quick = handler(() => Promise.resolve("done"), { kind: "quick", lane: "shared" });
    const { runner } = setUp([slow.handler, quick]);
    runner.open();
    const begun = slow.begin();
    const first = runner.add("slow", "Slow", {});
    const second = runner.add("quick", "Quick", {});
    await begun;
    slow.started[0]?.context.leaveLane();
    expect(await runner.settled(second.id)).toMatchObject({ state: "done" });
    slow.started[0]?.end("late");
    expect(await runner.settled(first.id)).toMatchObject({ state: "done", result: "late" });
    await runner.close();
  });

  it("tells of a job's end that cannot be written, and writes it when there is room (it would run for ever)", async () => {
    const truth = temporaryTruth();
    let isFull = false;
    const full: Truth = {
      ...truth,
      transact(work) {
        if (isFull) throw new AppError("DISK_FULL", "The fixture's disk is full.");
        return truth.transact(work);
      },
    };
    const fails = handler(() => {
      isFull = true;
      return Promise.reject(new AppError("DISK_FULL", "The fixture's disk is full."));
    });
    const { runner, store } = setUp([fails, handler(() => Promise.resolve("ran"), { kind: "next" })], full);
    runner.open();
    const told = new Promise<Job>((resolve) => runner.onChange((job) => job.state === "failed" && resolve(job)));
    const { id } = runner.add("test", "A job", {});
    expect(await told).toMatchObject({ id, state: "failed", error: { code: "DISK_FULL" } });
    isFull = false;
    await runner.settled(runner.add("next", "Next", {}).id);
    expect(store.get(id)).toMatchObject({ state: "failed", error: { code: "DISK_FULL" } });
    await runner.close();
  });

  it("runs jobs of one lane one after another and of two lanes side by side", async () => {
    const a = controlled("a", "slow");
    const b = controlled("b", "slow");
    const c = controlled("c", "other");
    const { runner, store } = setUp([a.handler, b.handler, c.handler]);
    runner.open();
    const began = Promise.all([a.begin(), c.begin()]);
    const [first, second] = [runner.add("a", "1", {}), runner.add("b", "2", {}), runner.add("c", "3", {})];
    await began;
    expect(store.get(second.id).state).toBe("queued");
    const next = b.begin();
    a.started[0]?.end(null);
    await runner.settled(first.id);
    await next;
    expect(store.get(second.id).state).toBe("running");
    await runner.close();
  });

  it("takes up what a crash left running, without counting on its memory", async () => {
    const truth = temporaryTruth();
    const store = createJobStore(truth);
    const { id } = store.insert("test", "Crashed", {});
    store.move(id, ["queued"], "running", { attempts: 1 });

    const { runner } = setUp([handler(() => Promise.resolve("again"))], truth);
    runner.open();
    expect(await runner.settled(id)).toMatchObject({ state: "done", result: "again", attempts: 2 });
    await runner.close();
  });

  it("cancels a running job at its next safe point, and a waiting one at once", async () => {
    const work = controlled();
    const { runner } = setUp([work.handler]);
    runner.open();
    const began = work.begin();
    const running = runner.add("test", "1", {});
    const waiting = runner.add("test", "2", {});
    await began;
    expect(await runner.cancel(waiting.id)).toMatchObject({ state: "cancelled" });
    expect(await runner.cancel(running.id)).toMatchObject({ state: "cancelled" });
    expect(work.started[0]?.context.signal.aborted).toBe(true);
    expect(work.started).toHaveLength(1);
    await runner.close();
  });

  it("pauses and goes on with the same input", async () => {
    const work = controlled();
    const { runner } = setUp([work.handler]);
    runner.open();
    const began = work.begin();
    const { id } = runner.add("test", "1", { page: 4 });
    await began;
    expect(await runner.pause(id)).toMatchObject({ state: "paused" });
    const again = work.begin();
    runner.requeue(id, ["paused"]);
    await again;
    expect(work.started[1]?.input).toEqual({ page: 4 });
    work.started[1]?.end("done");
    expect(await runner.settled(id)).toMatchObject({ state: "done", result: "done" });
    await runner.close();
  });

  it("queues what runs when it closes, and counts that as nobody's failure", async () => {
    const work = controlled();
    const { runner, store } = setUp([work.handler]);
    runner.open();
    const began = work.begin();
    const { id } = runner.add("test", "1", {});
    await began;
    await runner.close();
    expect(store.get(id)).toMatchObject({ state: "queued", attempts: 0 });
  });

  it("tries again after a passing fault, later, and gives up with the reason", async () => {
    const { runner, store } = setUp([handler(() => Promise.reject(new AppError("ENGINE_EXITED", "gone")), { maxAttempts: 2 })]);
    runner.open();
    runner.add("test", "1", {});
    const waits = new Promise<Job>((resolve) => {
      const leave = runner.onChange((job) => {
        if (job.state !== "queued" || job.attempts !== 1) return;
        leave();
        resolve(job);
      });
    });
    expect(await waits).toMatchObject({ error: { code: "ENGINE_EXITED" } });
    expect(store.ready()).toEqual([]);
    expect(store.nextDue()).toBeGreaterThan(0);
    await runner.close();
  });

  it("fails at once on a fault that stays, with code, message and hint for the person", async () => {
    const { runner } = setUp([
      handler(() => Promise.reject(new AppError("MODEL_MISSING", "not there", { hint: "download it" })), { maxAttempts: 5 }),
    ]);
    runner.open();
    const { id } = runner.add("test", "1", {});
    expect(await runner.settled(id)).toMatchObject({
      state: "failed",
      attempts: 1,
      error: { code: "MODEL_MISSING", message: "not there", hint: "download it" },
    });
    await runner.close();
  });

  it("starts a delayed job when it is due although another lane's jobs wait (its retry would take hours)", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const slow = controlled("slow");
    let tries = 0;
    const flaky = handler(() => (++tries === 1 ? Promise.reject(new AppError("TIMEOUT", "late")) : Promise.resolve("came")), {
      kind: "flaky",
      lane: "other",
      maxAttempts: 2,
    });
    const truth = temporaryTruth();
    const timed: Truth = { ...truth, now: () => Date.now() };
    const { runner } = setUp([slow.handler, flaky], timed);
    runner.open();
    runner.add("slow", "runs", {});
    runner.add("slow", "waits for its lane", {});
    const ended = runner.settled(runner.add("flaky", "fails once", {}).id);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tries).toBe(2);
    expect(await ended).toMatchObject({ state: "done", result: "came" });
    await runner.close();
  });

  it("starts a job of a free lane behind more than a page of another lane's", async () => {
    const truth = temporaryTruth();
    const slow = controlled("slow");
    const { runner, store } = setUp([slow.handler, handler(() => Promise.resolve("ran"), { kind: "quick", lane: "quick" })], truth);
    for (let count = 0; count < 150; count += 1) store.insert("slow", "waits", {});
    const { id } = store.insert("quick", "free to go", {});
    runner.open();
    expect(await runner.settled(id)).toMatchObject({ state: "done" });
    await runner.close();
  });

  it("keeps a job cancelled or paused that ends with another fault than the abort (it would start again by itself)", async () => {
    const stubborn = handler(
      (_, { signal }) =>
        new Promise((_resolve, fail) => {
          signal.addEventListener("abort", () => fail(new AppError("ENGINE_EXITED", "killed, since it took too long to stop")));
        }),
      { maxAttempts: 3 },
    );
    const { runner, store } = setUp([stubborn]);
    runner.open();
    const cancelled = runner.add("test", "1", {});
    await started(runner, cancelled.id);
    expect(await runner.cancel(cancelled.id)).toMatchObject({ state: "cancelled" });
    const paused = runner.add("test", "2", {});
    await started(runner, paused.id);
    expect(await runner.pause(paused.id)).toMatchObject({ state: "paused" });
    expect(store.ready()).toEqual([]);
    await runner.close();
  });

  it("outlives a job that cannot be started, and starts it later (a full disk would end Croft)", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const truth = temporaryTruth();
    let isFull = false;
    const full: Truth = {
      ...truth,
      transact(work) {
        if (isFull) throw new AppError("DISK_FULL", "The fixture's disk is full.");
        return truth.transact(work);
      },
    };
    const { runner } = setUp([handler(() => Promise.resolve("ran"))], full);
    runner.open();
    const { id } = runner.add("test", "1", {});
    const ended = runner.settled(id);
    isFull = true;
    // Thrown out of a timer or a microtask this would be an uncaught error, which fails the run.
    await vi.advanceTimersByTimeAsync(1_000);
    isFull = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await ended).toMatchObject({ state: "done", result: "ran" });
    await runner.close();
  });

  it("fails a job under which Croft ended again and again (it would never stay open)", async () => {
    const truth = temporaryTruth();
    const store = createJobStore(truth);
    const { id } = store.insert("test", "Deadly", {});
    for (let crash = 1; crash <= 5; crash += 1) {
      store.move(id, ["queued"], "running", { attempts: crash });
      store.recover();
    }
    expect(store.get(id)).toMatchObject({ state: "failed", error: { code: "INTERNAL", hint: expect.stringContaining("Retry") } });
    const { runner } = setUp([handler(() => Promise.resolve("ran"))], truth);
    runner.open();
    runner.requeue(id, ["failed"]);
    expect(await runner.settled(id)).toMatchObject({ state: "done", attempts: 1 });
    await runner.close();
  });

  it("starts a job again that got on with its work at its last start (a long one on a machine that is often switched off)", () => {
    const store = createJobStore(temporaryTruth());
    const { id } = store.insert("test", "Long", {});
    const crash = (attempts: number, done: number) => {
      store.move(id, ["queued"], "running", { attempts });
      if (done > 0) store.saveProgress(id, { done, total: 100, unit: "files" });
      store.recover();
      return store.get(id).state;
    };
    for (let attempt = 1; attempt < 10; attempt += 1) expect(crash(attempt, 3)).toBe("queued");
    // What a start before had done does not count for one that did nothing.
    expect(crash(10, 0)).toBe("failed");
    store.move(id, ["failed"], "queued");
    expect(crash(25, 3)).toBe("failed");
  });

  it("stops waiting for a job when the signal fires, also when it had fired before", async () => {
    const { runner } = setUp([]);
    const { id } = runner.add("test", "never started", {});
    await expect(runner.settled(id, AbortSignal.abort(new AppError("ABORTED", "before")))).rejects.toMatchObject({ code: "ABORTED" });
    const stop = new AbortController();
    const waiting = runner.settled(id, stop.signal);
    stop.abort(new AppError("ABORTED", "meanwhile"));
    await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("retries a failed job from the beginning of its attempts", async () => {
    let broken = true;
    const { runner } = setUp([handler(() => (broken ? Promise.reject(new AppError("DISK_FULL", "full")) : Promise.resolve("ok")))]);
    runner.open();
    const { id } = runner.add("test", "1", {});
    await runner.settled(id);
    broken = false;
    runner.requeue(id, ["failed", "cancelled"]);
    expect(await runner.settled(id)).toMatchObject({ state: "done", attempts: 1 });
    await runner.close();
  });

  it("hides what an unknown error says from the person, and keeps it for the log", async () => {
    const records: unknown[] = [];
    const truth = temporaryTruth();
    const runner = createJobRunner({
      store: createJobStore(truth),
      handlers: () => [handler(() => Promise.reject(new Error("secret path /home")))],
      log: createLogger((record) => records.push(record), truth.now),
      now: truth.now,
    });
    runner.open();
    const { id } = runner.add("test", "1", {});
    const job = await runner.settled(id);
    expect(job.error?.code).toBe("INTERNAL");
    expect(JSON.stringify(job)).not.toContain("secret");
    expect(JSON.stringify(records)).toContain("secret path");
    await runner.close();
  });

  it("fails a job of a kind it does not know instead of leaving it for ever", async () => {
    const { runner } = setUp([]);
    runner.open();
    const { id } = runner.add("from.the.future", "1", {});
    expect(await runner.settled(id)).toMatchObject({ state: "failed", error: { code: "NOT_SUPPORTED" } });
    await runner.close();
  });

  it("fails a job whose stored input no longer parses", async () => {
    const { runner } = setUp([
      handler(() => Promise.resolve(null), {
        parse: () => {
          throw new AppError("INVALID_INPUT", "not an input");
        },
      }),
    ]);
    runner.open();
    const { id } = runner.add("test", "1", {});
    expect(await runner.settled(id)).toMatchObject({ state: "failed", error: { code: "INVALID_INPUT" } });
    await runner.close();
  });

  it("refuses to pause what is done and to cancel what is unknown", async () => {
    const { runner } = setUp([handler(() => Promise.resolve(null))]);
    runner.open();
    const { id } = runner.add("test", "1", {});
    await runner.settled(id);
    await expect(runner.pause(id)).rejects.toMatchObject({ code: "CONFLICT", data: { state: "done" } });
    await expect(runner.cancel("0190a0b0-0000-7000-8000-000000000000")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await runner.close();
  });

  it("keeps the last progress of a job, however often it reports", async () => {
    const { runner, store } = setUp([
      handler((_, { progress }) => {
        for (let done = 0; done <= 1000; done += 1) progress({ done, total: 1000, unit: "files" });
        return Promise.resolve(null);
      }),
    ]);
    const told: number[] = [];
    runner.onChange((job) => told.push(job.progress.done));
    runner.open();
    const { id } = runner.add("test", "1", {});
    await runner.settled(id);
    expect(store.get(id).progress).toEqual({ done: 1000, total: 1000, unit: "files" });
    expect(told.length).toBeLessThan(100);
    await runner.close();
  });
});

// Catches: a job that does not say whose it is, so that who waits for it goes by its title.
it("a job names the collection that its input names, and none where there is none", () => {
  const { store } = setUp([]);
  const collectionId = "018f0000-0000-7000-8000-000000000001";
  expect(store.insert("test", "one", { collectionId, more: 1 }).collection).toBe(collectionId);
  for (const input of [{}, null, "text", { collectionId: 7 }, { collectionId: "no id" }])
    expect(store.insert("test", "none", input)).not.toHaveProperty("collection");
});

describe("backoff", () => {
  it("doubles, is jittered by half and ends at five minutes", () => {
    expect(backoffMs(1, () => 1)).toBe(2_000);
    expect(backoffMs(1, () => 0)).toBe(1_000);
    expect(backoffMs(4, () => 1)).toBe(16_000);
    expect(backoffMs(40, () => 1)).toBe(300_000);
  });
});
