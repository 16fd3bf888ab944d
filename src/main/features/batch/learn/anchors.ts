import type { Cell, DocumentView } from "../extract/document-view.ts";
import { wordsOf } from "./layout.ts";

/** What tells where a value stands in every document of its layout: the words before and above it, and its place. */
export type Anchors = {
  /** Words before it on its line, '' where there are none. */
  before: string;
  /** Those words stand in its own cell. */
  inCell: boolean;
  above: string;
  /** From the first page of the document, from 0. */
  page: number;
  /** Points. */
  x0: number;
  x1: number;
  y0: number;
};
export type Slice = { cell: Cell; start: number; end: number };

/** Lines above a value among which its heading is looked for. */
const LINES_ABOVE = 4;
const NEAR_POINTS = 8;
/** Rows of a block move by a line when one is missing. */
const NEAR_LINE_POINTS = 14;
/** At least so much must agree for a place to be the same. */
export const SAME_PLACE = 0.5;

export function anchorsOf({ lines, pages, text }: Pick<DocumentView, "lines" | "pages" | "text">, { cell, start, end }: Slice): Anchors {
  const own = wordsOf(text.slice(cell.start, start));
  const beside = (lines[cell.line]?.cells ?? [])
    .filter((other) => other.x1 <= cell.x0 + 2 && wordsOf(other.text).length > 1)
    .sort((a, b) => b.x1 - a.x1)[0];
  const width = (cell.x1 - cell.x0) / Math.max(1, cell.end - cell.start);
  return {
    before: own !== "" ? own : beside ? wordsOf(beside.text) : "",
    inCell: own !== "",
    above: headingOf(lines, cell),
    page: cell.page - (pages[0]?.page ?? 1),
    x0: cell.x0 + (start - cell.start) * width,
    x1: cell.x0 + (end - cell.start) * width,
    y0: cell.y0,
  };
}

/** The nearest words above that overlap from side to side. */
function headingOf(lines: DocumentView["lines"], cell: Cell): string {
  for (let at = cell.line - 1; at >= Math.max(0, cell.line - LINES_ABOVE); at -= 1) {
    const line = lines[at];
    if (!line || line.page !== cell.page) return "";
    const over = line.cells.find((other) => Math.min(other.x1, cell.x1) > Math.max(other.x0, cell.x0) && wordsOf(other.text).length > 1);
    if (over) return wordsOf(over.text);
  }
  return "";
}

/** 0–1: how well two places agree. Other words before the value make it another row, wherever it stands. */
export function agreement(a: Anchors, b: Anchors): number {
  const isNear =
    a.page === b.page &&
    (Math.abs(a.x0 - b.x0) <= NEAR_POINTS || Math.abs(a.x1 - b.x1) <= NEAR_POINTS) &&
    Math.abs(a.y0 - b.y0) <= NEAR_LINE_POINTS;
  const hasWords = a.before !== "" || b.before !== "";
  const before = !hasWords ? 0.15 : a.before === b.before ? 0.6 : -0.4;
  return Math.max(0, Math.min(1, before + (a.above !== "" && a.above === b.above ? 0.25 : 0) + (isNear ? 0.35 : 0)));
}
