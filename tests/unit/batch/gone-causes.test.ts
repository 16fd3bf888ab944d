import { readFile } from "node:fs/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { createLogger } from "../../../src/main/core/logger.ts";
import { createDecisionStore } from "../../../src/main/features/batch/review/decision-store.ts";
import { createJudge } from "../../../src/main/features/batch/review/judge-record.ts";
import { createRecipeStore } from "../../../src/main/features/batch/recipes/recipe-store.ts";
import { createRuns } from "../../../src/main/features/batch/runs.ts";
import { createBatchJob } from "../../../src/main/features/batch/run/batch-job.ts";
import { createGoneCauses } from "../../../src/main/features/batch/run/gone-causes.ts";
import { createItemStore } from "../../../src/main/features/batch/run/item-store.ts";
import { createProcessFile } from "../../../src/main/features/batch/run/process-file.ts";
import { createRecordStore } from "../../../src/main/features/batch/run/record-store.ts";
import { createRunStore } from "../../../src/main/features/batch/run/run-store.ts";
import { createTextStore } from "../../../src/main/features/batch/run/text-store.ts";
import { createCostStore } from "../../../src/main/features/batch/scan/cost-store.ts";
import { assemble } from "../../../src/main/features/knowledge/reading/assemble.ts";
import type { Reading } from "../../../src/main/features/knowledge/index.ts";
import type { JobHandler } from "../../../src/main/jobs/job.ts";
import { createJobRunner } from "../../../src/main/jobs/job-runner.ts";
import { createJobStore } from "../../../src/main/jobs/job-store.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { builtInRecipe } from "../../helpers/batch-views.ts";
import { folderOf } from "../../helpers/core.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const MEGABYTE = 1024 * 1024;
const log = createLogger(
  () => undefined,
  () => 0,
);

/** Reads files as text; what begins with "locked:" needs the word behind it as its password. */
const readDocument: Reading["readDocument"] = async (path, { password }) => {
  const text = await readFile(path, "utf8");
  const [, key] = /^locked:(\w+)/u.exec(text) ?? [];
  if (key !== undefined && password !== key)
    throw new AppError(password === undefined ? "FILE_ENCRYPTED" : "FILE_PASSWORD_WRONG", "The file is locked.");
  return {
    ...assemble([{ page: 1, text, blocks: [], source: "text" }], []),
    head: { type: "txt", mime: "text/plain", metadata: {}, pages: 1 },
    bytes: text.length,
    language: "en",
    isDrawable: false,
    recognisablePages: 0,
    unrecognisedPages: 0,
    attachments: [],
    warnings: [],
  };
};

/** The real queue over files in a folder; the machine's faults are set by the test. */
async function openRuns(files: Record<string, string>) {
  const machine = { models: new Set<string>(), free: 0, isFull: false };
  const folder = folderOf(files);
  const truth = temporaryTruth();
  const recipe = builtInRecipe("invoice");
  const recipes = createRecipeStore(truth, new Map([[recipe.name, recipe]]));
  const stores = { runs: createRunStore(truth), items: createItemStore(truth), records: createRecordStore(truth) };
  const jobStore = createJobStore(truth);
  const process = createProcessFile({ reading: { readDocument }, costs: createCostStore(truth), now: truth.now });
  const judge = await createJudge(recipe);
  const job = createBatchJob({
    ...stores,
    truth,
    texts: createTextStore(truth),
    decisions: createDecisionStore(truth),
    process: (path, way, signal) => {
      if (machine.isFull) throw new AppError("DISK_FULL", "The disk is full.");
      return process(path, way, signal);
    },
    prepare: async ({ id, model }) => {
      if (model !== "none" && !machine.models.has(model)) throw new AppError("MODEL_MISSING", `${model} is not installed.`);
      return { recipe, judge, model: undefined, passwords: runs.passwordsOf(id), recipeHash: "r", modelHash: model, ocr: "" };
    },
    sample: async () => undefined,
    now: truth.now,
  }) as JobHandler;
  const jobs = createJobRunner({ store: jobStore, handlers: () => [job], log, now: truth.now });
  jobs.open();
  onTestFinished(() => jobs.close());
  const runs = createRuns({ ...stores, recipes, jobs, jobStore, chooseModel: (wished) => Promise.resolve(wished ?? "none") });
  const causes = createGoneCauses({
    held: runs.held,
    start: (id) => void runs.start(id),
    isInstalled: (model) => Promise.resolve(machine.models.has(model)),
    freeBytes: () => Promise.resolve(machine.free),
    log,
  });
  const begin = async (more: { model?: string; passwords?: string[] } = {}) => {
    const { run, jobId } = await runs.begin({ paths: [folder], recipe: { name: "invoice" }, watch: false, passwords: [], ...more });
    return { run: run.id, job: await jobs.settled(jobId) };
  };
  /** The newest job of the run when it has ended. */
  const ended = (run: string) => jobs.settled(stores.runs.get(run).jobId ?? "");
  return { machine, folder, runs, items: stores.items, causes, begin, ended };
}

const invoice = (number: string) => `Invoice number: ${number}\nInvoice date: 2024-03-05\nTotal due: £120.00\n`;
const read = ({ done, review }: { done: number; review: number }) => done + review;

describe("a cause that is gone", () => {
  // Catches: a run that waits for ever for a model that is there, and one that is begun in vain for another model.
  it("lets a run go on when its model is installed, and no sooner", async () => {
    const { machine, items, causes, begin, ended } = await openRuns({ "a.txt": invoice("A-1") });
    const { run, job } = await begin({ model: "local:wanted" });
    expect(job).toMatchObject({ state: "failed", error: { code: "MODEL_MISSING" } });
    machine.models.add("local:other");
    await causes.check();
    expect((await ended(run)).id).toBe(job.id);
    expect(items.counts(run)).toMatchObject({ pending: 0, files: 0 });
    machine.models.add("local:wanted");
    await causes.check();
    expect((await ended(run)).state).toBe("done");
    expect(read(items.counts(run))).toBe(1);
  });

  // Catches: files given up for a full disk, and a run that fills it again and again.
  it("lets a run go on when the disk has room, and no sooner", async () => {
    const { machine, items, causes, begin, ended } = await openRuns({ "a.txt": invoice("A-1"), "b.txt": invoice("A-2") });
    Object.assign(machine, { isFull: true, free: 300 * MEGABYTE });
    const { run, job } = await begin();
    expect(job).toMatchObject({ state: "failed", error: { code: "DISK_FULL" } });
    expect(items.counts(run)).toMatchObject({ pending: 2, dead: 0 });
    await causes.noteFull(job.id);
    machine.free += 200 * MEGABYTE;
    await causes.check();
    expect((await ended(run)).id).toBe(job.id);
    Object.assign(machine, { isFull: false, free: 600 * MEGABYTE });
    await causes.check();
    expect((await ended(run)).state).toBe("done");
    expect(read(items.counts(run))).toBe(2);
  });

  // Catches: a run that waits for ever, since nobody knows any more how full the disk was before Croft was closed.
  it("goes by what is free alone when the disk was full at an earlier start", async () => {
    const { machine, causes, begin, ended } = await openRuns({ "a.txt": invoice("A-1") });
    Object.assign(machine, { isFull: true, free: 100 * MEGABYTE });
    const { run, job } = await begin();
    await causes.check();
    expect((await ended(run)).id).toBe(job.id);
    Object.assign(machine, { isFull: false, free: 300 * MEGABYTE });
    await causes.check();
    expect((await ended(run)).state).toBe("done");
  });

  // Catches: a locked file that stays dead though its password was given, and a broken one that comes back with it.
  it("digs up locked files when a password is given, by a new run and by a retry", async () => {
    const { items, runs, begin, ended } = await openRuns({
      "a.txt": `locked:alpha\n${invoice("A-1")}`,
      "b.txt": `locked:beta\n${invoice("A-2")}`,
      "c.txt": invoice("A-3"),
      "empty.txt": " ",
    });
    const { run } = await begin();
    expect(items.reasons(run)).toEqual([
      { code: "FILE_ENCRYPTED", count: 2 },
      { code: "FILE_UNREADABLE", count: 1 },
    ]);
    expect((await begin({ passwords: ["wrong", "alpha"] })).job.result).toMatchObject({ processed: 1, dead: 2 });
    expect(
      items
        .reasons(run)
        .map(({ code }) => code)
        .toSorted(),
    ).toEqual(["FILE_PASSWORD_WRONG", "FILE_UNREADABLE"]);
    expect(runs.retry(run, undefined, ["beta"]).items).toBe(2);
    expect((await ended(run)).state).toBe("done");
    expect(items.counts(run)).toMatchObject({ dead: 1, pending: 0, files: 4 });
    expect(read(items.counts(run))).toBe(3);
  });
});
