import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flagTwins, TWIN } from "../../../src/main/features/batch/review/twins.ts";
import { createCostStore, type CostKind, type CostStore } from "../../../src/main/features/batch/scan/cost-store.ts";
import { estimate } from "../../../src/main/features/batch/scan/estimate.ts";
import { type ScanDeps, scanFolder } from "../../../src/main/features/batch/scan/scan-folder.ts";
import type { ScanReport } from "../../../src/shared/contract/batch.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { batchRows } from "../../helpers/batch-rows.ts";
import { temporaryFolder, temporaryTruth } from "../../helpers/profile.ts";
import { seeded } from "../../helpers/random-text.ts";

const costsOf = (known: Partial<Record<CostKind, { pages: number; mean: number; deviation: number }>>): CostStore => ({
  learn: () => {},
  get: (kind) => known[kind],
});

describe("what a page took on this machine", () => {
  it("is nothing before anything was measured, and kept by kind of work", () => {
    const costs = createCostStore(temporaryTruth());
    costs.learn("text", 10, 1_000);
    expect(costs.get("text")).toEqual({ pages: 10, mean: 100, deviation: 0 });
    expect(costs.get("ocr")).toBeUndefined();
  });

  // Catches: a mean of files instead of pages, in which a leaf counts as much as a book.
  it("is a mean over pages, with how much they vary", () => {
    const costs = createCostStore(temporaryTruth());
    costs.learn("ocr", 1, 100);
    costs.learn("ocr", 3, 900);
    // Pages of 100, 300, 300 and 300 ms.
    expect(costs.get("ocr")).toMatchObject({ pages: 4, mean: 250, deviation: expect.closeTo(86.6, 1) });
  });

  it.each([
    [0, 100],
    [-1, 100],
    [5, -1],
  ])("learns nothing from %s pages in %s ms", (pages, ms) => {
    const costs = createCostStore(temporaryTruth());
    costs.learn("text", pages, ms);
    expect(costs.get("text")).toBeUndefined();
  });

  // Catches: a machine that was slow a year ago and is judged by it for ever.
  it("is mostly that of late, and its number of pages stays bounded", () => {
    const costs = createCostStore(temporaryTruth());
    for (let time = 0; time < 100; time += 1) costs.learn("text", 100, 100_000);
    for (let time = 0; time < 100; time += 1) costs.learn("text", 100, 10_000);
    const cost = costs.get("text");
    expect(cost?.mean).toBeLessThan(150);
    expect(cost?.pages).toBeLessThanOrEqual(2_100);
  });

  // Catches: sums that drift apart when they fade, of which a square root of less than nought comes.
  it("is a number whatever was learned", () => {
    const random = seeded(2);
    const costs = createCostStore(temporaryTruth());
    for (let time = 0; time < 400; time += 1) {
      costs.learn("model", 1 + Math.floor(random() * 300), random() * 1e6);
      const { mean = Number.NaN, deviation = Number.NaN } = costs.get("model") ?? {};
      expect([Number.isFinite(mean), Number.isFinite(deviation), mean >= 0, deviation >= 0]).toEqual([true, true, true, true]);
    }
  });

  it("survives a restart", () => {
    const truth = temporaryTruth();
    createCostStore(truth).learn("text", 5, 50);
    expect(createCostStore(truth).get("text")?.mean).toBe(10);
  });
});

describe("how long a run will take", () => {
  it("is nothing for nothing", () => {
    expect(estimate({}, costsOf({}), 2)).toEqual({ low: 0, high: 0, learnedFrom: 0 });
    expect(estimate({ text: 0 }, costsOf({ text: { pages: 9, mean: 9, deviation: 0 } }), 2).learnedFrom).toBe(0);
  });

  // Catches: a range that says the same of a machine nobody measured as of one that is known.
  it("is wide before anything was measured, and narrows with what was", () => {
    const width = (costs: CostStore) => {
      const { low, high } = estimate({ ocr: 100 }, costs, 1);
      return high / low;
    };
    const few = width(costsOf({ ocr: { pages: 5, mean: 2_000, deviation: 300 } }));
    const many = width(costsOf({ ocr: { pages: 500, mean: 2_000, deviation: 300 } }));
    expect(width(costsOf({}))).toBeGreaterThan(few);
    expect(few).toBeGreaterThan(many);
  });

  it("has what was measured within it", () => {
    const { low, high, learnedFrom } = estimate({ text: 200 }, costsOf({ text: { pages: 100, mean: 40, deviation: 10 } }), 1);
    expect([low < 8_000, high > 8_000, learnedFrom]).toEqual([true, true, 100]);
  });

  it("adds up the kinds of work, and knows how much of it was measured", () => {
    const known = costsOf({ text: { pages: 50, mean: 10, deviation: 0 }, model: { pages: 30, mean: 100, deviation: 0 } });
    const [text, model, both] = [
      estimate({ text: 10 }, known, 1),
      estimate({ model: 10 }, known, 1),
      estimate({ text: 10, model: 10 }, known, 1),
    ];
    expect(both).toEqual({ low: text.low + model.low, high: text.high + model.high, learnedFrom: 80 });
  });

  // Catches: eight files at once that are promised to take an eighth of the time.
  it("is a little shorter with more than one file at once, and no more so with many", () => {
    const known = costsOf({ text: { pages: 50, mean: 10, deviation: 0 } });
    const low = (concurrency: number) => estimate({ text: 1_000 }, known, concurrency).low;
    expect([low(1) > low(2), low(2) === low(8), low(8) > low(1) / 2]).toEqual([true, true, true]);
  });

  it("is a range of whole milliseconds from less to more, whatever was measured", () => {
    const random = seeded(6);
    for (let round = 0; round < 300; round += 1) {
      const cost = { pages: 1 + Math.floor(random() * 3_000), mean: random() * 1e5, deviation: random() * 1e6 };
      const { low, high } = estimate(
        { text: Math.floor(random() * 1e5), ocr: 7 },
        costsOf(random() < 0.5 ? { text: cost } : { ocr: cost }),
        1 + (round % 4),
      );
      expect([Number.isInteger(low), Number.isInteger(high), low >= 0, low <= high]).toEqual([true, true, true, true]);
    }
  });
});

/** Types by the name, as the reading process would say them by the content. */
const readers: ScanDeps["readers"] = {
  call: (async (_method: string, { path }: { path: string }) => {
    if (path.endsWith(".bad")) throw new AppError("FILE_DAMAGED", "It is damaged.", { hint: "Get it again." });
    const type = path.split(".").at(-1) ?? "";
    return { type, mime: type === "png" ? "image/png" : "text/plain", supported: type !== "exe" };
  }) as ScanDeps["readers"]["call"],
};

async function scan(paths: string[], more: Partial<ScanDeps> = {}, signal = new AbortController().signal) {
  const deps: ScanDeps = { readers, costs: costsOf({}), now: () => 5, isKnown: () => false, usesModel: false, concurrency: 2, ...more };
  const progress: number[] = [];
  let report: ScanReport | undefined;
  for await (const item of scanFolder(paths, deps, signal)) {
    if (item.type === "progress") progress.push(item.progress.done);
    else report = item.report;
  }
  if (!report) throw new Error("the scan ended without a report");
  return { report, progress };
}

function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe("a folder looked at before it is read", () => {
  it("is counted by type, with what cannot be read and why", async () => {
    const folder = folderWith({ "a.txt": "one", "b.txt": "two", "c.png": "image", "d.exe": "program", "e.bad": "x", "f.txt": "" });
    const { report, progress } = await scan([folder]);
    expect(progress).toEqual([0, 1, 2, 3, 4, 5]);
    expect(report).toMatchObject({ files: 6, pages: 3, pagesToRecognise: 1, known: 0, took: 0, duplicates: [] });
    expect(report.types.map(({ type, files }) => [type, files])).toEqual([
      ["txt", 2],
      ["png", 1],
    ]);
    expect(report.unreadable.map(({ path, code, hint }) => [path.at(-5), code, hint ?? ""])).toEqual([
      ["d", "FILE_TYPE_UNSUPPORTED", ""],
      ["e", "FILE_DAMAGED", "Get it again."],
      ["f", "FILE_EMPTY", ""],
    ]);
  });

  // Catches: one content counted twice, and somebody who is asked to pay for the same pages again.
  it("has equal contents once, and names all their places", async () => {
    const folder = folderWith({ "a.txt": "same", "sub/b.txt": "same", "c.txt": "other" });
    const { report } = await scan([folder]);
    expect(report.pages).toBe(2);
    expect(report.duplicates.map(({ paths }) => paths.map((path) => path.slice(folder.length + 1)))).toEqual([
      ["a.txt", join("sub", "b.txt")],
    ]);
  });

  // Catches: a file called a copy of itself since it was chosen by its folder and by itself.
  it("has each file once, however often it was chosen", async () => {
    const folder = folderWith({ "a.txt": "one", "sub/b.txt": "two" });
    const { report } = await scan([folder, join(folder, "sub"), join(folder, "a.txt"), folder]);
    expect(report).toMatchObject({ files: 2, pages: 2, bytes: 6, duplicates: [], unreadable: [] });
  });

  // Catches: an hour announced for what was read yesterday.
  it("expects no work for what is known, and that of the model where one is used", async () => {
    const folder = folderWith({ "a.txt": "one", "b.txt": "two" });
    const [fresh, known, model] = [
      await scan([folder]),
      await scan([folder], { isKnown: () => true }),
      await scan([folder], { usesModel: true }),
    ].map(({ report }) => report);
    expect(known).toMatchObject({ known: 2, pages: 2, estimate: { low: 0, high: 0 } });
    expect(model?.estimate.high).toBeGreaterThan(fresh?.estimate.high ?? Infinity);
  });

  it("gives a few samples from which fields are suggested", async () => {
    const folder = folderWith(Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`${at}.txt`, `text ${at}`])));
    expect((await scan([folder])).report.samples).toHaveLength(5);
  });

  it("ends when it is told to, with nothing to show", async () => {
    const stop = new AbortController();
    const folder = folderWith({ "a.txt": "one", "b.txt": "two" });
    const stopping: ScanDeps["readers"] = {
      call: (async () => {
        stop.abort();
        throw stop.signal.reason;
      }) as ScanDeps["readers"]["call"],
    };
    await expect(scan([folder], { readers: stopping }, stop.signal)).rejects.toMatchObject({ name: "AbortError" });
  });

  it("that is not there is said to be so", async () => {
    await expect(scan([join(temporaryFolder(), "gone")])).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("one business document in two files", () => {
  const open = () => {
    const { records, items, run } = batchRows([
      { path: "/x/a.pdf", documents: [{ identity: "alder|7" }] },
      { path: "/x/b.pdf", documents: [{ identity: "alder|7" }] },
      { path: "/x/c.pdf", documents: [{ identity: "alder|8" }] },
      { path: "/x/d.pdf", documents: [{}, {}] },
    ]);
    const recordOf = (path: string, part = 0) => {
      const record = records.ofKey(path)[part];
      if (!record) throw new Error(`no record of ${path}`);
      return record;
    };
    return { records, items, run, recordOf };
  };

  // Catches: an invoice that is paid twice because it came by post and by mail.
  it("is held for review, and says where the other is", () => {
    const { records, recordOf } = open();
    const flagged = flagTwins(recordOf("/x/a.pdf"), records, ["vendor", "invoice_number"]);
    expect(flagged).toMatchObject({
      state: "review",
      flags: [{ rule: TWIN, message: "Another file has the same vendor and invoice_number: /x/b.pdf." }],
    });
  });

  it("is not flagged where number or identity differ, nor are two documents of one file without one", () => {
    const { records, recordOf } = open();
    for (const record of [recordOf("/x/c.pdf"), recordOf("/x/d.pdf"), recordOf("/x/d.pdf", 1)])
      expect(flagTwins(record, records, ["number"])).toBe(record);
  });

  // Catches: a flag for each time that somebody looks, and one that stays when the other was corrected.
  it("is flagged once, and no longer when the other has another number", () => {
    const { records, recordOf } = open();
    const once = flagTwins(recordOf("/x/a.pdf"), records, ["number"]);
    expect(flagTwins(once, records, ["number"]).flags).toHaveLength(1);
    records.update({ ...recordOf("/x/b.pdf"), identity: "alder|9" });
    expect(flagTwins(once, records, ["number"]).flags).toEqual([]);
  });

  // Catches: a document that a person approved and that goes back to the heap.
  it("stays approved where a person approved it", () => {
    const { records, recordOf } = open();
    expect(flagTwins({ ...recordOf("/x/a.pdf"), approved: true, state: "done" }, records, ["number"])).toMatchObject({
      state: "done",
      flags: [{ rule: TWIN }],
    });
  });

  it("keeps what other rules found", () => {
    const { records, recordOf } = open();
    const other = { rule: "sum", message: "It does not add up." };
    expect(flagTwins({ ...recordOf("/x/a.pdf"), flags: [other] }, records, ["number"]).flags.map(({ rule }) => rule)).toEqual([
      "sum",
      TWIN,
    ]);
  });
});
