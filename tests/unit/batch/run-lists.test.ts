import { describe, expect, it } from "vitest";
import type { ResultCursor } from "../../../src/shared/contract/batch.ts";
import { batchRows, type BatchRow } from "../../helpers/batch-rows.ts";

const review = { state: "review" as const };
const pad = (index: number) => String(index).padStart(4, "0");
const signal = new AbortController().signal;

/** How often others had their turn while the work was done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const turn = () => {
    turns += 1;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isDone = true;
  return turns;
}

describe("counts of a run", () => {
  // Catches: "12 to review" beside a list of ten, since two files are copies.
  it("count what copies share once, as the lists show it", async () => {
    const { items, results, run } = batchRows([
      { path: "/x/a", documents: [review] },
      { path: "/x/b", content: "/x/a", documents: [review] },
      { path: "/x/c", documents: [review, {}] },
      { path: "/x/d", content: "/x/c", documents: [review, {}] },
      { path: "/x/e" },
      { path: "/x/f", state: "pending" },
    ]);
    const counts = items.counts(run.id);
    expect(counts).toEqual({ pending: 1, dead: 0, done: 2, review: 2, files: 6, copies: 3 });
    const list = (states: string[] | undefined, order: "path" | "review") =>
      results.window(run, { states, order, offset: 0, limit: 100 }, signal);
    expect((await list(["review"], "review")).total).toBe(counts.review);
    expect((await list(["review"], "path")).results.map(({ document }) => document.path)).toEqual(["/x/a", "/x/c"]);
    expect((await list(["done"], "path")).total).toBe(counts.done);
    // The list of everything names every file.
    const { total, results: all } = await list(undefined, "path");
    expect(total).toBe(counts.pending + counts.done + counts.review + counts.copies);
    expect(all.filter(({ document }) => document.duplicateOf !== undefined).map(({ document }) => document.path)).toEqual([
      "/x/b",
      "/x/d",
      "/x/d",
    ]);
  });
});

describe("windows of a run's documents", () => {
  const rows = Array.from({ length: 45 }, (_, index): BatchRow => ({
    path: `/x/${pad(index)}`,
    ...(index % 9 === 4 ? { content: `/x/${pad(index - 1)}` } : {}),
    ...(index % 7 === 2 ? { documents: [{ lowestSure: 0.5 }, { lowestSure: (index % 5) / 10 }] } : {}),
    ...(index % 11 === 6 ? { state: "pending" } : {}),
  }));

  /** All rows by windows of seven, each after the last; `between` comes after the first. */
  async function pages(of: ReturnType<typeof batchRows>, order: "path" | "review", between = () => {}): Promise<string[]> {
    const seen: string[] = [];
    let after: ResultCursor | undefined;
    do {
      const { results, next } = await of.results.window(of.run, { order, offset: 0, limit: 7, after }, signal);
      seen.push(...results.map(({ document, id }) => `${document.path} ${document.part ?? 0} ${id ?? ""}`));
      if (after === undefined) between();
      after = next;
    } while (after);
    return seen;
  }

  // Catches: rows that windows leave out or show twice where one ends between equal values.
  it.each(["path", "review"] as const)("give each row once, in the order of %s", async (order) => {
    const batch = batchRows(rows);
    const { total, results: all } = await batch.results.window(batch.run, { order, offset: 0, limit: 1000 }, signal);
    const seen = await pages(batch, order);
    expect(seen).toHaveLength(total);
    expect(new Set(seen).size).toBe(total);
    expect(seen).toEqual(all.map(({ document, id }) => `${document.path} ${document.part ?? 0} ${id ?? ""}`));
    const { results: second } = await batch.results.window(batch.run, { order, offset: 7, limit: 7 }, signal);
    expect(second).toEqual(all.slice(7, 14));
  });

  // Catches: paging by count, which shows a row again when another came before it.
  it("show nothing twice when a file arrives meanwhile", async () => {
    const batch = batchRows(rows);
    const seen = await pages(batch, "path", () => batch.add([{ path: "/x/0000-new" }]));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.some((row) => row.startsWith("/x/0000-new"))).toBe(false);
  });
});

describe("work on all documents of a run", () => {
  const many = Array.from({ length: 520 }, (_, index): BatchRow => ({ path: `/x/${pad(index)}` }));

  // Catches: thousands of records read in one go, in which the window answers nobody.
  it("lets others have their turn, and gives each record once", async () => {
    const { records, results, run } = batchRows(many);
    const seen: string[] = [];
    expect(await turnsDuring(() => records.eachOf(run.id, signal, ({ key }) => void seen.push(key)))).toBeGreaterThan(9);
    expect(seen.toSorted()).toEqual(many.map(({ path }) => path));
    let all: string[] = [];
    const turns = await turnsDuring(async () => {
      all = (await Array.fromAsync(results.all(run, signal))).flat().map(({ document }) => document.path);
    });
    expect(turns).toBeGreaterThan(4);
    expect(all).toEqual(many.map(({ path }) => path));
  });

  it("stops when nobody waits for it any more", async () => {
    const { records, results, run } = batchRows(many.slice(0, 120));
    const stop = new AbortController();
    let seen = 0;
    const reading = records.eachOf(run.id, stop.signal, () => {
      seen += 1;
      stop.abort();
    });
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
    expect(seen).toBeLessThan(120);
    await expect(results.all(run, stop.signal).next()).rejects.toMatchObject({ name: "AbortError" });
  });
});
