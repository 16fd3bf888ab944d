import { statfs } from "node:fs/promises";
import type { Host } from "../../core/host.ts";
import type { Engines } from "../../core/engines.ts";
import type { Logger } from "../../core/logger.ts";
import type { Truth } from "../../db/truth.ts";
import type { JobHandler } from "../../jobs/job.ts";
import type { JobRunner } from "../../jobs/job-runner.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import type { ChatModel } from "../../providers/chat-model.ts";
import type { Reading } from "../knowledge/index.ts";
import { batchRoutes } from "./batch-routes.ts";
import { createLessonStore } from "./learn/lesson-store.ts";
import { prepareWay } from "./prepare-way.ts";
import { readBuiltInRecipes } from "./recipes/built-in.ts";
import { createRecipeStore } from "./recipes/recipe-store.ts";
import { createDecisionStore } from "./review/decision-store.ts";
import { createJudge } from "./review/judge-record.ts";
import { createRecogniseBox } from "./review/recognise-box.ts";
import { createReview } from "./review/review.ts";
import { drawSamples, widenSamples } from "./review/draw-samples.ts";
import { createSampleStore } from "./review/sample-store.ts";
import { BATCH_JOB, createBatchJob } from "./run/batch-job.ts";
import { createGoneCauses } from "./run/gone-causes.ts";
import { createItemStore } from "./run/item-store.ts";
import { createProcessFile } from "./run/process-file.ts";
import { createRecordStore, type StoredRecord } from "./run/record-store.ts";
import { createResultList } from "./run/result-list-store.ts";
import { createRunStore, type StoredRun } from "./run/run-store.ts";
import { createTextStore } from "./run/text-store.ts";
import { watchRuns } from "./run/watch-runs.ts";
import { createRuns } from "./runs.ts";
import { createCostStore } from "./scan/cost-store.ts";

export type BatchOptions = {
  truth: Truth;
  profile: Host["paths"]["profile"];
  resources: Host["paths"]["resources"];
  engines: Pick<Engines, "readers" | "ocr">;
  reading: Reading;
  jobs: JobRunner;
  jobStore: JobStore;
  chatModel: (reference: string) => Promise<ChatModel>;
  modelHash: (reference: string) => Promise<string>;
  /** The chat model of the settings. */
  defaultModel: () => string | undefined;
  ocrLanguages: () => string[];
  log: Logger;
  now: () => number;
};

/** How often it is looked whether what stopped runs is gone. */
const LOOK_MS = 60_000;

/** Batch documents: folders in, checked tables out. */
export async function createBatch(options: BatchOptions) {
  const { truth, jobs, jobStore, reading, now, log, chatModel, modelHash, ocrLanguages, defaultModel } = options;
  const recipes = createRecipeStore(truth, await readBuiltInRecipes(options.resources));
  const runStore = createRunStore(truth);
  const items = createItemStore(truth);
  const records = createRecordStore(truth);
  const results = createResultList(truth);
  const samples = createSampleStore(truth);
  const texts = createTextStore(truth);
  const decisions = createDecisionStore(truth);
  const costs = createCostStore(truth);
  const process = createProcessFile({ reading, costs, now });
  const lessons = createLessonStore(truth, decisions, texts);
  const prepare = { chatModel, modelHash, ocrLanguages, lessons: lessons.of };

  /** A model that was named must be there; the one of the settings is used where it is. */
  async function chooseModel(wished: string | undefined, ofRecipe: string | undefined): Promise<string> {
    const named = wished ?? ofRecipe;
    if (named === "none") return "none";
    if (named !== undefined) return (await chatModel(named)).id;
    const usual = defaultModel();
    if (usual === undefined) return "none";
    return chatModel(usual).then(
      ({ id }) => id,
      () => "none",
    );
  }

  const runs = createRuns({ runs: runStore, items, recipes, jobs, jobStore, chooseModel });
  const recipeOf = ({ recipe }: StoredRun | StoredRecord) => recipes.get(recipe.name, recipe.version).recipe;
  const sampling = { truth, runs: runStore, samples };
  const prepareRun = (run: StoredRun) => prepareWay(prepare, recipeOf(run), run.model, runs.passwordsOf(run.id));
  const job = createBatchJob({
    truth,
    runs: runStore,
    items,
    records,
    texts,
    decisions,
    process,
    prepare: prepareRun,
    sample: (run, signal) => drawSamples(run, recipeOf(run), sampling, signal),
    now,
  }) as JobHandler;
  const recogniseBox = createRecogniseBox(options.engines);
  const review = createReview({
    truth,
    records,
    decisions,
    texts,
    judgeOf: (record) => createJudge(recipeOf(record)),
    recognise: async (record, recipe, { page, box }, signal) => {
      const [file] = records.pathsOf(record);
      if (!file) return undefined;
      const known = record.textHash === undefined ? undefined : texts.get(record.textHash)?.pages.find((one) => one.page === page);
      const size = known?.width !== undefined && known.height !== undefined ? { width: known.width, height: known.height } : undefined;
      const languages = recipe.ocr.languages.length > 0 ? recipe.ocr.languages : ocrLanguages();
      return recogniseBox({ path: file.path, page, box, size, languages, passwords: runs.passwordsOf(file.runId) }, signal);
    },
  });

  /** What a decision about a sampled document says of its runs. */
  async function decided(record: StoredRecord, signal: AbortSignal): Promise<void> {
    if (!record.sampled) return;
    for (const runId of new Set(records.pathsOf(record).map((path) => path.runId))) {
      const run = runStore.get(runId);
      await widenSamples(run, recipeOf(run), sampling, signal);
    }
  }

  const causes = createGoneCauses({
    held: runs.held,
    start: (runId) => void runs.start(runId),
    isInstalled: (model) =>
      chatModel(model).then(
        () => true,
        () => false,
      ),
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(options.profile);
      return bavail * bsize;
    },
    log,
  });
  let watching: ReturnType<typeof watchRuns> | undefined;
  const watch = (signal: AbortSignal): void => {
    if (watching || signal.aborted) return;
    watching = watchRuns({ watched: runStore.watched, start: (runId) => void runs.start(runId), log });
    watching.refresh();
    // A model may be imported, and room made, without anything here being told.
    void causes.check();
    const looking = setInterval(() => void causes.check(), LOOK_MS).unref();
    const off = truth.onEvents((events) => {
      if (events.some(({ kind }) => kind === "batch.run")) watching?.refresh();
    });
    signal.addEventListener("abort", () => {
      off();
      clearInterval(looking);
      watching?.close();
    });
  };
  const offJobs = jobs.onChange((changed) => {
    // A model that came is a cause that is gone.
    if (changed.kind === "models.download" && changed.state === "done") void causes.check();
    if (changed.kind === BATCH_JOB && changed.error?.code === "DISK_FULL") void causes.noteFull(changed.id);
  });

  return {
    job,
    watch,
    close: offJobs,
    routes: batchRoutes({
      truth,
      jobs,
      runs,
      items,
      records,
      results,
      samples,
      texts,
      decisions,
      recipes,
      review,
      decided,
      costs,
      process,
      lessons,
      prepare,
      chooseModel,
      readers: options.engines.readers,
      now,
    }),
  };
}
