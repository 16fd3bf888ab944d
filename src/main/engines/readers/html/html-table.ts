import type { HtmlElement, HtmlNode } from "./html-node.ts";
import { isElement, isText } from "./html-node.ts";
import { isHiddenElement } from "./html-visible.ts";
import { oneLine } from "../text/normalise-text.ts";

/** Cells a span may claim at most, so that `colspan="99999999"` costs nothing. */
const maxSpan = 200;
const maxCells = 200_000;

/** Rows of a data table as a full grid: a cell that spans several is repeated in each. `headerRows` counts leading rows of `th` or of `thead`. */
export function tableGrid(table: HtmlElement): { rows: string[][]; headerRows: number } {
  const rows: string[][] = [];
  let headerRows = 0;
  let cells = 0;
  const lines = rowsOf(table);
  for (const [index, line] of lines.entries()) {
    const row = (rows[index] ??= []);
    let column = 0;
    let allHeaders = true;
    for (const cell of line.children) {
      if ((cell.localName !== "td" && cell.localName !== "th") || isHiddenElement(cell)) continue;
      while (row[column] !== undefined) column += 1;
      const text = inlineText(cell);
      const width = span(cell, "colspan");
      const height = Math.min(span(cell, "rowspan"), lines.length - index);
      for (let down = 0; down < height; down += 1) {
        const target = (rows[index + down] ??= []);
        for (let right = 0; right < width && cells < maxCells; right += 1, cells += 1) target[column + right] ??= text;
      }
      if (cell.localName !== "th") allHeaders = false;
      column += width;
    }
    if (headerRows === index && row.length > 0 && (allHeaders || line.parentElement?.localName === "thead")) headerRows += 1;
  }
  const hollow = new Set(rows.filter((row, index) => isHollow(row, lines[index], rows[index + 1])));
  if (headerRows > 0) headerRows -= rows.slice(0, headerRows).filter((row) => hollow.has(row)).length;
  const filled = rows.filter((row) => row.length > 0 && !hollow.has(row));
  const width = filled.reduce((most, row) => Math.max(most, row.length), 0);
  const isSmall = filled.length * width <= maxCells;
  return { rows: filled.map((row) => Array.from({ length: isSmall ? width : row.length }, (_, column) => row[column] ?? "")), headerRows };
}

/** A row of nothing but cells that go on below, beside empty places: it has no height of its own where it is shown. */
function isHollow(row: readonly string[], line: HtmlElement | undefined, below: readonly string[] | undefined): boolean {
  if (!line || !below || row.length >= below.length) return false;
  const cells = [...line.children];
  return cells.length > 0 && cells.every((cell) => span(cell, "rowspan") > 1);
}

/** A table that only arranges the page: what it holds is read as ordinary text. */
export function isLayoutTable(table: HtmlElement): boolean {
  if (/^(?:presentation|none)$/.test(table.getAttribute("role") ?? "")) return true;
  if (saysItIsData(table)) return false;
  if (table.querySelector("table") !== null && holdsMostlyTables(table)) return true;
  return rowsOf(table).every((row) => row.children.length < 2);
}

/** By its own head or caption; those of a table inside say nothing of the outer one. */
function saysItIsData(table: HtmlElement): boolean {
  if ([...table.children].some(({ localName }) => localName === "caption" || localName === "thead")) return true;
  return rowsOf(table).some((row) => [...row.children].some(({ localName }) => localName === "th"));
}

/** Cells with tables in them arrange; a single one among cells of text is a rich cell. */
function holdsMostlyTables(table: HtmlElement): boolean {
  const cells = rowsOf(table).flatMap((row) => [...row.children]);
  return cells.filter((cell) => cell.querySelector("table") !== null).length * 2 >= cells.length;
}

const partsText = /^(?:br|p|div|li|tr|td|th|h[1-6])$/;

/** Visible text below an element on one line, block elements parted by a space. */
export function inlineText(element: HtmlElement): string {
  let text = "";
  const open: { node: HtmlNode | null; parts: boolean }[] = [{ node: element.firstChild, parts: false }];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const { node } = top;
    if (node === null) {
      if (top.parts) text += " ";
      open.pop();
      continue;
    }
    top.node = node.nextSibling;
    if (isText(node)) text += node.nodeValue ?? "";
    if (!isElement(node) || isHiddenElement(node)) continue;
    const parts = partsText.test(node.localName);
    if (parts) text += " ";
    open.push({ node: node.firstChild, parts });
  }
  return oneLine(text);
}

function rowsOf(table: HtmlElement): HtmlElement[] {
  const rows: HtmlElement[] = [];
  for (const child of table.children) {
    if (child.localName === "tr") rows.push(child);
    else if (/^(?:thead|tbody|tfoot)$/.test(child.localName) && !isHiddenElement(child))
      rows.push(...[...child.children].filter((row) => row.localName === "tr"));
  }
  return rows.filter((row) => !isHiddenElement(row));
}

function span(cell: HtmlElement, name: string): number {
  const value = Number.parseInt(cell.getAttribute(name) ?? "1", 10);
  return Number.isFinite(value) ? Math.min(maxSpan, Math.max(1, value)) : 1;
}
