import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { BatchRunResult } from "../../../../shared/contract/batch.ts";
import { Id } from "../../../../shared/contract/define.ts";
import { AppError, type ErrorCode, isAbort, toAppError } from "../../../../shared/errors.ts";
import type { JobContext, JobHandler } from "../../../jobs/job.ts";
import { hashFile, walk } from "../../knowledge/index.ts";
import { passDelayMs } from "./backoff.ts";
import { type Item, LEASE_MS } from "./item-store.ts";
import { recordKey } from "./pipeline.ts";
import type { ProcessFile, Way } from "./process-file.ts";
import { type SaveDeps, saveRecords } from "./save-records.ts";
import type { StoredRun, RunStore } from "./run-store.ts";

export const BATCH_JOB = "batch.run";
const Input = z.object({ runId: Id });

/** How a run's recipe and model are used now. */
export type PreparedWay = Way & { recipeHash: string; modelHash: string; ocr: string };
export type BatchJobDeps = SaveDeps & {
  runs: RunStore;
  process: ProcessFile;
  /** @throws MODEL_MISSING · NOT_FOUND for a recipe that is gone: the job fails, its files wait */
  prepare(run: StoredRun, signal: AbortSignal): Promise<PreparedWay>;
  /** After the last file: what is shown for quality. */
  sample(run: StoredRun, signal: AbortSignal): Promise<void>;
  now: () => number;
};

/** Faults that may be gone at the next try. */
const PASSING: ReadonlySet<ErrorCode> = new Set(["ENGINE_EXITED", "TIMEOUT", "MEMORY_LOW", "RATE_LIMITED", "INTERNAL"]);
/** Faults of the machine and not of a file: the run stops, and its files wait. */
const STOPPING: ReadonlySet<ErrorCode> = new Set([
  "DISK_FULL",
  "STORAGE_READONLY",
  "DATABASE_DAMAGED",
  "MODEL_MISSING",
  "MODEL_INVALID",
  "ENGINE_UNAVAILABLE",
  "CLOSED",
]);
const MOST_ATTEMPTS = 3;
/** A file under which Croft itself ended so often is not read again by itself. */
const MOST_CRASHES = 12;
const BEAT_MS = LEASE_MS / 4;

/** Works through the files of a run. Repeatable: what is done stays done, whatever ended the process. */
export function createBatchJob(deps: BatchJobDeps): JobHandler<z.infer<typeof Input>> {
  return {
    kind: BATCH_JOB,
    lane: "batch",
    maxAttempts: 3,
    parse: (input) => Input.parse(input),
    run: ({ runId }, context) => workThrough(deps, runId, context),
  };
}

async function workThrough(deps: BatchJobDeps, runId: string, context: JobContext): Promise<BatchRunResult> {
  const { items, runs, now } = deps;
  const startedAt = now();
  const owner = randomUUID();
  const tally = { processed: 0, skipped: 0 };
  const run = runs.get(runId);
  const way = await deps.prepare(run, context.signal);
  items.reclaim(runId, owner);
  const keyOf = (fileHash: string) =>
    recordKey(fileHash, { recipe: run.recipe.name, recipeHash: way.recipeHash, modelHash: way.modelHash, ocr: way.ocr });
  tally.skipped += await noteFiles(deps, run, keyOf, context.signal);
  const beat = setInterval(() => items.beat(owner), BEAT_MS).unref();
  try {
    await readAll({ deps, run, way, owner, tally, keyOf, context });
  } finally {
    clearInterval(beat);
  }
  await deps.sample(runs.get(runId), context.signal);
  const counts = items.counts(runId);
  return { run: run.name, job: context.jobId, ...tally, review: counts.review, dead: counts.dead, took: now() - startedAt };
}

/** @returns how many files are done already; a folder that cannot be reached ends nothing but itself */
async function noteFiles(
  { items, records }: BatchJobDeps,
  run: StoredRun,
  keyOf: (fileHash: string) => string,
  signal: AbortSignal,
): Promise<number> {
  let settled = 0;
  let reached = 0;
  let lost: unknown;
  for (const path of run.paths) {
    try {
      const { files, unreadable } = await walk(path, { include: [], exclude: [], signal });
      // What could not be looked into ends as a dead letter: nobody would miss what is in no list.
      const unlisted = unreadable.map((place) => ({ path: place, size: 0, modifiedAt: 0 }));
      const isCurrent = (item: Item) => item.fileHash !== undefined && item.key === keyOf(item.fileHash) && records.hasKey(item.key);
      settled += items.note(run.id, [...files, ...unlisted], isCurrent);
      reached += 1;
    } catch (error) {
      if (isAbort(error)) throw error;
      lost = error;
    }
  }
  if (reached === 0 && lost !== undefined) throw lost;
  return settled;
}

type Pass = {
  deps: BatchJobDeps;
  run: StoredRun;
  way: PreparedWay;
  owner: string;
  tally: { processed: number; skipped: number };
  keyOf: (fileHash: string) => string;
  context: JobContext;
};

/** As many workers as the run is allowed now; the number may change while it runs. */
async function readAll(pass: Pass): Promise<void> {
  const { deps, run, owner, context } = pass;
  const inWork = new Map<string, Promise<unknown>>();
  const working = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  const tell = () => context.progress({ ...deps.items.progress(run.id), unit: "files" });
  tell();
  while (!failure) {
    context.signal.throwIfAborted();
    const { concurrency } = deps.runs.get(run.id).options;
    const item = working.size < concurrency ? deps.items.claim(run.id, owner) : undefined;
    if (item) {
      const work: Promise<void> = readItem(pass, item, inWork)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => {
          working.delete(work);
          tell();
        });
      working.add(work);
    } else if (working.size > 0) await Promise.race(working);
    else {
      const due = deps.items.nextDue(run.id);
      if (due === undefined) break;
      await wait(due - deps.now(), context.signal);
    }
  }
  await Promise.all(working);
  if (failure) throw failure.error;
}

/** Reads one file, or finds that its content is known. Files with one content are read once. */
async function readItem(pass: Pass, item: Item, inWork: Map<string, Promise<unknown>>): Promise<void> {
  const { deps, way, tally, keyOf, context } = pass;
  const { items, records } = deps;
  try {
    if (item.attempts - item.faults > MOST_CRASHES)
      throw new AppError("FILE_HOSTILE", `Croft ended ${MOST_CRASHES} times while this file was read; it was left out.`);
    const fileHash = item.fileHash ?? (await hashFile(item.path, context.signal));
    items.setHash(item.id, fileHash);
    const key = keyOf(fileHash);
    // Somebody else reads the same content: wait and see.
    while (inWork.has(key)) await inWork.get(key)?.catch(() => undefined);
    const known = records.ofKey(key);
    if (known.length > 0) {
      items.done(item.id, key, Math.max(...known.map(({ lastPage }) => lastPage)));
      tally.skipped += 1;
      return;
    }
    const work = deps.process(item.path, way, context.signal).then((file) => {
      context.signal.throwIfAborted();
      saveRecords(deps, item, file, { key, fileHash, judge: way.judge, model: pass.run.model });
      tally.processed += 1;
    });
    inWork.set(key, work);
    try {
      await work;
    } finally {
      inWork.delete(key);
    }
  } catch (error) {
    settle(pass, item, error);
  }
}

/** What becomes of a file that could not be read: it waits, is tried again later, or is put aside with the reason. */
function settle({ deps, context }: Pass, item: Item, error: unknown): void {
  const failure = toAppError(error);
  if (context.signal.aborted || failure.code === "ABORTED") {
    deps.items.release(item.id);
    throw failure;
  }
  if (STOPPING.has(failure.code)) {
    deps.items.release(item.id);
    throw failure;
  }
  if (failure.code === "INTERNAL") context.log.error("batch.file-failed", { item: item.id, error });
  // What ended Croft while the file was read says nothing of this fault.
  const tries = item.faults + 1;
  if (PASSING.has(failure.code) && tries < MOST_ATTEMPTS) deps.items.postpone(item.id, deps.now() + passDelayMs(tries), failure);
  else deps.items.bury(item.id, failure);
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, Math.max(10, Math.min(ms, 60_000)));
    function done() {
      signal.removeEventListener("abort", leave);
      resolve();
    }
    function leave() {
      clearTimeout(timer);
      reject(toAppError(signal.reason));
    }
    signal.addEventListener("abort", leave, { once: true });
  });
}
