import type { OfficeAttachment, OfficeContentNode } from "officeparser";
import { describe, expect, it } from "vitest";
import { chartGrid, framedContent, gridOf } from "../../../src/main/engines/readers/office/office-table.ts";

const cell = (text: string, metadata?: Record<string, unknown>): OfficeContentNode =>
  Object.assign<OfficeContentNode, object>({ type: "cell", text }, metadata ? { metadata } : {});
const table = (...rows: OfficeContentNode[][]): OfficeContentNode => ({
  type: "table",
  children: rows.map((children): OfficeContentNode => ({ type: "row", children })),
});

describe("the grid of a table", () => {
  it("has every row as wide as the widest", () => {
    expect(gridOf(table([cell("a")], [cell("b"), cell("c")]))).toEqual([
      ["a", ""],
      ["b", "c"],
    ]);
  });

  // Catches: a figure that slips under the head of its neighbour, since empty cells of a sheet are not written.
  it("has a cell where it says it stands, and nothing where none is written", () => {
    expect(gridOf(table([cell("a", { col: 0 }), cell("c", { col: 2 })], [cell("b", { col: 1 })]))).toEqual([
      ["a", "", "c"],
      ["", "b", ""],
    ]);
  });

  it("repeats what a merged cell says in each place that it covers, and overwrites nothing", () => {
    expect(gridOf(table([cell("both", { col: 0, colSpan: 2 })], [cell("x", { col: 0 }), cell("y", { col: 1 })]))).toEqual([
      ["both", "both"],
      ["x", "y"],
    ]);
    expect(
      gridOf(table([cell("tall", { col: 0, rowSpan: 2 }), cell("p", { col: 1 })], [cell("", { col: 0 }), cell("q", { col: 1 })])),
    ).toEqual([
      ["tall", "p"],
      ["tall", "q"],
    ]);
  });

  // Catches: a file of a hundred bytes whose one cell spans a billion places.
  it("is no larger than what is there, whatever a cell says of its size and place", () => {
    const grid = gridOf(table([cell("a", { col: 0, colSpan: 1e9, rowSpan: 1e9 }), cell("far", { col: 1e9 })], [cell("b", { col: 0 })]));
    expect(grid).toHaveLength(2);
    expect(grid.every((row) => row.length <= 500)).toBe(true);
    expect(grid.flat()).not.toContain("far");
    const many = table(...Array.from({ length: 2000 }, () => [cell("w", { col: 0, colSpan: 400 })]));
    const filled = gridOf(many);
    expect(filled.flat().filter((text) => text === "w").length).toBeLessThan(250_000);
    expect(filled.every((row) => row[0] === "w")).toBe(true);
  });

  it.each([-1, 0.5, Number.NaN, "3", null])("takes %s for no place and no size", (value) => {
    expect(gridOf(table([cell("a", { col: value, colSpan: value, rowSpan: value }), cell("b")]))).toEqual([["a", "b"]]);
  });

  it("ends with its last row that says something, and keeps empty ones between", () => {
    expect(gridOf(table([cell("a")], [cell("")], [cell("b")], [cell("")], [cell(" ")]))).toEqual([["a"], [""], ["b"]]);
    expect(gridOf(table([cell("")]))).toEqual([]);
    expect(gridOf({ type: "table" })).toEqual([]);
  });

  it("has a cell's lines on one", () => {
    const lines: OfficeContentNode = {
      type: "cell",
      children: [
        { type: "paragraph", children: [{ type: "text", text: "one" }] },
        { type: "paragraph", children: [{ type: "text", text: "two" }] },
      ],
    };
    expect(gridOf(table([lines]))).toEqual([["one two"]]);
  });
});

describe("a table of one cell", () => {
  // Catches: a letter that is set in a frame, and whose tables and lists become one line of one cell.
  it("that holds blocks is a frame around them", () => {
    const inside: OfficeContentNode[] = [
      { type: "paragraph", text: "Dear all" },
      { type: "list", text: "one" },
    ];
    expect(framedContent(table([{ type: "cell", children: inside }]))).toBe(inside);
  });

  it("that holds text alone stays a table, and so does one of two cells", () => {
    expect(framedContent(table([{ type: "cell", children: [{ type: "paragraph", text: "x" }] }]))).toBeUndefined();
    const list: OfficeContentNode = { type: "cell", children: [{ type: "list", text: "one" }] };
    expect(framedContent(table([list, list]))).toBeUndefined();
    expect(framedContent({ type: "table" })).toBeUndefined();
  });
});

describe("a chart", () => {
  type Chart = NonNullable<OfficeAttachment["chartData"]>;
  const chart = (chartData?: Partial<Chart>): OfficeAttachment => ({
    type: "chart",
    mimeType: "application/vnd.oasis.opendocument.chart",
    data: "",
    name: "c",
    extension: "xml",
    ...(chartData ? { chartData: { labels: [], dataSets: [], rawTexts: [], ...chartData } } : {}),
  });
  const series = (name: string, ...values: string[]) => ({ name, values, pointLabels: [] });

  it("is a row for each label and a column for each series, also where one is shorter", () => {
    expect(
      chartGrid(chart({ title: "Ducks\nseen", labels: ["2019", "2020"], dataSets: [series("North", "1", "2"), series("South", "3")] })),
    ).toEqual({
      title: "Ducks seen",
      rows: [
        ["", "North", "South"],
        ["2019", "1", "3"],
        ["2020", "2", ""],
      ],
    });
  });

  it("has values without a label too, and no head where no series has a name", () => {
    expect(chartGrid(chart({ dataSets: [series("", "1", "2")] }))?.rows).toEqual([
      ["", "1"],
      ["", "2"],
    ]);
  });

  it("without numbers is none", () => {
    expect(chartGrid(chart())).toBeUndefined();
    expect(chartGrid(chart({ title: "t", labels: ["a"] }))).toBeUndefined();
  });
});
