import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { BatchRun } from "../../../shared/contract/batch.ts";
import type { Job } from "../../../shared/contract/jobs.ts";
import { AppError } from "../../../shared/errors.ts";
import type { JobRunner } from "../../jobs/job-runner.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import type { RecipeStore } from "./recipes/recipe-store.ts";
import { BATCH_JOB } from "./run/batch-job.ts";
import type { HeldRun } from "./run/gone-causes.ts";
import type { ItemStore } from "./run/item-store.ts";
import type { RunStore, StoredRun } from "./run/run-store.ts";
import { SHARE } from "./review/sample.ts";

export type RunsDeps = {
  runs: RunStore;
  items: ItemStore;
  recipes: RecipeStore;
  jobs: JobRunner;
  jobStore: Pick<JobStore, "get">;
  /** The model of a run: as wished, as its recipe says, as the settings say; `none` where nothing is installed. @throws MODEL_MISSING NOT_FOUND for one that was named */
  chooseModel(wished: string | undefined, recipe: string | undefined): Promise<string>;
};
export type RunWish = {
  paths: string[];
  recipe: { name: string; version?: number | undefined };
  name?: string | undefined;
  model?: string | undefined;
  watch: boolean;
  concurrency?: number | undefined;
  passwords: string[];
};
export type Runs = ReturnType<typeof createRuns>;

/** Runs as people handle them: begun, continued, watched, paused. */
export function createRuns({ runs, items, recipes, jobs, jobStore, chooseModel }: RunsDeps) {
  /** Passwords are kept in memory only, for as long as Croft runs. */
  const passwords = new Map<string, string[]>();

  const jobOf = (run: StoredRun): Job | undefined => {
    try {
      return run.jobId === undefined ? undefined : jobStore.get(run.jobId);
    } catch {
      return undefined;
    }
  };

  function show(run: StoredRun): BatchRun {
    const { files, copies, ...counts } = items.counts(run.id);
    const job = jobOf(run);
    return {
      id: run.id,
      name: run.name,
      paths: run.paths,
      recipe: run.recipe,
      model: run.model,
      watch: run.watch,
      concurrency: run.options.concurrency,
      ...(job ? { jobId: job.id } : {}),
      state: job?.state ?? "done",
      ...(job?.error ? { error: job.error } : {}),
      counts,
      files,
      copies,
      createdAt: run.createdAt,
      updatedAt: run.updatedAt,
    };
  }

  /** The job that works on the run: the one that is at it or waits, else a new one. */
  function start(run: StoredRun): { run: BatchRun; jobId: string } {
    const job = jobOf(run);
    const jobId =
      job?.state === "running" || job?.state === "queued"
        ? job.id
        : job?.state === "paused"
          ? jobs.requeue(job.id, ["paused"]).id
          : jobs.add(BATCH_JOB, `Batch ${run.name}`, { runId: run.id }).id;
    return { run: show(runs.change(run.id, { jobId })), jobId };
  }

  function freeName(wanted: string, paths: readonly string[]): string {
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? wanted : `${wanted}-${number}`;
      const known = runs.find(name);
      if (!known || JSON.stringify(known.paths) === JSON.stringify(paths)) return name;
    }
  }

  return {
    show,
    jobOf,
    passwordsOf: (runId: string): readonly string[] => passwords.get(runId) ?? [],
    list: (limit: number): BatchRun[] => runs.list(limit).map(show),
    get: (run: string): StoredRun => runs.get(run),

    async begin(wish: RunWish): Promise<{ run: BatchRun; jobId: string }> {
      const paths = await Promise.all(wish.paths.map(existing));
      const { recipe } = recipes.get(wish.recipe.name, wish.recipe.version);
      const model = await chooseModel(wish.model, recipe.model);
      const name = wish.name ?? freeName(`${basename(paths[0] ?? "") || "files"}-${recipe.name}`, paths);
      const known = runs.find(name);
      // A pass that is under way took the recipe that was; it must end before another begins.
      const job = known && jobOf(known);
      const isOther =
        known !== undefined &&
        (known.recipe.name !== recipe.name ||
          known.recipe.version !== recipe.version ||
          known.model !== model ||
          JSON.stringify(known.paths) !== JSON.stringify(paths));
      if (job?.state === "running" && isOther) await jobs.cancel(job.id).catch(() => undefined);
      const stored = runs.put({
        name,
        paths,
        recipe: { name: recipe.name, version: recipe.version },
        model,
        watch: wish.watch,
        options: { concurrency: wish.concurrency ?? recipe.concurrency, sampleShare: known?.options.sampleShare ?? SHARE },
      });
      if (wish.passwords.length > 0) {
        passwords.set(stored.id, wish.passwords);
        items.revive(stored.id, { codes: ["FILE_ENCRYPTED", "FILE_PASSWORD_WRONG"] });
      }
      return start(stored);
    },
    start: (run: string) => start(runs.get(run)),
    async pause(run: string): Promise<BatchRun> {
      const stored = runs.get(run);
      if (stored.jobId === undefined) throw notRunning(stored);
      await jobs.pause(stored.jobId);
      return show(runs.get(run));
    },
    async cancel(run: string): Promise<BatchRun> {
      const stored = runs.get(run);
      if (stored.jobId === undefined) throw notRunning(stored);
      await jobs.cancel(stored.jobId);
      return show(runs.get(run));
    },
    change(run: string, { watch, concurrency }: { watch?: boolean | undefined; concurrency?: number | undefined }): BatchRun {
      const stored = runs.get(run);
      return show(runs.change(stored.id, { watch, ...(concurrency === undefined ? {} : { options: { ...stored.options, concurrency } }) }));
    },
    retry(run: string, ids: readonly string[] | undefined, given: string[]): { run: BatchRun; jobId: string; items: number } {
      const stored = runs.get(run);
      if (given.length > 0) passwords.set(stored.id, given);
      const revived = items.revive(stored.id, { ids });
      return { ...start(stored), items: revived };
    },
    /** Runs that stopped for a fault which is none of their files'. */
    held: (): HeldRun[] =>
      runs.list(1000).flatMap((run) => {
        const job = jobOf(run);
        return job?.state === "failed" && job.error ? [{ run, jobId: job.id, code: job.error.code }] : [];
      }),
    async remove(run: string): Promise<void> {
      const stored = runs.get(run);
      await jobs.cancelWhere(
        BATCH_JOB,
        (input) => typeof input === "object" && input !== null && "runId" in input && input.runId === stored.id,
      );
      runs.remove(stored.id);
    },
  };
}

async function existing(path: string): Promise<string> {
  const absolute = resolve(path);
  await stat(absolute).catch((cause: unknown) => {
    throw new AppError("NOT_FOUND", `There is no file or folder ${absolute}. Nothing was begun.`, {
      hint: "Check the path; a relative one begins at the folder you are in.",
      cause,
    });
  });
  return absolute;
}

const notRunning = ({ name }: StoredRun) =>
  new AppError("CONFLICT", `${name} is not running; there is nothing to stop.`, {
    hint: "Start it again to read what is new in its folders.",
  });
