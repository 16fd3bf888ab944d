import { describe, expect, it } from "vitest";
import type { FoundRow } from "../../../src/main/features/batch/extract/candidates.ts";
import { findRows } from "../../../src/main/features/batch/extract/rows.ts";
import { findList } from "../../../src/main/features/batch/extract/lists.ts";
import type { Scalar } from "../../../src/shared/contract/batch.ts";
import { RowSchema, ScalarSchema } from "../../../src/shared/contract/recipe.ts";
import { placedView } from "../../helpers/batch-views.ts";
import { sourcesOf, textView } from "../../helpers/batch-sources.ts";
import { randomText, seeded } from "../../helpers/random-text.ts";

const lines = RowSchema.parse({
  type: "object",
  properties: {
    description: { type: ["string", "null"], "x-labels": ["description", "item"] },
    quantity: { type: ["number", "null"], "x-labels": ["quantity", "qty"] },
    price: { type: ["number", "null"], "x-kind": "amount", "x-labels": ["unit price"] },
    amount: { type: ["number", "null"], "x-kind": "amount", "x-labels": ["amount"] },
  },
});
/** Labels of fields that stand outside of the table. */
const outside = { total: ["total"], net: ["subtotal"] };
type Plain = Record<string, Scalar>;
const plain = (rows: readonly FoundRow[]): Plain[] =>
  rows.map((row) => Object.fromEntries(Object.entries(row).flatMap(([name, found]) => (found ? [[name, found.value]] : []))));
const readText = (text: string) => plain(findRows("lines", lines, sourcesOf(textView(text, "en"), outside)));
type Placed = Parameters<typeof placedView>[0];
const readPlaced = (rows: Placed) => plain(findRows("lines", lines, sourcesOf(placedView(rows, "en"), outside)));

const head = [
  [50, "Description"],
  [250, "Qty"],
  [330, "Unit price"],
  [450, "Amount"],
] as const;
const row = (what: string, quantity: string, price: string, amount: string) =>
  [
    [50, what],
    [256, quantity],
    [360, price],
    [456, amount],
  ] as const;

describe("rows under headings", () => {
  it("are read with each number in the column that it stands in", () => {
    expect(readPlaced([head, row("Tea", "2", "3.50", "7.00"), row("Milk, skimmed", "10", "1.20", "12.00")])).toEqual([
      { description: "Tea", quantity: 2, price: 3.5, amount: 7 },
      { description: "Milk, skimmed", quantity: 10, price: 1.2, amount: 12 },
    ]);
  });

  // Catches: the price taken for the quantity because a cell is empty and the numbers were counted from the left.
  it("keep their columns where a cell is empty", () => {
    expect(
      readPlaced([
        head,
        [
          [50, "Postage"],
          [456, "4.00"],
        ],
        row("Tea", "2", "3.50", "7.00"),
      ]),
    ).toEqual([
      { description: "Postage", amount: 4 },
      { description: "Tea", quantity: 2, price: 3.5, amount: 7 },
    ]);
  });

  // Catches: the sum under a table counted as one of its rows, which doubles what was bought.
  it("end at the total, which is none of them", () => {
    expect(
      readPlaced([
        head,
        row("Tea", "2", "3.50", "7.00"),
        [
          [50, "Total"],
          [456, "7.00"],
        ],
        [
          [50, "Thank you for your order"],
          [456, "9.00"],
        ],
      ]),
    ).toEqual([{ description: "Tea", quantity: 2, price: 3.5, amount: 7 }]);
  });

  it("are not the total though it is as full as they are", () => {
    expect(
      readPlaced([head, row("Total", "12", "4.70", "19.00"), row("Tea", "2", "3.50", "7.00")]).map(({ description }) => description),
    ).not.toContain("Total");
  });

  // Catches: a number in the margin taken for a price that is missing.
  it("take no number that stands under none of their headings", () => {
    expect(
      readPlaced([
        head,
        [
          [50, "Tea"],
          [456, "7.00"],
          [640, "99.00"],
        ],
      ]),
    ).toEqual([{ description: "Tea", amount: 7 }]);
  });

  // Catches: the second half of a table that a subtotal parts.
  it("go on behind a subtotal where they are as full as before", () => {
    const subtotal = [
      [50, "Subtotal"],
      [456, "7.00"],
    ] as const;
    expect(
      readPlaced([head, row("Tea", "2", "3.50", "7.00"), subtotal, row("Milk", "1", "1.20", "1.20")]).map(({ description }) => description),
    ).toEqual(["Tea", "Milk"]);
  });

  it("may have lines without numbers between them, but not for ever", () => {
    const note = [[50, "for the kitchen"]] as const;
    const few = [head, row("Tea", "2", "3.50", "7.00"), note, note, row("Milk", "1", "1.20", "1.20")];
    const many = [head, row("Tea", "2", "3.50", "7.00"), ...Array.from({ length: 12 }, () => note), row("Milk", "1", "1.20", "1.20")];
    expect([readPlaced(few).length, readPlaced(many).length]).toEqual([2, 1]);
  });

  // Catches: a row made up of any line in which a number stands.
  it.each<[string, Placed]>([
    ["a number alone", [head, [[456, "7.00"]]]],
    ["words alone", [head, [[50, "Tea"]]]],
    ["no row at all", [head]],
    [
      "one known heading",
      [
        [
          [50, "Description"],
          [450, "Worth"],
        ],
        row("Tea", "2", "3.50", "7.00"),
      ],
    ],
    ["headings of words alone", [[[50, "Description"]], row("Tea", "2", "3.50", "7.00")]],
    ["headings without rows below", [row("Tea", "2", "3.50", "7.00"), head]],
  ])("are none: %s", (_, page) => {
    expect(readPlaced(page)).toEqual([]);
  });

  // Catches: "2 x 3.5 kg of tea" from which a price of 3.5 is read.
  it("take no number out of the middle of a description", () => {
    expect(readPlaced([head, row("Bag of 3.5 kilograms of finest tea", "2", "3.50", "7.00")])[0]).toEqual({
      description: "Bag of 3.5 kilograms of finest tea",
      quantity: 2,
      price: 3.5,
      amount: 7,
    });
  });

  it("are read from two tables of one page, each by its own headings", () => {
    const other = [
      [50, "Item"],
      [300, "Amount"],
    ] as const;
    expect(
      readPlaced([
        head,
        row("Tea", "2", "3.50", "7.00"),
        [
          [50, "Total"],
          [456, "7.00"],
        ],
        ...Array.from({ length: 11 }, () => [[50, "and so on"]] as const),
        other,
        [
          [50, "Milk"],
          [300, "1.20"],
        ],
      ]),
    ).toEqual([
      { description: "Tea", quantity: 2, price: 3.5, amount: 7 },
      { description: "Milk", amount: 1.2 },
    ]);
  });

  it("of a text are parted by bars or wide gaps", () => {
    const expected = [{ description: "Tea", quantity: 2, price: 3.5, amount: 7 }];
    expect(readText("Description | Qty | Unit price | Amount\nTea | 2 | 3.50 | 7.00")).toEqual(expected);
    expect(readText("Description     Qty   Unit price    Amount\nTea             2     3.50          7.00")).toEqual(expected);
  });

  // Catches: a credit that is added instead of taken off.
  it("may be below nought", () => {
    expect(readText("Description | Qty | Unit price | Amount\nReturned | 1 | -3.50 | -3.50")[0]).toMatchObject({
      price: -3.5,
      amount: -3.5,
    });
  });

  // Catches: a value whose place shows something else, and rows made of nothing.
  it("stand in the document, whatever it is", () => {
    const random = seeded(3);
    for (let round = 0; round < 80; round += 1) {
      const pieces = Array.from({ length: 10 }, () =>
        random() < 0.3
          ? "Description | Qty | Amount"
          : random() < 0.5
            ? `${randomText(random, 2)} | ${Math.floor(random() * 99)} | ${(random() * 99).toFixed(2)}`
            : randomText(random, 6),
      );
      const view = textView(pieces.join("\n"));
      for (const found of findRows("lines", lines, sourcesOf(view, outside))) {
        const cells = Object.values(found).filter((cell) => cell !== undefined);
        expect(cells.length).toBeGreaterThanOrEqual(2);
        // Words may be wrapped around the numbers: a line above and one below.
        const at = cells.map(({ cell }) => cell.line);
        expect(Math.max(...at) - Math.min(...at)).toBeLessThanOrEqual(1);
        for (const { start, end, value, cell } of cells) {
          expect(start).toBeGreaterThanOrEqual(cell.start);
          expect(end).toBeLessThanOrEqual((view.lines[cell.line + 2] ?? view.lines[cell.line])?.cells.at(-1)?.end ?? 0);
          if (typeof value === "string") expect(view.text.slice(start, end).replaceAll(/\s+/gu, " ")).toBe(value);
        }
      }
    }
  });
});

const word = ScalarSchema.parse({ type: "string" });
const email = ScalarSchema.parse({ type: "string", "x-kind": "email" });
const list = (
  text: string,
  schema = word,
  labels: Record<string, string[]> = { people: ["attendees"], topics: ["decisions"], next: ["next meeting"] },
) => findList("people", schema, sourcesOf(textView(text), labels)).map(({ value }) => value);

describe("values of a list", () => {
  it.each([
    ["beside their label", "Attendees: Ada, Grace; Edith", ["Ada", "Grace", "Edith"]],
    ["in the cell beside it", "Attendees   Ada, Grace", ["Ada", "Grace"]],
    ["a line each", "Attendees\nAda\nGrace\nEdith", ["Ada", "Grace", "Edith"]],
    ["with marks before them", "Attendees\n- Ada\n• Grace\n* Edith\n1. Mary\n2) Rosa", ["Ada", "Grace", "Edith", "Mary", "Rosa"]],
    ["in one line below", "Attendees\nAda, Grace, Edith", ["Ada", "Grace", "Edith"]],
    ["once, however often they are named", "Attendees: Ada, Ada, Grace", ["Ada", "Grace"]],
    ["none where nothing follows", "Attendees:", []],
    ["none where there is no label", "Ada, Grace, Edith", []],
  ])("%s", (_, text, values) => {
    expect(list(text)).toEqual(values);
  });

  // Catches: decisions counted among the people who made them.
  it("end where the next heading begins", () => {
    expect(list("Attendees\nAda\nGrace\nDecisions\nBuy a pump")).toEqual(["Ada", "Grace"]);
    expect(list("Attendees\n- Ada\n- Grace\nThe meeting began at nine.")).toEqual(["Ada", "Grace"]);
  });

  it("end at a wide gap", () => {
    expect(list("Attendees\nAda\nGrace\n\n\n\nRegards")).toEqual(["Ada", "Grace"]);
  });

  // Catches: a sentence parted at its comma into two names.
  it("are whole lines where a line has one comma", () => {
    expect(list("Attendees\nLovelace, Ada\nHopper, Grace")).toEqual(["Lovelace, Ada", "Hopper, Grace"]);
  });

  it("need no label where their form says what they are", () => {
    expect(list("Write to ada@example.org or grace@example.org, or ada@example.org.", email)).toEqual([
      "ada@example.org",
      "grace@example.org",
    ]);
  });

  // Catches: a hostile document of a million items, each of which becomes a value that somebody reviews.
  it("are two hundred at most, and short", () => {
    expect(list(`Attendees\n${Array.from({ length: 5_000 }, (_, at) => `- name ${at}`).join("\n")}`)).toHaveLength(200);
    expect(list(`Attendees   ${Array.from({ length: 5_000 }, (_, at) => `name ${at}`).join(", ")}`)).toHaveLength(200);
    expect(list(`Attendees\n- ${"x".repeat(301)}\n- Ada`)).toEqual(["Ada"]);
  });

  it("stand where they say", () => {
    const text = "Minutes\n\nAttendees: Ada,  Grace ; Edith\n";
    const sources = sourcesOf(textView(text), { people: ["attendees"] });
    for (const { value, start, end } of findList("people", word, sources)) expect(text.slice(start, end)).toBe(value);
  });
});
