import { describe, expect, it } from "vitest";
import type { Recipe } from "../../../src/shared/contract/recipe.ts";
import { drawSamples, widenSamples } from "../../../src/main/features/batch/review/draw-samples.ts";
import { runStats } from "../../../src/main/features/batch/run/stats.ts";
import { timeAtWork } from "../../../src/main/features/batch/run/time-at-work.ts";
import { checkRecipe } from "../../../src/main/features/batch/recipes/parse-recipe.ts";
import { batchRows, type BatchRow, fieldsOf } from "../../helpers/batch-rows.ts";

const signal = new AbortController().signal;
const rowsOf = (count: number, document: (index: number) => NonNullable<BatchRow["documents"]>[number], extension = "pdf"): BatchRow[] =>
  Array.from({ length: count }, (_, index) => ({ path: `/x/${index}.${extension}`, documents: [document(index)] }));

function recipeWith(properties: Record<string, unknown>): Recipe {
  const { recipe } = checkRecipe({
    format: "croft.recipe/1",
    name: "test",
    title: "Test",
    schema: { type: "object", properties, required: Object.keys(properties) },
  });
  if (!recipe) throw new Error("the recipe of the test is refused");
  return recipe;
}
const typed = recipeWith({ type: { type: ["string", "null"], enum: ["letter", "invoice", null], "x-kind": "choice" } });
const untyped = recipeWith({ total: { type: ["number", "null"], "x-kind": "amount" } });

describe("pages a minute", () => {
  // Catches: two workers counted as slower than one, and a night between two passes counted as work.
  it("go by the time in which somebody was at work", () => {
    expect(timeAtWork([])).toBe(0);
    // Two at once, one inside another, and one the next day.
    expect(
      timeAtWork([
        { endedAt: 10_000, ms: 10_000 },
        { endedAt: 11_000, ms: 9_000 },
        { endedAt: 9_000, ms: 1_000 },
        { endedAt: 90_000_000, ms: 4_000 },
      ]),
    ).toBe(15_000);
  });

  it("are those of all workers together", async () => {
    const start = Date.UTC(2026, 0, 1);
    const { run, add, setTime, now, ...stores } = batchRows([]);
    const stats = () => runStats(run, { ...stores, now: now(), left: undefined }, signal);
    expect((await stats()).pagesPerMinute).toBe(0);
    setTime(start + 60_000);
    // Four files of one page, each read for the whole of the same minute.
    add(rowsOf(4, () => ({ timings: { read: 50_000, rules: 10_000 } })));
    expect(await stats()).toMatchObject({ pagesPerMinute: 4, stages: [{ stage: "read", documents: 4, ms: 200_000 }, { stage: "rules" }] });
  });
});

describe("the quality sample of a run", () => {
  // Catches: a type that the recipe reads and the sample does not know, and files of one kind drawn for all.
  it("is drawn from every type that the recipe or the file's name tells", async () => {
    const rows = rowsOf(60, (index) => ({ fields: fieldsOf({ type: index < 3 ? "letter" : "invoice" }) }));
    const { samples, runs, truth, run, records } = batchRows(rows);
    expect(Object.groupBy(await samples.candidates(run.id, typed, signal), ({ type }) => type)).toMatchObject({
      letter: { length: 3 },
      invoice: { length: 57 },
    });
    await drawSamples(run, typed, { truth, runs, samples }, signal);
    const drawn: unknown[] = [];
    await records.eachOf(run.id, signal, ({ sampled, state, fields }) => {
      expect(state).toBe(sampled ? "review" : "done");
      if (sampled) drawn.push(fields["type"]);
    });
    expect(drawn).toHaveLength(5);
    expect(drawn).toContainEqual(expect.objectContaining({ value: "letter" }));
    const mixed = batchRows([...rowsOf(3, () => ({})), ...rowsOf(2, () => ({}), "TXT")]);
    expect((await mixed.samples.candidates(mixed.run.id, untyped, signal)).map(({ type }) => type).toSorted()).toEqual([
      ".pdf",
      ".pdf",
      ".pdf",
      ".txt",
      ".txt",
    ]);
  });

  // Catches: a share that grows at each pass for the errors of the first, and errors that were taken back.
  it("widens once for what people found, and tells the rate with its interval", async () => {
    const { samples, runs, truth, run, records, decisions, items, now } = batchRows(rowsOf(200, () => ({})));
    const draw = () => drawSamples(runs.get(run.id), untyped, { truth, runs, samples }, signal);
    await draw();
    expect(samples.standing(run.id)).toEqual({ sampled: 10, reviewed: 0, wrong: 0 });
    const sampled: Parameters<typeof records.update>[0][] = [];
    await records.eachOf(run.id, signal, (record) => void (record.sampled && sampled.push(record)));
    const widen = () => widenSamples(runs.get(run.id), untyped, { truth, runs, samples }, signal);
    for (const [index, record] of sampled.entries()) {
      // Nothing is added while the sample is being looked at.
      expect(await widen()).toBe(false);
      records.update({ ...record, approved: true, state: "done" });
      if (index < 4) decisions.add(record, [{ field: "total", action: "correct", before: null, after: null }], "a");
    }
    decisions.undo(sampled[0]!, undefined);
    expect(samples.standing(run.id)).toEqual({ sampled: 10, reviewed: 10, wrong: 3 });
    // As soon as people found it, and not only when the folder is read again.
    expect(await widen()).toBe(true);
    expect(await widen()).toBe(false);
    // The lower end for 3 of 10 is 10.8 %.
    const { sampleShare } = runs.get(run.id).options;
    expect(sampleShare).toBeCloseTo(0.27, 2);
    const { sample } = await runStats(runs.get(run.id), { items, records, samples, now: now(), left: undefined }, signal);
    expect(sample).toMatchObject({ share: sampleShare, sampled: Math.ceil(200 * sampleShare), reviewed: 10, wrong: 3 });
    expect(sample.errorRate.low).toBeCloseTo(0.108, 3);
    await draw();
    expect(runs.get(run.id).options.sampleShare).toBe(sampleShare);
    expect(samples.standing(run.id).sampled).toBe(sample.sampled);
  });
});
