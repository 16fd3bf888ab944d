import { resolve } from "node:path";
import type { BatchRun, BatchStats } from "../../../shared/contract/batch.ts";
import type { Progress } from "../../../shared/contract/jobs.ts";
import { os } from "../../core/implementer.ts";
import type { Truth } from "../../db/truth.ts";
import type { EngineHost } from "../../engines/engine.ts";
import type { ReadersProtocol } from "../../engines/readers/protocol.ts";
import { createMailbox } from "../../jobs/mailbox.ts";
import type { JobRunner } from "../../jobs/job-runner.ts";
import { blockers, exportRun, isFinished } from "./export/export-run.ts";
import { withPolicy } from "./export/personal.ts";
import { prepareWay, type PrepareDeps } from "./prepare-way.ts";
import type { RecipeStore } from "./recipes/recipe-store.ts";
import type { SampleStore } from "./review/sample-store.ts";
import type { ItemStore } from "./run/item-store.ts";
import { recordKey } from "./run/pipeline.ts";
import type { RecordStore } from "./run/record-store.ts";
import type { ResultList } from "./run/result-list-store.ts";
import type { StoredRun } from "./run/run-store.ts";
import { runStats } from "./run/stats.ts";
import type { Runs } from "./runs.ts";
import type { CostStore } from "./scan/cost-store.ts";
import { estimate } from "./scan/estimate.ts";
import { scanFolder } from "./scan/scan-folder.ts";

export type RunRoutesDeps = {
  truth: Truth;
  jobs: JobRunner;
  runs: Runs;
  items: ItemStore;
  records: RecordStore;
  results: ResultList;
  samples: SampleStore;
  recipes: RecipeStore;
  costs: CostStore;
  prepare: PrepareDeps;
  chooseModel: (wished: string | undefined, recipe: string | undefined) => Promise<string>;
  readers: EngineHost<ReadersProtocol>;
  now: () => number;
};

/** A change is told at most ten times a second. */
const TELL_MS = 100;

/** Handlers of what concerns whole runs. */
export function runRoutes(deps: RunRoutesDeps) {
  const { runs, items, records, recipes } = deps;
  const signalOf = (signal: AbortSignal | undefined) => signal ?? new AbortController().signal;
  const recipeOf = ({ recipe }: StoredRun) => recipes.get(recipe.name, recipe.version);

  async function* scan(
    input: { paths: string[]; recipe?: { name: string; version?: number | undefined } | undefined; model?: string | undefined },
    signal: AbortSignal,
  ) {
    const recipe = input.recipe && recipes.get(input.recipe.name, input.recipe.version).recipe;
    const model = recipe ? await deps.chooseModel(input.model, recipe.model) : "none";
    const way = recipe && (await prepareWay(deps.prepare, recipe, model, []));
    const isKnown = (hash: string) =>
      way !== undefined &&
      records.hasKey(recordKey(hash, { recipe: way.recipe.name, recipeHash: way.recipeHash, modelHash: way.modelHash, ocr: way.ocr }));
    yield* scanFolder(
      input.paths.map((path) => resolve(path)),
      {
        readers: deps.readers,
        costs: deps.costs,
        now: deps.now,
        isKnown,
        usesModel: model !== "none",
        concurrency: recipe?.concurrency ?? 2,
      },
      signal,
    );
  }

  function left(run: StoredRun): BatchStats["left"] {
    const counts = items.counts(run.id);
    if (counts.pending === 0) return undefined;
    const { documents, pages } = records.pages(run.id);
    const wanted = Math.ceil((Math.max(1, pages) / Math.max(1, documents)) * counts.pending);
    const { low, high } = estimate(
      { text: wanted, ...(run.model === "none" ? {} : { model: wanted }) },
      deps.costs,
      run.options.concurrency,
    );
    return { low, high };
  }

  return {
    scan: os.batch.scan.handler(({ input, signal }) => scan(input, signalOf(signal))),
    run: os.batch.run.handler(({ input }) => runs.begin(input)),
    listRuns: os.batch.listRuns.handler(({ input }) => runs.list(input.limit)),
    showRun: os.batch.showRun.handler(({ input }) => runs.show(runs.get(input.run))),
    changeRun: os.batch.changeRun.handler(({ input }) => runs.change(input.run, input)),
    pause: os.batch.pause.handler(({ input }) => runs.pause(input.run)),
    resume: os.batch.resume.handler(({ input }) => runs.start(input.run)),
    cancel: os.batch.cancel.handler(({ input }) => runs.cancel(input.run)),
    retry: os.batch.retry.handler(({ input }) => runs.retry(input.run, input.items, input.passwords)),
    removeRun: os.batch.removeRun.handler(async ({ input }) => {
      await runs.remove(input.run);
      return {};
    }),
    stats: os.batch.stats.handler(({ input, signal }) => {
      const run = runs.get(input.run);
      return runStats(run, { items, records, samples: deps.samples, now: deps.now(), left: left(run) }, signalOf(signal));
    }),
    watchRun: os.batch.watchRun.handler(async function* ({ input, signal }) {
      const { id } = runs.get(input.run);
      const changes = createMailbox<string, Progress | undefined>(signal);
      const offEvents = deps.truth.onEvents((events) => {
        if (events.some(({ kind, subject }) => kind === "batch.run" && subject === id)) changes.put(id, undefined);
      });
      const offJobs = deps.jobs.onChange((job) => {
        if (runs.get(id).jobId === job.id) changes.put(id, job.progress);
      });
      try {
        let seq = 0;
        yield { type: "snapshot" as const, seq, run: runs.show(runs.get(id)) };
        for await (const progress of changes) {
          const run: BatchRun = runs.show(runs.get(id));
          yield { type: "change" as const, seq: ++seq, run, ...(progress ? { progress } : {}) };
          await new Promise((done) => setTimeout(done, TELL_MS));
        }
      } finally {
        offEvents();
        offJobs();
      }
    }),
    results: os.batch.results.handler(async ({ input: { run: name, ...window }, signal }) => {
      const run = runs.get(name);
      const { recipe } = recipeOf(run);
      const { results, ...more } = await deps.results.window(run, window, signalOf(signal));
      return { ...more, results: results.map((result) => ({ ...result, fields: withPolicy(result.fields, recipe) })) };
    }),
    checkExport: os.batch.checkExport.handler(async ({ input, signal }) => {
      const blocked = [];
      let documents = 0;
      for await (const slice of deps.results.all(runs.get(input.run), signalOf(signal))) {
        documents += slice.filter(isFinished).length;
        blocked.push(...blockers(slice));
      }
      return { documents, blocked };
    }),
    export: os.batch.export.handler(async ({ input, signal }) => {
      const run = runs.get(input.run);
      const { recipe, hash: recipeHash } = recipeOf(run);
      return exportRun(
        { run, recipe, recipeHash, results: deps.results.all(run, signalOf(signal)) },
        { format: input.format, out: resolve(input.out), force: input.force, now: deps.now() },
      );
    }),
  };
}
