import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fieldOf, invoicePdf, resultsOf, runFolder } from "../../helpers/batch.ts";
import { folderOf, jobEnd, openTestCore, writeFiles } from "../../helpers/core.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

describe("a run over a folder", () => {
  // Catches: values without a place, places that say something else, files that end in no state.
  it("reads what it can with places, and says why it cannot read the rest", async () => {
    const folder = folderOf({
      "a.pdf": invoicePdf(),
      "b.txt": "Invoice number: B-7\nInvoice date: 1 March 2024\nTotal due: $12.50\n",
      "broken.pdf": Buffer.from("%PDF-1.7 no more"),
      "empty.pdf": "",
      "data.bin": Buffer.from([0, 1, 2, 255, 254, 0]),
    });
    const { client } = await openTestCore();
    const result = await runFolder(client, folder);
    expect(result).toMatchObject({ processed: 2, skipped: 0, dead: 3 });
    const results = await resultsOf(client, result.run);
    expect(results.size).toBe(5);
    const read = results.get("a.pdf");
    expect(
      Object.fromEntries(
        ["vendor", "invoice_number", "date", "due_date", "currency", "net", "tax", "total", "iban"].map((name) => [
          name,
          fieldOf(read, name).value,
        ]),
      ),
    ).toEqual({
      vendor: "Alder & Finch Ltd",
      invoice_number: "INV-1001",
      date: "2024-03-05",
      due_date: "2024-04-04",
      currency: "GBP",
      net: 100,
      tax: 20,
      total: 120,
      iban: null,
    });
    const { text } = await client.knowledge.readFile({ path: join(folder, "a.pdf") });
    for (const name of ["vendor", "invoice_number", "date", "total"]) {
      const { start = -1, end = -1, raw, page, box } = fieldOf(read, name);
      expect(text.slice(start, end)).toBe(raw);
      expect(page).toBe(1);
      expect(box?.[2]).toBeGreaterThan(box?.[0] ?? Infinity);
    }
    expect(fieldOf(results.get("b.txt"), "total").value).toBe(12.5);
    expect(["broken.pdf", "empty.pdf", "data.bin"].map((name) => [results.get(name)?.state, results.get(name)?.reason?.code])).toEqual([
      ["dead", "FILE_DAMAGED"],
      ["dead", "FILE_EMPTY"],
      ["dead", "FILE_TYPE_UNSUPPORTED"],
    ]);
  });

  // Catches: a place that could not be looked into and is in no list, so that nobody misses what lies there.
  it.runIf(process.platform === "linux")("ends what it cannot look into as a dead letter, each time", async () => {
    const folder = folderOf({ "a.pdf": invoicePdf() });
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])]), "Invoice number: B-7");
    const { client } = await openTestCore();
    const result = await runFolder(client, folder);
    expect(result).toMatchObject({ processed: 1, dead: 1 });
    const dead = (await resultsOf(client, result.run)).get("\ufffd\ufffd");
    expect(dead).toMatchObject({ state: "dead", reason: { code: "FILE_UNREADABLE" } });
  });

  // Catches: work done twice, a changed file that is not read again, a copy that counts twice.
  it("does only what is new the second time", async () => {
    const folder = folderOf({ "a.pdf": invoicePdf(), "copy.pdf": invoicePdf() });
    const { client } = await openTestCore();
    expect(await runFolder(client, folder)).toMatchObject({ processed: 1, skipped: 1 });
    expect(await runFolder(client, folder)).toMatchObject({ processed: 0, skipped: 2 });
    writeFiles(folder, { "b.pdf": invoicePdf({ number: "INV-1002" }) });
    expect(await runFolder(client, folder)).toMatchObject({ processed: 1, skipped: 2 });
    const results = await resultsOf(client, (await client.batch.listRuns({}))[0]?.name ?? "");
    const copy = results.get("copy.pdf");
    expect(copy?.id).toBe(results.get("a.pdf")?.id);
    expect(copy?.document.duplicateOf).toBe(results.get("a.pdf")?.document.path);
    // Another run over the same content reads nothing either.
    expect(await runFolder(client, folder, { name: "again" })).toMatchObject({ processed: 0, skipped: 3 });
  });

  // Catches: two documents read as one, pages given to the wrong one.
  it("tells the documents of a stack apart", async () => {
    const folder = folderOf({
      "stack.pdf": invoicePdf({ number: "S-1", total: "120.00" }, { number: "S-2", net: "10.00", tax: "2.00", total: "12.00" }),
    });
    const { client } = await openTestCore();
    const { run } = await runFolder(client, folder);
    const results = await resultsOf(client, run);
    expect(
      [...results].map(([name, result]) => [
        name,
        result.document.firstPage,
        fieldOf(result, "invoice_number").value,
        fieldOf(result, "total").value,
      ]),
    ).toEqual([
      ["stack.pdf#0", 1, "S-1", 120],
      ["stack.pdf#1", 2, "S-2", 12],
    ]);
    expect(fieldOf(results.get("stack.pdf#1"), "total").page).toBe(2);
  });

  // Catches: the same invoice paid twice.
  it("flags both files of one invoice", async () => {
    const folder = folderOf({
      "a.pdf": invoicePdf(),
      "scan-of-a.txt": "Alder & Finch Ltd\nInvoice number: INV-1001\nInvoice date: 2024-03-05\nTotal due: £120.00\n",
    });
    const { client } = await openTestCore();
    const { run } = await runFolder(client, folder);
    for (const { flags, state } of (await resultsOf(client, run)).values()) {
      expect(flags.map(({ rule }) => rule)).toContain("same-document");
      expect(state).toBe("review");
    }
  });

  // Catches: a dead letter that stays dead though its cause is gone.
  it("tries dead letters again when the file was mended", async () => {
    const folder = folderOf({ "a.pdf": Buffer.from("%PDF-1.7 half") });
    const { client } = await openTestCore();
    const { run } = await runFolder(client, folder);
    expect((await client.batch.showRun({ run })).counts).toMatchObject({ dead: 1 });
    writeFileSync(join(folder, "a.pdf"), invoicePdf());
    const { jobId } = await client.batch.retry({ run });
    await jobEnd(client, jobId);
    expect((await client.batch.showRun({ run })).counts).toMatchObject({ dead: 0, pending: 0 });
  });

  // Catches: a run that forgets what it did when the process ends in the middle of it.
  it("goes on after core was closed under it, with nothing lost and nothing twice", async () => {
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`${index}.pdf`, invoicePdf({ number: `N-${index}` })]));
    const folder = folderOf(files);
    const profile = temporaryFolder();
    const first = await openTestCore({ profile });
    const { run, jobId } = await first.client.batch.run({ paths: [folder], recipe: { name: "invoice" }, model: "none" });
    for await (const item of await first.client.batch.watchRun({ run: run.name }))
      if (item.run.counts.done + item.run.counts.review >= 2) break;
    await first.close();
    const second = await openTestCore({ profile });
    expect((await jobEnd(second.client, jobId)).state).toBe("done");
    const shown = await second.client.batch.showRun({ run: run.name });
    expect(shown.counts.done + shown.counts.review).toBe(12);
    expect(shown.counts.pending + shown.counts.dead).toBe(0);
    const numbers = [...(await resultsOf(second.client, run.name)).values()].map((result) => fieldOf(result, "invoice_number").value);
    expect(new Set(numbers).size).toBe(12);
  });

  // Catches: a folder that is gone taken for an empty one.
  it("keeps what it has when the folder cannot be reached", async () => {
    const folder = folderOf({ "a.pdf": invoicePdf() });
    const { client } = await openTestCore();
    const { run } = await runFolder(client, folder);
    rmSync(folder, { recursive: true });
    const { jobId } = await client.batch.resume({ run });
    expect(await jobEnd(client, jobId)).toMatchObject({ state: "failed", error: { code: "NOT_FOUND" } });
    expect((await client.batch.results({ run })).total).toBe(1);
  });

  // Catches: a missing model that is told only after an hour of work, or that is quietly left out.
  it("refuses a model that is named and not there", async () => {
    const folder = folderOf({ "a.pdf": invoicePdf() });
    const { client } = await openTestCore();
    await expect(client.batch.run({ paths: [folder], recipe: { name: "invoice" }, model: "no-such-model" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(client.batch.run({ paths: [folder], recipe: { name: "nothing" }, model: "none" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(client.batch.run({ paths: ["/nowhere/at/all"], recipe: { name: "invoice" }, model: "none" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect(await client.batch.listRuns({})).toEqual([]);
  });
});

describe("a scan", () => {
  // Catches: a report that leaves files out, or that reads before it is asked to.
  it("counts files, types, pages and copies, and says what cannot be read", async () => {
    const folder = folderOf({
      "a.pdf": invoicePdf({}, { number: "x" }),
      "b.pdf": invoicePdf({}, { number: "x" }),
      "c.txt": "hello",
      "broken.pdf": Buffer.from("%PDF-1.7 no more"),
      "none.txt": "",
    });
    const { client } = await openTestCore();
    const items = [];
    for await (const item of await client.batch.scan({ paths: [folder], recipe: { name: "invoice" }, model: "none" })) items.push(item);
    const last = items.at(-1);
    if (last?.type !== "report") throw new Error("there is no report");
    expect(last.report).toMatchObject({ files: 5, pages: 3, known: 0, estimate: { learnedFrom: 0 } });
    expect(last.report.types.map(({ type, files, pages }) => [type, files, pages])).toEqual([
      ["pdf", 1, 2],
      ["txt", 1, 1],
    ]);
    expect(last.report.duplicates.map(({ paths }) => paths.length)).toEqual([2]);
    expect(last.report.unreadable.map(({ path, code }) => [path.split("/").at(-1), code]).sort()).toEqual([
      ["broken.pdf", "FILE_DAMAGED"],
      ["none.txt", "FILE_EMPTY"],
    ]);
    expect(last.report.estimate.high).toBeGreaterThan(last.report.estimate.low);
    await runFolder(client, folder);
    for await (const item of await client.batch.scan({ paths: [folder], recipe: { name: "invoice" }, model: "none" }))
      if (item.type === "report") expect(item.report).toMatchObject({ known: 2, estimate: { high: expect.any(Number) } });
  });
});
