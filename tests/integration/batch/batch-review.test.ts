import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fieldOf, invoicePdf, resultsOf, runFolder } from "../../helpers/batch.ts";
import { folderOf, openTestCore } from "../../helpers/core.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

/** One invoice whose sum is wrong, read. */
async function openReview() {
  const folder = folderOf({ "wrong.pdf": invoicePdf({ total: "140.00" }), "right.pdf": invoicePdf({ number: "INV-2" }) });
  const { client } = await openTestCore();
  const { run } = await runFolder(client, folder);
  const id = (await resultsOf(client, run)).get("wrong.pdf")?.id;
  if (id === undefined) throw new Error("there is no record");
  return { folder, client, run, id };
}

describe("the review", () => {
  // Catches: a correction that is lost, that does not settle what it corrects, or that cannot be taken back.
  it("keeps a correction with its history, judges the record anew, and takes it back", async () => {
    const { client, id } = await openReview();
    const before = await client.batch.record({ id });
    expect(before.state).toBe("review");
    expect(fieldOf(before, "total").flags.map(({ rule }) => rule)).toContain("sum");

    const after = await client.batch.decide({ id, changes: [{ action: "correct", field: "total", value: "120.00" }] });
    expect(fieldOf(after, "total")).toMatchObject({ value: 120, origin: "person", sure: 1, flags: [] });
    expect(fieldOf(after, "total").alternatives?.map(({ value }) => value)).toContain(140);
    expect(fieldOf(after, "net").flags).toEqual([]);
    expect(after.history).toMatchObject([
      { field: "total", action: "correct", before: { value: 140 }, after: { value: 120 }, who: "embedder" },
    ]);

    const undone = await client.batch.undo({ id });
    expect(fieldOf(undone, "total")).toMatchObject({ value: 140, origin: "rule" });
    expect(undone.history[0]?.undoneAt).toBeGreaterThan(0);
    await expect(client.batch.undo({ id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  // Catches: a person's value that a new version of the recipe overwrites.
  it("lets a person's value outlive a new version of the recipe", async () => {
    const { client, id, folder } = await openReview();
    await client.batch.decide({ id, changes: [{ action: "correct", field: "vendor", value: "Finch, really" }], approve: true });
    const recipe = await client.batch.getRecipe({ name: "invoice" });
    const next = await client.batch.saveRecipe({ recipe: { ...recipe, rules: recipe.rules.slice(1) } });
    expect(next.version).toBe(2);
    const again = await runFolder(client, folder, { recipe: { name: "invoice", version: 2 } });
    expect(again).toMatchObject({ processed: 2, skipped: 0 });
    const record = (await resultsOf(client, again.run)).get("wrong.pdf");
    expect(record?.recipe.version).toBe(2);
    expect(fieldOf(record, "vendor")).toMatchObject({ value: "Finch, really", origin: "person" });
    expect(fieldOf(record, "vendor").alternatives?.map(({ value }) => value)).toContain("Alder & Finch Ltd");
  });

  it("refuses what is no value of the field and changes nothing", async () => {
    const { client, id } = await openReview();
    for (const change of [
      { action: "correct", field: "total", value: "plenty" },
      { action: "correct", field: "date", value: "soon" },
      { action: "correct", field: "nothing", value: "x" },
      { action: "choose", field: "total", alternative: 99 },
    ] as const)
      await expect(client.batch.decide({ id, changes: [change] })).rejects.toMatchObject({
        code: expect.stringMatching(/INVALID_INPUT|NOT_FOUND/),
      });
    expect((await client.batch.record({ id })).history).toEqual([]);
  });

  // Catches: a box that reads other words than those in it.
  it("reads a field again inside a box", async () => {
    const { client, id } = await openReview();
    const { box, page = 1 } = fieldOf(await client.batch.record({ id }), "net");
    if (!box) throw new Error("the net sum has no place");
    const around: typeof box = [box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2];
    expect(await client.batch.readAgain({ id, field: "total", place: { page, box: around } })).toMatchObject({ value: 100, page });
    await expect(client.batch.readAgain({ id, field: "total", place: { page, box: [0, 0, 5, 5] } })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    const shown = await client.batch.page({ id, page });
    expect(shown.words.length).toBeGreaterThan(10);
    expect(
      Buffer.from(shown.image ?? "", "base64")
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
  });

  it("accepts equal values at once", async () => {
    const { client, run, id } = await openReview();
    expect(await client.batch.acceptEqual({ run, field: "total", value: 140, rule: "sum" })).toEqual({ records: 1 });
    expect((await client.batch.record({ id })).history).toMatchObject([{ action: "accept", field: "total" }]);
  });

  // Catches: rule failures that leave the house unseen.
  it("keeps the export back until the failures are reviewed, or says that it was forced", async () => {
    const { client, run, id } = await openReview();
    const out = join(temporaryFolder(), "invoices.csv");
    await expect(client.batch.export({ run, format: "csv", out })).rejects.toMatchObject({
      code: "CONFLICT",
      data: { blocked: expect.arrayContaining([expect.objectContaining({ record: id, rule: "sum" })]) },
    });
    const forced = await client.batch.export({ run, format: "csv", out, force: true });
    expect(forced.manifest).toMatchObject({ forced: true, counts: { documents: 2 }, recipe: { name: "invoice", version: 1 } });
    await client.batch.decide({ id, approve: true });
    expect((await client.batch.checkExport({ run })).blocked).toEqual([]);
    const { manifest, files } = await client.batch.export({ run, format: "csv", out });
    expect(manifest).toMatchObject({ forced: false, unreviewed: 0 });
    expect(files).toContain(`${out}.manifest.json`);
    expect(readFileSync(out, "utf8")).toContain("Alder & Finch Ltd");
  });

  // Catches: a queue that shows everything, or a sample that depends on chance.
  it("shows a sample of what is not flagged, at least five, and counts what was wrong with it", async () => {
    const files = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`${index}.pdf`, invoicePdf({ number: `N-${index}` })]));
    const folder = folderOf(files);
    const { client } = await openTestCore();
    const { run } = await runFolder(client, folder);
    const { results, total } = await client.batch.results({ run, states: ["review"], order: "review" });
    expect(total).toBe(5);
    expect(results.every(({ sampled }) => sampled)).toBe(true);
    await client.batch.decide({
      id: results[0]?.id ?? "",
      changes: [{ action: "correct", field: "vendor", value: "Other" }],
      approve: true,
    });
    await client.batch.decide({ id: results[1]?.id ?? "", approve: true });
    const { sample, counts } = await client.batch.stats({ run });
    expect(sample).toMatchObject({ sampled: 5, reviewed: 2, wrong: 1 });
    expect(sample.errorRate.low).toBeLessThan(0.5);
    expect(sample.errorRate.high).toBeGreaterThan(0.5);
    expect(counts).toMatchObject({ review: 3, done: 6 });
  });
});
