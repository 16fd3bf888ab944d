import type { OfficeAttachment, OfficeContentNode } from "officeparser";
import { oneLine } from "../text/normalise-text.ts";
import { asRecord, numberOf, officeText } from "./office-node.ts";

/** Columns of a sheet that are kept; a stray cell at the far right would make every row that wide. */
const maxColumns = 500;
/** Cells that spans may fill in one table. */
const maxSpanned = 200_000;

/** Cells at the columns they say they stand in; a cell that spans several is repeated in each. */
export function gridOf(table: OfficeContentNode): string[][] {
  const rows: string[][] = [];
  let spanned = 0;
  const lines = (table.children ?? []).filter(({ type }) => type === "row");
  for (const [index, row] of lines.entries()) {
    const line = (rows[index] ??= []);
    for (const cell of row.children ?? []) {
      const details = asRecord(cell.metadata);
      const column = numberOf(details["col"], line.length);
      if (column >= maxColumns) continue;
      const text = oneLine(officeText(cell));
      const width = Math.min(maxColumns - column, Math.max(1, numberOf(details["colSpan"], 1)));
      const height = Math.min(lines.length - index, Math.max(1, numberOf(details["rowSpan"], 1)));
      if (width * height > 1) spanned += width * height;
      if (width * height === 1 || spanned > maxSpanned) {
        line[column] = text || (line[column] ?? "");
        continue;
      }
      for (let down = 0; down < height; down += 1) {
        const target = (rows[index + down] ??= []);
        for (let right = 0; right < width; right += 1) target[column + right] ||= text;
      }
      // Where it stands itself it is not hidden by another that spans over it.
      if (text !== "") line[column] = text;
    }
  }
  const filled = rows.map((line) => Array.from(line, (cell) => cell ?? ""));
  while (filled.length > 0 && filled.at(-1)?.every((cell) => cell === "")) filled.pop();
  const width = filled.reduce((most, row) => Math.max(most, row.length), 0);
  return filled.length * width <= 2_000_000 ? filled.map((row) => Array.from({ length: width }, (_, column) => row[column] ?? "")) : filled;
}

/** A table that only frames what it holds: one cell, with blocks in it. */
export function framedContent(table: OfficeContentNode): OfficeContentNode[] | undefined {
  const rows = (table.children ?? []).filter(({ type }) => type === "row");
  const cells = rows.flatMap((row) => row.children ?? []);
  const [cell] = cells;
  return cells.length === 1 && cell?.children?.some(({ type }) => type !== "paragraph" && type !== "text") ? cell.children : undefined;
}

/** A chart's numbers as a table: a row for each label, a column for each series. */
export function chartGrid({ chartData }: OfficeAttachment): { title: string; rows: string[][] } | undefined {
  if (!chartData || chartData.dataSets.length === 0) return undefined;
  const series = chartData.dataSets.slice(0, maxColumns - 1);
  const length = Math.min(10_000, Math.max(chartData.labels.length, ...series.map(({ values }) => values.length)));
  const head = ["", ...series.map(({ name }) => oneLine(name ?? ""))];
  const body = Array.from({ length }, (_, row) =>
    [chartData.labels[row] ?? "", ...series.map(({ values }) => values[row] ?? "")].map((cell) => oneLine(String(cell))),
  );
  return { title: oneLine(chartData.title ?? ""), rows: head.every((cell) => cell === "") ? body : [head, ...body] };
}
