import type { Fragment, Word } from "./lines.ts";
import type { Row } from "./reading-order.ts";

export type TableRun = { kind: "table"; rows: Word[][][] };
export type TextRun = { kind: "text"; rows: Row[] };

/**
 * Parts rows into running text and tables. A table is at least three rows in sequence (two when they have three
 * columns) whose fragments stand in the same columns; a line between them with fewer fragments is the continuation of
 * the cells above when it stands in their columns and close below.
 */
export function findTables(rows: readonly Row[]): (TableRun | TextRun)[] {
  const runs: (TableRun | TextRun)[] = [];
  let text: Row[] = [];
  let at = 0;
  while (at < rows.length) {
    const table = tableAt(rows, at);
    if (table) {
      if (text.length > 0) runs.push({ kind: "text", rows: text });
      text = [];
      runs.push({ kind: "table", rows: table.cells });
      at = table.end;
    } else {
      const row = rows[at];
      if (row) text.push(row);
      at += 1;
    }
  }
  if (text.length > 0) runs.push({ kind: "text", rows: text });
  return runs;
}

type Column = { from: number; to: number };

function tableAt(rows: readonly Row[], start: number): { cells: Word[][][]; end: number } | undefined {
  const first = rows[start];
  if (!first || first.fragments.length < 2) return undefined;
  let end = start + 1;
  for (; end < rows.length; end += 1) {
    const row = rows[end];
    const before = rows[end - 1];
    if (!row || !before || row.zone !== first.zone || row.base - before.base > 3.2 * Math.max(row.size, before.size)) break;
    if (row.fragments.length < 2 && !(row.base - before.base < 1.7 * row.size && isBesideStart(row, first))) break;
  }
  while (end > start && (rows[end - 1]?.fragments.length ?? 0) < 2) end -= 1;
  for (; end - start >= 2; end -= 1) {
    const part = rows.slice(start, end);
    const columns = columnsOf(part);
    if (columns && isTable(part, columns)) return { cells: cellsOf(part, columns), end };
  }
  return undefined;
}

/** A continuation does not begin at the left edge of the first column, where the next paragraph would. */
const isBesideStart = (row: Row, first: Row) => row.from > first.from + 1.5 * row.size || row.to < (first.fragments[1]?.from ?? first.to);

/** Columns as the rows with most fragments have them; undefined when they do not agree. */
function columnsOf(rows: readonly Row[]): Column[] | undefined {
  const counts = new Map<number, number>();
  for (const { fragments } of rows) if (fragments.length >= 2) counts.set(fragments.length, (counts.get(fragments.length) ?? 0) + 1);
  const usual = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0];
  if (!usual || usual[1] < 2) return undefined;
  const columns: Column[] = [];
  const typical = rows.filter(({ fragments }) => fragments.length === usual[0]).flatMap(({ fragments }) => fragments);
  for (const { from, to } of typical.sort((a, b) => a.from - b.from)) {
    const last = columns.at(-1);
    if (last && from < last.to) last.to = Math.max(last.to, to);
    else columns.push({ from, to });
  }
  return columns.length === usual[0] ? columns : undefined;
}

function isTable(rows: readonly Row[], columns: readonly Column[]): boolean {
  const full = rows.filter(({ fragments }) => fragments.length >= 2);
  if (full.length < (columns.length >= 3 ? 2 : 3)) return false;
  if (full.some(({ fragments }) => fragments.some((fragment) => overlapping(fragment, columns).length > 1 && fragments.length > 1)))
    return false;
  // Long lines in two columns are prose set side by side.
  const characters = full.flatMap(({ fragments }) => fragments.map((fragment) => fragment.characters));
  return columns.length > 2 || characters.reduce((sum, count) => sum + count, 0) / characters.length < 32;
}

function overlapping({ from, to }: Fragment, columns: readonly Column[]): number[] {
  return columns.flatMap((column, index) => (from < column.to && to > column.from ? [index] : []));
}

function cellsOf(rows: readonly Row[], columns: readonly Column[]): Word[][][] {
  const cells: Word[][][] = [];
  for (const row of rows) {
    const line = row.fragments.length >= 2 || cells.length === 0 ? columns.map((): Word[] => []) : cells.at(-1);
    if (!line) continue;
    for (const fragment of row.fragments) line[overlapping(fragment, columns)[0] ?? nearest(fragment, columns)]?.push(...fragment.words);
    if (line !== cells.at(-1)) cells.push(line);
  }
  return cells;
}

function nearest({ from, to }: Fragment, columns: readonly Column[]): number {
  const distances = columns.map((column) => Math.abs((column.from + column.to) / 2 - (from + to) / 2));
  return distances.indexOf(Math.min(...distances));
}
