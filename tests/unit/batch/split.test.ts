import { describe, expect, it } from "vitest";
import { pageNumberOf } from "../../../src/main/features/batch/extract/page-number.ts";
import { splitDocument } from "../../../src/main/features/batch/extract/split.ts";
import { viewDocument } from "../../../src/main/features/batch/extract/document-view.ts";
import { extract } from "../../../src/main/features/batch/extract/extract.ts";
import { valueAt } from "../../../src/main/features/batch/validate/values.ts";
import { builtInRecipe, placedText } from "../../helpers/batch-views.ts";

const invoice = builtInRecipe("invoice");
type Rows = (readonly (readonly [number, string])[])[];

/** The first page of an invoice; `number` undefined for one whose number cannot be read. */
const first = (number: string | undefined, more: { pages?: string; vendor?: string; total?: string } = {}): Rows => [
  [[50, more.vendor ?? "Alder & Finch Ltd"]],
  [[50, "Thank you for your order"]],
  [
    [50, "Invoice number:"],
    [200, number ?? "~~~"],
  ],
  [
    [50, "Invoice date:"],
    [200, "5 March 2024"],
  ],
  [
    [50, "Payment terms"],
    [200, "thirty days"],
  ],
  [
    [50, "Total due:"],
    [200, `£${more.total ?? "120.00"}`],
  ],
  ...(more.pages === undefined ? [] : [[[300, more.pages]] as const]),
];
/** A page that only goes on with a table. */
const further = (pages?: string): Rows => [
  [
    [50, "Blue chair"],
    [200, "4"],
    [300, "25.00"],
  ],
  [[50, "Carried over to the next sheet"]],
  ...(pages === undefined ? [] : [[[300, pages]] as const]),
];
const split = (...pages: Rows[]) =>
  splitDocument(placedText(pages), invoice).map(({ firstPage, lastPage, doubtful }) => `${firstPage}-${lastPage}${doubtful ? "?" : ""}`);

describe("the documents of a file", () => {
  // Catches: a stack that becomes one record, and pages that belong to the wrong neighbour.
  it.each<[string, Rows[], string[]]>([
    ["one page", [first("INV-1")], ["1-1"]],
    ["one document of two pages", [first("INV-1"), further()], ["1-2"]],
    ["a stack of single pages", [first("INV-1"), first("INV-2"), first("INV-3")], ["1-1", "2-2", "3-3"]],
    ["a stack of longer ones", [first("INV-1"), further(), first("INV-2"), further(), further()], ["1-2", "3-5"]],
    ["the number repeated on every page", [first("INV-1"), first("INV-1"), first("INV-2")], ["1-2", "3-3"]],
    ["an empty sheet between two", [first("INV-1"), [], first("INV-2")], ["1-2", "3-3"]],
    ["a cover page before the first number", [further(), first("INV-1")], ["1-2"]],
  ])("tells apart: %s", (_, pages, expected) => {
    expect(split(...pages)).toEqual(expected);
  });

  // Catches: a second invoice that is swallowed because its number was not legible.
  it("doubts a page that looks like the first of another document", () => {
    expect(split(first("INV-1"), first(undefined))).toEqual(["1-2?"]);
  });

  // Catches: a document whose number is illegible that goes under though its page says that it is the first.
  it("begins another document at a page that calls itself the first of some", () => {
    expect(split(first("INV-1", { pages: "Page 1 of 1" }), first(undefined, { pages: "Page 1 of 1" }))).toEqual(["1-1", "2-2"]);
  });

  // Catches: a reference on page two taken for another invoice, without anybody being asked.
  it("keeps pages together that are counted on, and doubts another number on them", () => {
    expect(split(first("INV-1", { pages: "Page 1 of 2" }), first("INV-9", { pages: "Page 2 of 2" }))).toEqual(["1-2?"]);
    expect(split(first("INV-1", { pages: "Page 1 of 2" }), further("Page 2 of 2"))).toEqual(["1-2"]);
    expect(split(first("INV-1", { pages: "Seite 1" }), further("Seite 2"))).toEqual(["1-2"]);
  });

  // Catches: a sheet that was lost in the scanner, exported as a whole document.
  it("doubts a document that lacks a page, or has one too many", () => {
    expect(split(first("INV-1", { pages: "Page 1 of 3" }), further("Page 2 of 3"), first("INV-2"))).toEqual(["1-2?", "3-3"]);
    expect(split(first("INV-1", { pages: "Page 1 of 1" }), further())).toEqual(["1-2?"]);
    expect(split(first("INV-1", { pages: "Page 1 of 2" }), [], further("Page 2 of 2"))).toEqual(["1-3"]);
  });

  // Catches: pages of two documents that were shuffled, cut into records that are both wrong.
  it("leaves a file whole and in doubt when a number comes back", () => {
    expect(split(first("INV-1"), first("INV-2"), first("INV-1"))).toEqual(["1-3?"]);
  });

  it("leaves files whole where the recipe says so", () => {
    const read = placedText([first("INV-1"), first("INV-2")]);
    expect(splitDocument(read, { ...invoice, split: { by: "file", fields: [] } })).toEqual([
      { firstPage: 1, lastPage: 2, doubtful: false },
    ]);
  });

  // Catches: a book of numbered chapters that costs minutes and becomes hundreds of records.
  it("does not take a book apart", () => {
    const pages = Array.from({ length: 1001 }, (_, page) => first(`INV-${page}`).slice(2, 3));
    expect(splitDocument(placedText(pages), invoice)).toHaveLength(1);
  });

  // Catches: habits, names and sums of one document that leak into its neighbour's record.
  it("reads each document of a stack by its own habits", () => {
    const english = first("INV-1", { vendor: "Alder & Finch Ltd", total: "1,120.50" });
    const german: Rows = [
      [[50, "Kranich Verlag GmbH"]],
      [
        [50, "Rechnungsnummer:"],
        [200, "R-77"],
      ],
      [
        [50, "Rechnungsdatum:"],
        [200, "03.04.2024"],
      ],
      [
        [50, "Gesamtbetrag:"],
        [200, "1.250,75 €"],
      ],
    ];
    const read = placedText([english, german, first("INV-3", { total: "9.99" })]);
    const parts = splitDocument(read, invoice);
    expect(parts).toHaveLength(3);
    const fields = parts.map(({ firstPage, lastPage }) => extract(viewDocument(read, firstPage, lastPage), invoice).fields);
    const told = (path: string) => fields.map((field) => valueAt(field, path)?.value);
    expect(told("invoice_number")).toEqual(["INV-1", "R-77", "INV-3"]);
    expect(told("total")).toEqual([1120.5, 1250.75, 9.99]);
    expect(told("vendor")).toEqual(["Alder & Finch Ltd", "Kranich Verlag GmbH", "Alder & Finch Ltd"]);
    expect(told("date")).toEqual(["2024-03-05", "2024-04-03", "2024-03-05"]);
    expect(told("currency")).toEqual(["GBP", "EUR", "GBP"]);
  });

  // Catches: a value with the page of its place counted from the part and not from the file.
  it("says the page of the file", () => {
    const read = placedText([first("INV-1"), first("INV-2")]);
    expect(valueAt(extract(viewDocument(read, 2, 2), invoice).fields, "invoice_number")).toMatchObject({ value: "INV-2", page: 2 });
  });
});

describe("long documents", () => {
  // Catches: two pages that say different things, of which one is shown as if it were certain.
  it("shows what another page says beside it, and is not sure", () => {
    const numbers = (number: string): Rows => first(number);
    const one = extract(viewDocument(placedText([numbers("INV-1"), further()])), invoice).fields;
    const two = extract(viewDocument(placedText([numbers("INV-1"), numbers("INV-2")])), invoice).fields;
    expect(valueAt(one, "invoice_number")?.sure).toBeGreaterThanOrEqual(0.9);
    expect(valueAt(two, "invoice_number")?.sure).toBeLessThan(0.9);
    expect(valueAt(two, "invoice_number")?.alternatives).toEqual([expect.objectContaining({ value: "INV-2", page: 2 })]);
  });

  // Catches: a value that is said again further on and counts as its own contradiction.
  it("is as sure of what is repeated", () => {
    const fields = extract(viewDocument(placedText([first("INV-1"), first("INV-1")])), invoice).fields;
    expect(valueAt(fields, "invoice_number")).toMatchObject({ value: "INV-1" });
    expect(valueAt(fields, "invoice_number")?.sure).toBeGreaterThanOrEqual(0.9);
  });

  // Catches: a total on the last of many pages that nobody looks at.
  it("reads what stands on the last page only", () => {
    const pages = [
      first("INV-1").slice(0, 4),
      ...Array.from({ length: 60 }, () => further()),
      [
        [
          [50, "Total due:"],
          [200, "£77.10"],
        ],
      ] as Rows,
    ];
    expect(valueAt(extract(viewDocument(placedText(pages)), invoice).fields, "total")).toMatchObject({ value: 77.1, page: 62 });
  });
});

describe("page numbers", () => {
  it.each([
    ["Page 2 of 3", 2, 3],
    ["Seite 1 von 4", 1, 4],
    ["Seite: 2/2", 2, 2],
    ["page 10 / 12", 10, 12],
    ["Página 3 de 5", 3, 5],
    ["Pagina 1 di 2", 1, 2],
    ["Pagina 2 van 2", 2, 2],
    ["Strona 1 z 2", 1, 2],
    ["Sida 1 av 2", 1, 2],
    ["Blatt 7", 7, undefined],
    ["some words, Page 1, and Page 1 of 2 at the end", 1, 2],
  ])("reads %j", (text, page, of) => {
    expect(pageNumberOf(text)).toEqual({ page, of });
  });

  // Catches: a reference to another page, a date or a homepage read as the page's own number.
  it.each(["", "see homepage 3", "Page 3 of 2", "page 0 of 2", "Page 1 of 2 and page 2 of 2", "2/3", "Pages", "Seite", "page 12345"])(
    "finds none in %j",
    (text) => {
      expect(pageNumberOf(text)).toBeUndefined();
    },
  );
});
