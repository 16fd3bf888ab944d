import type { RowSchema, ScalarSchema } from "../../../../shared/contract/recipe.ts";
import type { Candidate, FoundRow, Sources } from "./candidates.ts";
import { apart, fromToken, horizontal } from "./candidates.ts";
import type { Cell, Line } from "./document-view.ts";
import { findLabels, type FoundLabel, NOT_LABEL } from "./labels.ts";
import { kindOf, parseValue } from "./parse-value.ts";
import { type OpenRow, type Product, settleProduct } from "./products.ts";

type Slice = Pick<Candidate, "start" | "end">;
type Column = { name: string; schema: ScalarSchema; x0: number; x1: number; numeric: boolean };
/** Where each column's area begins and ends; `edges` are where headings begin, those that nobody knows too. */
type Header = { line: number; columns: Column[]; edges: number[] };

/** A table has at least so many known headings side by side. */
const LEAST_HEADINGS = 2;
/** Headings of one table may be written on lines this many apart. */
const HEADING_LINES = 2;
/** So many lines without a number end a table. */
const MOST_IDLE_LINES = 9;

/** The rows of the document's tables whose headings are those of the field's columns. */
export function findRows(field: string, schema: RowSchema, sources: Sources, products: readonly Product[] = []): FoundRow[] {
  const names = new Map(
    Object.entries(schema.properties).map(([name, column]) => [name, column["x-labels"] ?? [name.replaceAll("_", " ")]]),
  );
  const headings = findLabels(sources.view, names);
  const rows: FoundRow[] = [];
  let from = 0;
  for (const header of findHeaders(headings, schema, sources)) {
    if (header.line < from) continue;
    const read = readTable(field, header, sources);
    for (const product of products) settleProduct(read.rows, product);
    rows.push(...read.rows.map(({ row }) => row));
    from = read.end;
  }
  return rows;
}

function findHeaders(headings: readonly FoundLabel[], schema: RowSchema, { view }: Sources): Header[] {
  const headers: Header[] = [];
  const byLine = Map.groupBy(
    headings.filter(({ exactness }) => exactness > 0.2),
    ({ cell }) => cell.line,
  );
  for (const [line, own] of [...byLine].sort((a, b) => a[0] - b[0])) {
    const together = [
      ...own,
      ...(byLine.get(line + 1) ?? []).filter(({ cell }) => cell.page === own[0]?.cell.page && cell.y0 - (own[0]?.cell.y1 ?? 0) < 8),
    ];
    const columns = new Map<string, Column>();
    for (const label of together.sort((a, b) => b.exactness - a.exactness || a.rank - b.rank)) {
      const column = schema.properties[label.field];
      if (!column || columns.has(label.field)) continue;
      const x = horizontal(label);
      if ([...columns.values()].some((other) => Math.min(other.x1, x.x1) - Math.max(other.x0, x.x0) > 0 && label.cell.line === line))
        continue;
      const kind = kindOf(column);
      columns.set(label.field, { name: label.field, schema: column, ...x, numeric: kind === "amount" || kind === "number" });
    }
    const list = [...columns.values()].sort((a, b) => a.x0 - b.x0);
    if (list.length < LEAST_HEADINGS || !list.some(({ numeric }) => numeric)) continue;
    if (headers.some((other) => line - other.line <= HEADING_LINES - 1 && line > other.line)) continue;
    const cells = [line, line + 1]
      .filter((index) => index === line || together.some(({ cell }) => cell.line === index))
      .flatMap((index) => view.lines[index]?.cells ?? []);
    headers.push({ line, columns: withText(list, cells, schema), edges: cells.map(({ x0 }) => x0) });
  }
  return headers;
}

/** What is sold stands under a heading of its own, whatever that is called: left of the numbers, where the most room is. */
function withText(columns: Column[], cells: readonly Cell[], schema: RowSchema): Column[] {
  const firstNumber = columns[0]?.x0 ?? 0;
  const text = Object.entries(schema.properties).find(([, column]) => kindOf(column) === "text");
  if (!text || columns.some(({ numeric }) => !numeric)) return columns;
  const left = cells.filter(({ x1, text: words }) => x1 < firstNumber && /\p{L}{3}/u.test(words)).toSorted((a, b) => a.x0 - b.x0);
  const room = (at: number) => (left[at + 1]?.x0 ?? firstNumber) - (left[at]?.x0 ?? 0);
  const [widest] = left.map((cell, at) => ({ cell, room: room(at) })).toSorted((a, b) => b.room - a.room);
  if (!widest) return columns;
  const [name, column] = text;
  return [{ name, schema: column, x0: widest.cell.x0, x1: widest.cell.x1, numeric: false }, ...columns].toSorted((a, b) => a.x0 - b.x0);
}

function readTable(field: string, header: Header, sources: Sources): { rows: OpenRow[]; end: number } {
  const { view, labels } = sources;
  const page = view.lines[header.line]?.page;
  const rows: OpenRow[] = [];
  const last = lastNumeric(header);
  let closed = false;
  let idle = 0;
  let at = header.line + 1;
  for (; at < view.lines.length; at += 1) {
    const line = view.lines[at];
    if (!line || line.page !== page || idle > MOST_IDLE_LINES) break;
    const isTotal = isTotals(line, labels, field);
    // A table may go on after a subtotal, with rows that are as full as those before.
    closed ||= rows.length > 0 && isTotal;
    const { row, free } = readRow(line, header, sources);
    const filled = Object.values(row).filter((cell) => cell !== undefined).length;
    const numbers = header.columns.filter(({ name, numeric }) => numeric && row[name]).length;
    const hasText = header.columns.every(({ numeric }) => numeric) || header.columns.some(({ name, numeric }) => !numeric && row[name]);
    const isRow = row[last] !== undefined && hasText && (closed ? filled >= 3 && numbers >= 2 : filled >= 2);
    if (isRow && !isTotal) {
      rows.push({ row, free });
      idle = 0;
    } else idle += 1;
  }
  return { rows, end: at };
}

/** A line that a label of another field opens, such as `Total`, is no row; one of many cells only where the label is all it begins with. */
const isTotals = (line: Line, labels: readonly FoundLabel[], field: string): boolean =>
  labels.some(
    ({ cell, start, end, field: other, exactness }) =>
      cell.line === line.index &&
      other !== field &&
      exactness >= 0.6 &&
      (line.cells.length <= 4 ||
        (!other.startsWith(NOT_LABEL) &&
          start === cell.start &&
          line.cells.every(({ x0 }) => x0 >= cell.x0) &&
          !/\p{L}/u.test(cell.text.slice(end - cell.start)))),
  );

function readRow(line: Line, header: Header, sources: Sources): OpenRow {
  const row: FoundRow = {};
  const taken = new Set<number>();
  // Numbers first, each in the column whose heading is nearest to it; then the text that is left.
  const numeric = header.columns.filter((column) => column.numeric);
  const tokens = line.cells
    .flatMap((cell) => sources.tokens.inCell("amount", cell))
    .filter(({ cell, start, end }) => isAlone(cell, start, end, sources));
  const pairs = tokens.flatMap((token) => {
    const x = horizontal(token);
    return numeric.map((column) => ({ token, column, distance: apart(x, column) }));
  });
  for (const { token, column, distance } of pairs.sort((a, b) => a.distance - b.distance)) {
    if (row[column.name] !== undefined || taken.has(token.start) || distance > 45) continue;
    const nearestOther = Math.min(
      ...header.columns.filter((other) => other !== column && !other.numeric).map((other) => apart(horizontal(token), other)),
      Infinity,
    );
    if (nearestOther + 4 < distance) continue;
    taken.add(token.start);
    row[column.name] = fromToken(token, distance < 15 ? 0.85 : 0.7, { relation: "below", exactness: 1, strong: token.strong });
  }
  for (const column of header.columns.filter((other) => !other.numeric)) {
    const cell = textCell(line, column, header);
    const found = cell ? { cell, text: textPart(cell, taken) } : row[lastNumeric(header)] && wrapped(line, column, header, sources);
    if (!found?.text) continue;
    const value = parseValue(
      sources.view.text.slice(found.text.start, found.text.end),
      kindOf(column.schema),
      sources.habits,
      column.schema,
    );
    if (value !== undefined)
      row[column.name] = {
        value,
        ...found.text,
        cell: found.cell,
        score: 0.8,
        evidence: { relation: "below", exactness: 1, strong: false },
      };
  }
  return { row, free: tokens.filter(({ start }) => !taken.has(start)) };
}

const lastNumeric = ({ columns }: Header): string => columns.findLast(({ numeric }) => numeric)?.name ?? "";

/** The words of a line that stand in a column: from its heading, or a little left of it, to the next heading. */
function textCell(line: Line, column: Column, { columns, edges }: Header): Cell | undefined {
  const next = Math.min(...edges.filter((x0) => x0 > column.x1), Infinity);
  const previous = columns.filter((other) => other.x1 < column.x0).at(-1);
  const cells = line.cells.filter(
    (cell) =>
      cell.x0 >= Math.min(column.x0 - 12, (previous?.x1 ?? -Infinity) + 200) &&
      cell.x0 < next &&
      cell.x0 > (previous?.x1 ?? -Infinity) - 5 &&
      /\p{L}/u.test(cell.text),
  );
  return cells.sort((a, b) => Math.abs(a.x0 - column.x0) - Math.abs(b.x0 - column.x0))[0];
}

/** Lines of one cell are apart by less than this share of their height. */
const WRAPPED = 0.9;

/** Words on two lines beside numbers that stand between them: the lines above and below, where they follow each other in the text. */
function wrapped(line: Line, column: Column, header: Header, { view }: Sources): { cell: Cell; text: Slice } | undefined {
  const firstNumber = header.columns.find(({ numeric, x0 }) => numeric && x0 > column.x0)?.x0 ?? Infinity;
  const [above, below] = [line.index - 1, line.index + 1].map((index) => {
    const other = view.lines[index];
    const cell = other?.page === line.page && index > header.line ? textCell(other, column, header) : undefined;
    const gap = !other ? Infinity : index < line.index ? line.y0 - other.y1 : other.y0 - line.y1;
    // A line that has something below the numbers, too, is a line of its own.
    const isAlone = other?.cells.every(({ x0 }) => x0 < firstNumber) === true;
    return cell && isAlone && gap < WRAPPED * (cell.y1 - cell.y0) ? cell : undefined;
  });
  if (!above) return undefined;
  const follows = below && below.start >= above.end && view.text.slice(above.end, below.start).trim() === "";
  return { cell: above, text: { start: above.start, end: follows ? below.end : above.end } };
}

/** A number that is a cell, or the end or beginning of one; "2 x 3,5 kg of tea" has none. */
function isAlone(cell: Cell, start: number, end: number, { view }: Sources): boolean {
  const before = view.text.slice(cell.start, start).trim();
  const after = view.text.slice(end, cell.end).trim();
  return before === "" || after === "" || !/\p{L}/u.test(`${before}${after}`.replaceAll(/\b\p{L}{1,4}\b/gu, ""));
}

/** A cell without the numbers at its ends that other columns took. */
function textPart(cell: Cell, taken: ReadonlySet<number>): Slice | undefined {
  const first = [...taken].filter((start) => start > cell.start && start < cell.end).sort((a, b) => a - b)[0];
  const raw = first === undefined ? cell.text : cell.text.slice(0, first - cell.start);
  const trimmed = raw.replace(/[\s€$£|]+$/u, "");
  return trimmed === "" ? undefined : { start: cell.start, end: cell.start + trimmed.length };
}
