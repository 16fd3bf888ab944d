import { describe, expect, it } from "vitest";
import { findTables } from "../../../src/main/engines/readers/pdf/find-tables.ts";
import type { Fragment } from "../../../src/main/engines/readers/pdf/lines.ts";
import { readingOrder } from "../../../src/main/engines/readers/pdf/reading-order.ts";

/** Words that stand on one base line, each letter half as wide as the font is high. */
function at(text: string, from: number, base: number, size = 10): Fragment {
  const to = from + (text.length * size) / 2;
  const box: [number, number, number, number] = [from, base - size * 0.8, to, base + size * 0.2];
  return {
    words: text.split(" ").map((word) => ({ text: word, box })),
    from,
    to,
    top: box[1],
    bottom: box[3],
    base,
    size,
    bold: false,
    characters: text.length,
  };
}
const wordsOf = (words: readonly { text: string }[]) => words.map(({ text }) => text).join(" ");
const read = (fragments: readonly Fragment[]) =>
  readingOrder(fragments).map((row) => row.fragments.map(({ words }) => wordsOf(words)).join(" / "));
/** A line that is long enough to be prose: 200 points wide. */
const line = (name: string) => name.padEnd(40, "x");
const column = (name: string, from: number, first: number, lines: number) =>
  Array.from({ length: lines }, (_, index) => at(line(`${name}${index}`), from, first + index * 12));
const named = (name: string, lines: number) => Array.from({ length: lines }, (_, index) => line(`${name}${index}`));

describe("the order in which a page is read", () => {
  // Catches: lines of two columns that are read across the gutter, into each other.
  it("is one column after the other", () => {
    expect(read([...column("right", 320, 100, 6), ...column("left", 40, 100, 6)])).toEqual([...named("left", 6), ...named("right", 6)]);
  });

  // Catches: a title or a caption across both columns that is read in the midst of one.
  it("has what spans the columns in its place between them", () => {
    const title = at("A".repeat(90), 40, 80);
    const caption = at("B".repeat(90), 40, 180);
    const page = [...column("a", 40, 100, 6), ...column("b", 320, 100, 6), ...column("c", 40, 200, 6), ...column("d", 320, 200, 6)];
    const order = read([caption, ...page, title]).map((text) => text[0]);
    expect(order.join("")).toBe(`A${"a".repeat(6)}${"b".repeat(6)}B${"c".repeat(6)}${"d".repeat(6)}`);
  });

  // Catches: a form whose labels are all read before any of their values.
  it("keeps labels beside their values, which are no prose", () => {
    const form = ["Name", "Street", "Town", "Country"].flatMap((label, index) => [
      at(label, 40, 100 + index * 14),
      at(`value ${index}`, 320, 100 + index * 14),
    ]);
    expect(read(form)).toEqual(["Name / value 0", "Street / value 1", "Town / value 2", "Country / value 3"]);
  });

  it("puts what stands a little higher or lower, as an index does, on the line it belongs to", () => {
    expect(read([at("two", 60, 98), at("H", 40, 100), at("below", 40, 112)])).toEqual(["H / two", "below"]);
  });

  // Catches: a page that is lost, or an endless search, where numbers of a broken font make no sense.
  it("loses nothing of a page whose places make no sense", () => {
    const broken = [
      at("a", 0, 0, 0),
      at("b", 0, 0, 0),
      at("c", 1e9, 5),
      at("d", -1e9, 5),
      at("e", 3, 1e9),
      at("f", 3, -1e9),
      at("g", 2, 2),
    ];
    expect(read(broken).join(" ").match(/[a-g]/g)?.toSorted()).toEqual(["a", "b", "c", "d", "e", "f", "g"]);
    expect(read([])).toEqual([]);
  });
});

/** Rows of cells at these places, 14 points apart. */
const table = (places: readonly number[], rows: readonly (readonly string[])[], first = 100) =>
  rows.flatMap((row, down) => row.flatMap((text, index) => (text === "" ? [] : [at(text, places[index] ?? 0, first + down * 14)])));
const tablesOf = (fragments: readonly Fragment[]) =>
  findTables(readingOrder(fragments)).map((run) =>
    run.kind === "table"
      ? run.rows.map((row) => row.map(wordsOf))
      : run.rows.map((row) => row.fragments.map(({ words }) => wordsOf(words)).join(" ")),
  );

describe("tables of a page", () => {
  const places = [40, 200, 320];
  const prices = [
    ["Item", "Count", "Price"],
    ["Bolt", "12", "3.50"],
    ["Nut", "7", "1.20"],
  ];

  it("are rows whose parts stand in the same columns, with the text before and after as text", () => {
    const page = [at("The prices of this year", 40, 60), ...table(places, prices), at("All without tax", 40, 200)];
    expect(tablesOf(page)).toEqual([["The prices of this year"], prices, ["All without tax"]]);
  });

  // Catches: a second line of a cell that becomes a row of its own, or the text after the table.
  it("take the second line of a cell into the cell", () => {
    const page = [...table(places, prices.slice(0, 2)), at("of brass", 200, 124), ...table(places, [["Nut", "7", "1.20"]], 138)];
    expect(tablesOf(page)).toEqual([
      [
        ["Item", "Count", "Price"],
        ["Bolt", "12 of brass", "3.50"],
        ["Nut", "7", "1.20"],
      ],
    ]);
  });

  // Catches: the paragraph under a table that is taken for a second line of its last cell.
  it("end before a paragraph that begins at their left edge", () => {
    expect(tablesOf([...table(places, prices), at("Prices are", 40, 142)])).toEqual([prices, ["Prices are"]]);
  });

  it("keep an empty cell empty, and the ones after it in their columns", () => {
    const rows = [...prices, ["Screw", "", "0.10"]];
    expect(tablesOf(table(places, rows))).toEqual([rows]);
  });

  it("of two columns have three rows at least: two lines side by side are none", () => {
    const two = [
      ["Name", "Ada"],
      ["Town", "Kiel"],
    ];
    expect(tablesOf(table([40, 200], two))).toEqual([["Name Ada", "Town Kiel"]]);
    const three = [...two, ["Land", "Coast"]];
    expect(tablesOf(table([40, 200], three))).toEqual([three]);
  });

  // Catches: prose in two narrow columns that is cut into cells, line by line.
  it("are not made of long lines side by side", () => {
    const rows = Array.from({ length: 5 }, (_, index) => [`${index}`.padEnd(36, "a"), `${index}`.padEnd(36, "b")]);
    const rowsSideBySide = rows.map((row, index) => ({
      fragments: row.map((text, right) => at(text, 40 + right * 220, 100 + index * 12)),
      zone: 0,
      top: 92 + index * 12,
      bottom: 102 + index * 12,
      base: 100 + index * 12,
      from: 40,
      to: 440,
      size: 10,
      bold: false,
    }));
    expect(findTables(rowsSideBySide).map(({ kind }) => kind)).toEqual(["text"]);
  });

  it("do not go on across a wide gap", () => {
    const parts = tablesOf([...table(places, prices), ...table(places, prices, 400)]);
    expect(parts).toEqual([prices, prices]);
  });
});
