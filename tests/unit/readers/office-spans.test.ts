import type { OfficeContentNode } from "officeparser";
import { describe, expect, it } from "vitest";
import { officeText, remarksOf } from "../../../src/main/engines/readers/office/office-node.ts";
import { gridOf } from "../../../src/main/engines/readers/office/office-table.ts";
import { seeded } from "../../helpers/random-text.ts";

const text = (content: string): OfficeContentNode => ({ type: "text", text: content });
const paragraph = (...children: OfficeContentNode[]): OfficeContentNode => ({ type: "paragraph", text: "", children });
const cell = (content: string, metadata: Record<string, unknown> = {}): OfficeContentNode => {
  const node: OfficeContentNode = { type: "cell", text: content, children: [paragraph(text(content))] };
  // What a file says is not what the types promise.
  return Object.assign(node, { metadata });
};
const row = (...children: OfficeContentNode[]): OfficeContentNode => ({ type: "row", text: "", children });
const table = (...children: OfficeContentNode[]): OfficeContentNode => ({ type: "table", text: "", children });

describe("cells that span others", () => {
  // Catches: a figure that disappears since a cell above it says that it spans over its place.
  it("hide no cell that stands where they reach", () => {
    const grid = gridOf(
      table(row(cell("above", { col: 0, rowSpan: 3 })), row(cell("own", { col: 0, rowSpan: 2 })), row(cell("last", { col: 1 }))),
    );
    expect(grid).toEqual([
      ["above", ""],
      ["own", ""],
      ["above", "last"],
    ]);
  });

  it("keep what is written before them", () => {
    expect(gridOf(table(row(cell("own", { col: 1 }), cell("wide", { col: 0, colSpan: 3 }))))).toEqual([["wide", "own", "wide"]]);
  });

  // Catches: any mixture of spans in which a text is lost, or rows of different widths.
  it("make a rectangle in which no text is lost, whatever they say", () => {
    const random = seeded(12);
    const whole = (below: number) => Math.floor(random() * below);
    for (let round = 0; round < 200; round += 1) {
      const rows = Array.from({ length: 1 + whole(5) }, (_, at) =>
        row(
          ...Array.from({ length: whole(5) }, (__, index) =>
            cell(`r${at}c${index}`, { col: index, ...(random() < 0.5 ? {} : { rowSpan: 1 + whole(3), colSpan: 1 + whole(3) }) }),
          ),
        ),
      );
      const grid = gridOf(table(...rows));
      expect(new Set(grid.map((line) => line.length)).size).toBeLessThanOrEqual(1);
      const shown = new Set(grid.flat());
      for (const value of shown) expect(value === "" || /^r\dc\d$/u.test(value)).toBe(true);
      for (const one of rows.flatMap((line) => line.children ?? []))
        expect([one.text, shown.has(one.text ?? "")]).toEqual([one.text, true]);
    }
  });

  it.each([{ col: -1 }, { col: 1.5 }, { col: "2" }, { colSpan: 0 }, { colSpan: -3 }, { rowSpan: Number.NaN }, { colSpan: null }])(
    "with a number that is none have the usual one: %j",
    (metadata) => {
      expect(gridOf(table(row(cell("a", metadata), cell("b"))))).toEqual([["a", "b"]]);
    },
  );
});

describe("text of a node", () => {
  // Catches: a paragraph of hundreds of thousands of runs, on which the reader ends instead of reading it.
  it("is that of all its parts, however many and however deep", () => {
    expect(officeText(paragraph(...Array.from({ length: 1_000 }, () => text("x"))))).toHaveLength(1_000);
    const wide: OfficeContentNode = { type: "paragraph", text: "", children: Array.from({ length: 300_000 }, () => text("x")) };
    expect(officeText(wide)).toHaveLength(300_000);
    expect(remarksOf(wide, new Set())).toEqual([]);
    let deep = text("end");
    for (let level = 0; level < 50_000; level += 1) deep = { type: "heading", text: "", children: [deep] };
    expect(officeText(deep)).toBe("end");
  });

  it("has a line for each paragraph and break, in their order", () => {
    const content = [paragraph(text("a"), text("!")), paragraph(text("b")), { type: "break", text: "" } as const, text("c")];
    expect(officeText({ type: "cell", text: "", children: content })).toBe("a!\nb\nc");
  });
});
