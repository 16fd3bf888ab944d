import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { viewDocument } from "../../../src/main/features/batch/extract/document-view.ts";
import { extract } from "../../../src/main/features/batch/extract/extract.ts";
import { type Lesson, toLesson } from "../../../src/main/features/batch/learn/lesson.ts";
import { valueAt } from "../../../src/main/features/batch/validate/values.ts";
import type { Decision } from "../../../src/shared/contract/batch.ts";
import { fieldOf, invoicePdf, resultsOf, runFolder } from "../../helpers/batch.ts";
import { builtInRecipe } from "../../helpers/batch-views.ts";
import { folderOf, openTestCore } from "../../helpers/core.ts";
import { makePdf } from "../../helpers/make-pdf.ts";
import { openReading } from "../../helpers/reading-engines.ts";
import { missingData, testData } from "../../helpers/test-data.ts";

/** An invoice in words that no recipe knows. */
const oddPdf = (number: string, total: string, date = "03/04/2024") =>
  Buffer.from(
    makePdf([
      {
        texts: [
          { x: 50, y: 60, text: "Werkhof", size: 16 },
          { x: 50, y: 90, text: "Halle am alten Hafen" },
          { x: 50, y: 140, text: "Vorgang" },
          { x: 220, y: 140, text: number },
          { x: 50, y: 160, text: "Gebucht am" },
          { x: 220, y: 160, text: date },
          { x: 50, y: 180, text: "Schlussbetrag ohne Abzug" },
          { x: 220, y: 180, text: total },
          { x: 50, y: 220, text: "Mit freundlichem Gruss aus der Halle" },
        ],
      },
    ]),
  );

describe("corrections", () => {
  // Catches: corrections that are kept and never used, that change what a person said, or that cannot be taken back.
  it("change how the next document of the same sender is read, until they are taken back", async () => {
    const { client } = await openTestCore();
    const first = await runFolder(client, folderOf({ "march.pdf": oddPdf("K7-2201", "412.80") }), { name: "march" });
    const march = (await resultsOf(client, first.run)).get("march.pdf");
    if (march?.id === undefined) throw new Error("there is no record");
    expect(fieldOf(march, "total").value).toBeNull();
    await client.batch.decide({
      id: march.id,
      changes: [
        { action: "correct", field: "total", value: "412.80" },
        { action: "correct", field: "vendor", value: "Werkhof" },
        { action: "correct", field: "invoice_number", value: "K7-2201" },
      ],
    });

    // Its own document does not count as a lesson: the rules alone find nothing there.
    expect(await client.batch.measureRecipe({ name: "invoice" })).toMatchObject({
      documents: 1,
      fields: expect.arrayContaining([{ field: "total", right: 0, wrong: 0, missing: 1 }]),
      mistakes: expect.arrayContaining([expect.objectContaining({ field: "total", expected: 412.8, found: null })]),
    });

    const second = await runFolder(client, folderOf({ "april.pdf": oddPdf("K7-2302", "98.15") }), { name: "april" });
    const april = (await resultsOf(client, second.run)).get("april.pdf");
    expect(["total", "vendor", "invoice_number"].map((field) => fieldOf(april, field).value)).toEqual([98.15, "Werkhof", "K7-2302"]);
    expect(fieldOf(april, "total")).toMatchObject({ origin: "rule", raw: "98.15", page: 1 });
    // What the person said of the first stays as it was said.
    expect(fieldOf(await client.batch.record({ id: march.id }), "total")).toMatchObject({ value: 412.8, origin: "person", sure: 1 });

    await client.batch.undo({ id: march.id });
    const third = await runFolder(client, folderOf({ "may.pdf": oddPdf("K7-2403", "77.70") }), { name: "may" });
    expect(fieldOf((await resultsOf(client, third.run)).get("may.pdf"), "total").value).toBeNull();
  });

  // Catches: a suggestion of a model shown as such although a person has looked at it and let it stand.
  it("make an accepted value a person's", async () => {
    const { client } = await openTestCore();
    const { run } = await runFolder(client, folderOf({ "a.pdf": invoicePdf({ total: "140.00" }) }));
    const id = (await resultsOf(client, run)).get("a.pdf")?.id ?? "";
    const record = await client.batch.decide({ id, changes: [{ action: "accept", field: "total" }] });
    expect(fieldOf(record, "total")).toMatchObject({ value: 140, origin: "person", sure: 1 });
    expect(record.history).toMatchObject([{ action: "accept", before: { value: 140, origin: "rule" } }]);
    expect(fieldOf(await client.batch.undo({ id }), "total").origin).toBe("rule");
  });
});

describe("a stack of invoices", () => {
  // Catches: one record for many documents, or a record of the wrong pages.
  it("gives a record for each, by its pages, and asks about one that lacks a page", async () => {
    const { client } = await openTestCore();
    const stack = invoicePdf({ number: "INV-1" }, { number: "INV-2", total: "60.00", net: "50.00", tax: "10.00" }, { number: "INV-3" });
    const { run } = await runFolder(client, folderOf({ "stack.pdf": stack, "one.pdf": invoicePdf({ number: "INV-9" }) }));
    const results = await resultsOf(client, run);
    expect([...results.keys()].sort()).toEqual(["one.pdf", "stack.pdf#0", "stack.pdf#1", "stack.pdf#2"]);
    expect(results.get("stack.pdf#1")?.document).toMatchObject({ firstPage: 2, lastPage: 2, part: 1 });
    expect(fieldOf(results.get("stack.pdf#1"), "total")).toMatchObject({ value: 60, page: 2 });
    expect(fieldOf(results.get("stack.pdf#2"), "invoice_number")).toMatchObject({ value: "INV-3", page: 3 });
  });
});

describe("a box that a person draws", () => {
  // Catches: a place that stays unread because its words are a picture.
  it("is read from the picture of the page where the text holds nothing", async () => {
    const { client } = await openTestCore();
    // A line drawn with strokes no reader decodes: text without a font's meaning is drawn here as a picture of a page.
    const { scannedPdf, box } = await pictureOf("118.50");
    const { run } = await runFolder(client, folderOf({ "scan.pdf": scannedPdf }));
    const id = (await resultsOf(client, run)).get("scan.pdf")?.id ?? "";
    const again = await client.batch.readAgain({ id, field: "net", place: { page: 1, box } });
    expect(again).toMatchObject({ value: 118.5, page: 1, box, origin: "rule" });
    expect(again.start).toBeUndefined();
    expect(again.sure).toBeLessThanOrEqual(0.9);
    await expect(client.batch.readAgain({ id, field: "date", place: { page: 1, box } })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(client.batch.readAgain({ id, field: "net", place: { page: 1, box: [5000, 5000, 5100, 5100] } })).rejects.toMatchObject({
      code: expect.stringMatching(/NOT_FOUND|INVALID_INPUT/),
    });
  });
});

/** An invoice with text, and a stamp on it that is a picture. */
async function pictureOf(words: string) {
  const { default: sharp } = await import("sharp");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="120"><rect width="600" height="120" fill="white"/><text x="40" y="85" font-family="DejaVu Sans, Helvetica, Arial" font-size="72">${words}</text></svg>`;
  const { data, info } = await sharp(Buffer.from(svg)).jpeg().toBuffer({ resolveWithObject: true });
  const texts = Array.from({ length: 14 }, (_, row) => ({
    x: 50,
    y: 80 + row * 20,
    text: `Line ${row} of a page that has text of its own`,
  }));
  const images = [{ jpeg: data, width: info.width, height: info.height, x: 100, y: 600, w: 150, h: 30 }];
  return {
    scannedPdf: Buffer.from(makePdf([{ texts: [{ x: 50, y: 60, text: "Alder & Finch Ltd" }, ...texts], images }])),
    box: [100, 600, 250, 630] as [number, number, number, number],
  };
}

const folder = "extraction/invoices";
const reason = missingData(folder);

describe("lessons of real invoices", () => {
  // Catches: lessons that make documents worse that rules read well, or that find nothing in real layouts.
  it.skipIf(reason !== undefined)(`find the same places in another month's invoice${reason ? ` (${reason})` : ""}`, async () => {
    const engines = openReading();
    onTestFinished(() => engines.close());
    const recipe = builtInRecipe("invoice");
    const names = readdirSync(testData(folder)).filter((name) => name.endsWith(".pdf"));
    const tally = { asked: 0, before: 0, after: 0 };
    const lessons: Lesson[] = [];
    const months: (() => void)[] = [];
    for (const name of names) {
      const read = await engines.reading.readDocument(
        testData(`${folder}/${name}`),
        { ocr: "never", languages: [] },
        { signal: new AbortController().signal, priority: "background" },
      );
      const [truth] = JSON.parse(readFileSync(testData(`${folder}/${name.replace(".pdf", ".json")}`), "utf8")) as Record<string, unknown>[];
      const expected = {
        vendor: truth?.["issuer"] ?? truth?.["partner_name"],
        invoice_number: truth?.["invoice_number"],
        total: truth?.["amount"],
      };
      const view = viewDocument(read);
      const own = Object.entries(expected).flatMap(([field, value]) => {
        const after = { value: value ?? null, sure: 1, origin: "person" };
        const now = valueAt(extract(view, recipe).fields, field);
        const lesson = toLesson(decision(field, after, now), view, read.textHash, recipe);
        return lesson?.place ? [{ field, lesson }] : [];
      });
      lessons.push(...own.map(({ lesson }) => lesson));
      // The next month: the same page with other digits.
      const text = read.text.replaceAll(/\d/gu, (digit, at: number) => (at % 5 === 0 ? String((Number(digit) % 3) + 1) : digit));
      const next = viewDocument({ ...read, text });
      months.push(() => {
        const [before, after] = [extract(next, recipe).fields, extract(next, recipe, { lessons }).fields];
        for (const { field, lesson } of own) {
          tally.asked += 1;
          // The person's place, in points of the page: offsets are those of the same layout.
          const isThere = (fields: typeof before) => {
            const start = valueAt(fields, field)?.start;
            return (
              start !== undefined &&
              start !== null &&
              next.text.slice(start).length === read.text.length - start &&
              isSame(lesson, start, view)
            );
          };
          tally.before += Number(isThere(before));
          tally.after += Number(isThere(after));
        }
      });
    }
    for (const month of months) month();
    console.info(`places found in the next month: ${tally.before} of ${tally.asked} by rules, ${tally.after} with lessons`);
    expect(tally.asked).toBeGreaterThan(10);
    expect(tally.after).toBeGreaterThanOrEqual(tally.before);
    expect(tally.after / tally.asked).toBeGreaterThanOrEqual(0.9);
  });
});

function isSame({ raw }: Lesson, start: number, view: { text: string }): boolean {
  return raw !== undefined && view.text.startsWith(raw, start);
}

function decision(field: string, after: unknown, before: unknown): Decision {
  const id = "00000000-0000-7000-8000-000000000001";
  return { id, act: id, field, action: "correct", before: before ?? null, after, who: "tester", at: 0 };
}
