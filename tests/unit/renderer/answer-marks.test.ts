import { expect, test } from "vitest";
import { answerBlocks } from "../../../src/renderer/features/chat/answer/answer-blocks.ts";
import { fencedMath, inlineSpans, tableCells, toTsv } from "../../../src/renderer/features/chat/answer/answer-marks.ts";
import { highlight } from "../../../src/renderer/features/chat/answer/highlight.ts";

const kinds = (text: string) => answerBlocks(text).map(({ kind, start, end }) => [kind, text.slice(start, end)]);

test("tables are told from lines with bars in them", () => {
  const table = "| Name | Built |\n|---|---:|\n| Kell | 1874 |\n| a \\| b | |";
  expect(kinds(`Before:\n\n${table}\n\nAfter`)).toEqual([
    ["paragraph", "Before:"],
    ["table", table],
    ["paragraph", "After"],
  ]);
  expect(kinds("this | that\nis no table")).toEqual([["paragraph", "this | that\nis no table"]]);
  expect(kinds("a | b\n---|---\n1 | 2").map(([kind]) => kind)).toEqual(["table"]);
  // Another number of cells below the head: no table of it.
  expect(kinds("| a | b |\n|---|\n| 1 | 2 |").map(([kind]) => kind)).toEqual(["paragraph"]);
});

test("a table is copied as spreadsheets take it: cells between tabs, rows as wide as the head, without marks", () => {
  const cells = tableCells("| Name | Built |\n|---|---:|\n| **Kell** | 1874 |\n| a \\| b |");
  expect(cells.right).toEqual([false, true]);
  expect(toTsv(cells)).toBe("Name\tBuilt\nKell\t1874\na | b\t");
});

// Catches: a table of an answer that calculates, or calls somebody, in the spreadsheet that it is pasted into.
test.each([
  ["=HYPERLINK(A1)", "'=HYPERLINK(A1)"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["+cmd", "'+cmd"],
  ["-2+3", "'-2+3"],
  ["-1 250,50", "-1 250,50"],
  ["+3 %", "+3 %"],
  ["a = b", "a = b"],
])("the cell %s is pasted as %s", (cell, pasted) => {
  expect(toTsv({ head: ["Name"], rows: [[cell]], right: [false] })).toBe(`Name\n${pasted}`);
});

test("formulas are found in lines of their own and in text, and money is none", () => {
  expect(kinds("So\n$$\nE = mc^2\n$$\nholds").map(([kind]) => kind)).toEqual(["paragraph", "math", "paragraph"]);
  expect(fencedMath(["\\[ a^2 \\]"])).toEqual({ tex: "a^2", lines: 1 });
  expect(fencedMath(["$$", "never closed"])).toBeUndefined();
  const found = (text: string) =>
    inlineSpans(text)
      .filter(({ kind }) => kind === "math")
      .map(({ text: tex }) => tex);
  expect(found("with $x^2$ and \\(y\\)")).toEqual(["x^2", "y"]);
  expect(found("from $5 to $10, or US$ 3")).toEqual([]);
});

test("quotations, rules, nested items and emphasis are shown without their marks", () => {
  const text = "> said\n> so\n\n---\n- one\n  - two\n    1. three";
  expect(kinds(text).map(([kind]) => kind)).toEqual(["quote", "rule", "item", "item", "item"]);
  expect(answerBlocks(text).map(({ depth }) => depth)).toEqual([undefined, undefined, 0, 1, 2]);
  expect(inlineSpans("an *important* word, 2 * 3 * 4").map(({ kind, text: part }) => [kind, part])).toEqual([
    ["text", "an "],
    ["em", "important"],
    ["text", " word, 2 * 3 * 4"],
  ]);
});

// Catches: a highlighter that loses, adds or runs any of the code.
test("highlighted code is the code, cut into pieces", () => {
  const code = 'const html = "<img src=x onerror=alert(1)>"; // <script>\n';
  const marks = highlight(code, "ts") ?? [];
  expect(marks.map(({ text }) => text).join("")).toBe(code);
  expect(new Set(marks.map(({ kind }) => kind))).toEqual(new Set(["plain", "keyword", "literal", "comment"]));
  expect(highlight(code, "no-language")).toBeUndefined();
  expect(highlight("x".repeat(60_000), "ts")).toBeUndefined();
});

// Catches: a pattern that takes quadratic time on output that a model repeats.
test.each(["|".repeat(5000), "$".repeat(5000), "*a ".repeat(3000), "\\(".repeat(3000), "> ".repeat(3000), "- ".repeat(3000)])(
  "hostile repetition is read in time: %#",
  (text) => {
    const startedAt = performance.now();
    for (const { start, end } of answerBlocks(`${text}\n${text}`)) inlineSpans(`${text}\n${text}`.slice(start, end));
    expect(performance.now() - startedAt).toBeLessThan(2000);
  },
);
