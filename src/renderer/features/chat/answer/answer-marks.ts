export type Span = { kind: "text" | "strong" | "em" | "code" | "math"; text: string };

/** Strong, emphasised, code, and formulas in a line. */
const inline =
  /\*\*([^*\n]+)\*\*|`([^`\n]+)`|\\\(([^\n]{1,300}?)\\\)|(?<![\w$])\$(?![\s$])([^$\n]{1,200}?)(?<![\s\\])\$(?![\w$])|(?<![\w*])\*(?![\s*])([^*\n]+?)(?<!\s)\*(?![\w*])/g;

/** Between dollars stands a formula where it has a sign of one, or is a single name; all else is money. */
const isFormula = (text = ""): boolean => /[\\^_=+*/<>{}]/.test(text) || /^[A-Za-z]\w?$/.test(text);

/** Bold, emphasis, inline code and formulas of a piece of text; all else, markup included, stays as it was written. */
export function inlineSpans(text: string): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(inline)) {
    if (match.index > from) spans.push({ kind: "text", text: text.slice(from, match.index) });
    const [whole, strong, code, bracketed, dollars, em] = match;
    if (strong !== undefined) spans.push({ kind: "strong", text: strong });
    else if (code !== undefined) spans.push({ kind: "code", text: code });
    else if (em !== undefined) spans.push({ kind: "em", text: em });
    else if (bracketed !== undefined || isFormula(dollars)) spans.push({ kind: "math", text: bracketed ?? dollars ?? "" });
    else spans.push({ kind: "text", text: whole });
    from = match.index + whole.length;
  }
  if (from < text.length) spans.push({ kind: "text", text: text.slice(from) });
  return spans;
}

export const isTableRow = (line: string): boolean => /^\s*\|.*\|\s*$/.test(line) || /^[^|\s][^|]*(?:\|[^|]*)+\s*$/.test(line);

/** `|---|:--:|` below a row of as many cells. */
export const isTableRule = (line: string, head: string): boolean =>
  /^\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)*\|?\s*$/.test(line) && cellsOf(line).length === cellsOf(head).length && line.includes("|");

export type TableCells = { head: string[]; rows: string[][]; right: boolean[] };

/** The cells of a table as it was written. Rows are as wide as the head. */
export function tableCells(text: string): TableCells {
  const [head = "", rule = "", ...rows] = text.split("\n");
  const width = cellsOf(head).length;
  return {
    head: cellsOf(head),
    rows: rows.map((row) => Array.from({ length: width }, (_, index) => cellsOf(row)[index] ?? "")),
    right: cellsOf(rule).map((cell) => /^-+:$/.test(cell)),
  };
}

/** What spreadsheets take for a formula when it begins a cell (OWASP, CSV injection). A number with its sign is none. */
const formula = /^(?:[=@|%]|[+-](?![\d.,\s]+%?$))/;

/** As spreadsheets take it: cells between tabs, without marks. A text that looks like a formula gets an apostrophe. */
export function toTsv({ head, rows }: TableCells): string {
  const plain = (cell: string) =>
    inlineSpans(cell)
      .map(({ text }) => text)
      .join("")
      .replaceAll(/\s+/g, " ")
      .replace(formula, "'$&");
  return [head, ...rows].map((row) => row.map(plain).join("\t")).join("\n");
}

function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** A formula at the head of these lines: its source, and how many lines it takes. */
export function fencedMath(lines: readonly string[]): { tex: string; lines: number } | undefined {
  const first = lines[0]?.trim() ?? "";
  const open = first.startsWith("$$") ? "$$" : first.startsWith("\\[") ? "\\[" : undefined;
  if (open === undefined) return undefined;
  const shut = open === "$$" ? "$$" : "\\]";
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]?.trim() ?? "";
    const isClosed = line.endsWith(shut) && (at > 0 || line.length >= open.length + shut.length);
    if (!isClosed) continue;
    const tex = lines
      .slice(0, at + 1)
      .join("\n")
      .trim()
      .slice(open.length, -shut.length)
      .trim();
    return tex === "" ? undefined : { tex, lines: at + 1 };
  }
  return undefined;
}
