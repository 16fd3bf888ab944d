import { describe, expect, it } from "vitest";
import { findLabels, fold } from "../../../src/main/features/batch/extract/labels.ts";
import { textView } from "../../helpers/batch-sources.ts";
import { randomText, seeded } from "../../helpers/random-text.ts";

const known = new Map([
  ["number", ["invoice number", "Rechnungs-Nr.", "numéro de facture"]],
  ["date", ["invoice date", "date", "Rechnungsdatum"]],
  ["due", ["due date", "Fälligkeit"]],
  ["total", ["total", "grand total", "Gesamtbetrag"]],
]);
const find = (text: string, labels: ReadonlyMap<string, readonly string[]> = known) => findLabels(textView(text), labels);
const fields = (text: string) => find(text).map(({ field }) => field);

describe("words folded for comparison", () => {
  // Catches: a label that is missed for its case, its accents or its sharp s.
  it.each([
    ["FÄLLIG", "fallig"],
    ["Größe", "grosse"],
    ["GRÖSSE", "grosse"],
    ["numéro", "numero"],
    ["e\u0301", "e"],
    ["ﬁnal", "final"],
    ["Ｔｏｔａｌ", "total"],
  ])("%s is %s", (text, folded) => {
    expect(fold(text)).toBe(folded);
  });
});

describe("labels in a document", () => {
  it.each([
    ["Invoice date: 5 March 2024", ["date"]],
    ["INVOICE DATE", ["date"]],
    ["Rechnungs-Nr.: 7", ["number"]],
    ["Rechnungs Nr 7", ["number"]],
    ["RechnungsNr. 7", ["number"]],
    ["Numero de facture : 7", ["number"]],
    ["Faelligkeit", ["due"]],
    ["FALLIGKEIT", ["due"]],
    ["Due date: 1 May   Total: 5", ["due", "total"]],
  ])("%s", (text, expected) => {
    expect(fields(text)).toEqual(expected);
  });

  // Catches: the day by which to pay taken for that of the invoice, since `date` is a part of `due date`.
  it("are the longer of two that overlap", () => {
    expect(fields("Due date")).toEqual(["due"]);
    expect(fields("Grand total")).toEqual(["total"]);
    expect(find("Grand total")[0]).toMatchObject({ start: 0, end: 11, rank: 1 });
  });

  // Catches: `Factura`, the title of an invoice, taken for `Facturé à`, which names the customer, by one letter more.
  it("are what is written, before what is a letter away", () => {
    const both = new Map([
      ["customer", ["Facturé à"]],
      ["number", ["Factura"]],
    ]);
    expect(fields("Factura")).toEqual([]);
    expect(find("Factura", both).map(({ field }) => field)).toEqual(["number"]);
    expect(find("Facture a", both).map(({ field }) => field)).toEqual(["customer"]);
  });

  // Catches: a label cut short because its beginning is a letter away from all of it, and then taken for another.
  it("are whole, where a part of them is a letter away", () => {
    const both = new Map([
      ["title", ["Contrat"]],
      ["number", ["Contrat n°"]],
    ]);
    expect(find("Contrat n°", both).map(({ field, end }) => [field, end])).toEqual([["number", 9]]);
    expect(find("Contrat", both).map(({ field }) => field)).toEqual(["title"]);
  });

  // Catches: one field found twice in one word because a recipe lists the word twice.
  it("are the first of a recipe's list where two are spelt alike", () => {
    expect(find("Rechnungs-Nr", new Map([["number", ["rechnungsnr", "Rechnungs Nr"]]])).map(({ rank }) => rank)).toEqual([0]);
  });

  it("may be those of two fields in one place: which is meant is decided later", () => {
    const both = find(
      "Reference",
      new Map([
        ["ours", ["reference"]],
        ["yours", ["reference"]],
      ]),
    );
    expect(both.map(({ field }) => field).sort()).toEqual(["ours", "yours"]);
  });

  // Catches: a label missed since recognition read one of its letters wrongly, dropped it or made two of it.
  it.each(["Gesarntbetrag", "Gesamtbetrog", "Gesamtbetag", "Gesamttbetrag"])("may be read with one slip: %s", (text) => {
    expect(fields(text)).toEqual(text === "Gesarntbetrag" ? [] : ["total"]);
  });

  // Catches: `late` taken for `date`, `metal` for `total`: short words differ by a letter and mean another thing.
  it.each(["late", "dat", "dates", "totals", "metal"])("that are short have no slips: %s", (text) => {
    expect(fields(text)).toEqual([]);
  });

  it("with a digit have none either: line 1 is not line 7", () => {
    expect(find("Address 1", new Map([["second", ["address 2"]]]))).toEqual([]);
  });

  // Catches: words found in the middle of others.
  it.each(["Subtotalling", "updated", "predate"])("are whole words: %s", (text) => {
    expect(fields(text)).toEqual([]);
  });

  // Catches: a page in one run of text, in which every word is compared with every label.
  it("are not looked for in cells of prose", () => {
    expect(fields(`Total ${"word ".repeat(100)}`)).toEqual([]);
    expect(fields(`Total ${"word ".repeat(50)}`)).toEqual(["total"]);
  });

  it("stand where they say", () => {
    const text = "Page 1\n  Rechnungsdatum: 05.03.2024    Gesamtbetrag  12,00\n";
    expect(find(text).map(({ start, end }) => text.slice(start, end))).toEqual(["Rechnungsdatum", "Gesamtbetrag"]);
  });

  it("may be none: a label without a letter is found nowhere, and everywhere is nowhere", () => {
    expect(find("Total: 5", new Map([["odd", ["#", "...", " "]]]))).toEqual([]);
    expect(find("", known)).toEqual([]);
  });
});

describe("how much of what is said a label is", () => {
  const exactness = (text: string) => find(text)[0]?.exactness ?? 0;

  // Catches: `order date` that counts as much as `date`.
  it("is all of it alone or beside words that mean nothing", () => {
    expect(exactness("Total")).toBe(1);
    expect(exactness("Total:")).toBe(1);
    expect(exactness("Total amount EUR")).toBe(1);
    expect(exactness("The total of 12.00")).toBe(1);
  });

  it("is less the more is said before it", () => {
    const [near, far, farther] = [
      exactness("Carriage total"),
      exactness("Carriage and packing total"),
      exactness("Carriage and packing of goods sent abroad total"),
    ];
    expect(near).toBeLessThan(1);
    expect(far).toBeLessThan(near);
    expect(farther).toBeLessThan(far);
    // However much there is: a value at the end of a sentence is still one.
    expect(farther).toBeGreaterThan(0.1);
  });

  it("is less for a word behind it, but not for a value", () => {
    expect(exactness("Total weight")).toBeLessThan(1);
    expect(exactness("Total 12.00 EUR")).toBe(1);
    expect(exactness("Total weight and more and more words")).toBe(exactness("Total weight"));
  });
});

describe("labels in any text", () => {
  // Catches: places outside the cell they are said to stand in, or that do not spell what the recipe lists.
  it("stand in their cells, do not overlap within a field, and are as exact as a share may be", () => {
    const random = seeded(11);
    const words = [...known.values()].flat();
    for (let round = 0; round < 150; round += 1) {
      const pieces = Array.from({ length: 12 }, () =>
        random() < 0.4 ? words[Math.floor(random() * words.length)] : randomText(random, 3),
      );
      const text = pieces.join(random() < 0.5 ? " " : "\n");
      for (const { cell, start, end, exactness, rank, field } of find(text)) {
        expect(start).toBeGreaterThanOrEqual(cell.start);
        expect(end).toBeLessThanOrEqual(cell.end);
        expect(end).toBeGreaterThan(start);
        expect(exactness).toBeGreaterThan(0);
        expect(exactness).toBeLessThanOrEqual(1);
        expect(known.get(field)?.[rank]).toBeDefined();
      }
      const found = find(text);
      for (const one of found)
        expect(found.some((other) => other !== one && other.field === one.field && other.start < one.end && one.start < other.end)).toBe(
          false,
        );
    }
  });
});
