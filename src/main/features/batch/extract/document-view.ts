import type { Box } from "../../../../shared/contract/define.ts";
import type { Geometry, ReadDocument } from "../../knowledge/index.ts";

/** A run of words that stand together on one line: a slice of the text, never more than one line of it. */
export type Cell = { start: number; end: number; text: string; page: number; x0: number; x1: number; y0: number; y1: number; line: number };

/** A visual line: what stands beside each other on a page, whatever the order of the text is. */
export type Line = { index: number; page: number; y0: number; y1: number; cells: Cell[] };

export type DocumentView = {
  text: string;
  language: string | undefined;
  lines: Line[];
  pages: ReadDocument["pages"];
  geometry: (Geometry | undefined)[];
  /** Share of the words that the recogniser was sure of; 1 for text that was in the file. */
  legibility: number;
};

/** The text of the pages that are looked at: of a stack, of this document alone. */
export const ownText = ({ text, pages }: Pick<DocumentView, "text" | "pages">): string =>
  pages.map(({ start, end }) => text.slice(start, end)).join("\n");

type Word = { start: number; end: number; box: Box };

/** Where a cell of a text without geometry is thought to stand: a character is 6 points wide, a line 12 high. */
const CHARACTER_POINTS = 6;
const LINE_POINTS = 12;
/** Cells of a table that came as text with bars are this far apart. */
const COLUMN_POINTS = 120;

/** The document as lines of cells; `firstPage`–`lastPage` (1-based, inclusive) take a part of it. */
export function viewDocument(
  read: Pick<ReadDocument, "text" | "pages" | "geometry" | "language">,
  firstPage = 1,
  lastPage = Infinity,
): DocumentView {
  const lines: Line[] = [];
  const kept = read.pages.flatMap((page, index) =>
    page.page >= firstPage && page.page <= lastPage ? [{ page, geometry: read.geometry[index] }] : [],
  );
  for (const { page, geometry } of kept) {
    const words = geometry ? wordsOf(geometry, page.start) : [];
    const found = words.length > 0 ? visualLines(words, read.text) : textLines(read.text.slice(page.start, page.end), page.start);
    for (const cells of found) {
      const index = lines.length;
      const placed = cells.map((cell) => ({ ...cell, text: read.text.slice(cell.start, cell.end), page: page.page, line: index }));
      lines.push({
        index,
        page: page.page,
        y0: Math.min(...placed.map(({ y0 }) => y0)),
        y1: Math.max(...placed.map(({ y1 }) => y1)),
        cells: placed,
      });
    }
  }
  return {
    text: read.text,
    language: read.language,
    lines,
    pages: kept.map(({ page }) => page),
    geometry: kept.map(({ geometry }) => geometry),
    legibility: Math.min(1, ...kept.map(({ page }) => page.confidence ?? 1)),
  };
}

function wordsOf({ starts, ends, boxes }: Geometry, pageStart: number): Word[] {
  return Array.from(starts, (start, word) => ({
    start: start + pageStart,
    end: (ends[word] ?? start) + pageStart,
    box: [boxes[word * 4] ?? 0, boxes[word * 4 + 1] ?? 0, boxes[word * 4 + 2] ?? 0, boxes[word * 4 + 3] ?? 0],
  }));
}

type Slice = Pick<Cell, "start" | "end" | "x0" | "x1" | "y0" | "y1">;

/** Words whose heights overlap by half stand on one line, whatever column of the text they came from. */
function visualLines(words: readonly Word[], text: string): Slice[][] {
  const sorted = [...words].sort((a, b) => middle(a) - middle(b));
  const rows: { words: Word[]; y0: number; y1: number }[] = [];
  for (const word of sorted) {
    const row = rows.at(-1);
    const overlap = row ? Math.min(row.y1, word.box[3]) - Math.max(row.y0, word.box[1]) : 0;
    if (row && overlap >= 0.5 * Math.min(row.y1 - row.y0, word.box[3] - word.box[1])) {
      row.words.push(word);
      // A tall word must not drag the next line in.
      if (row.words.length === 1) continue;
      row.y0 = Math.min(row.y0, Math.max(word.box[1], row.y0 - 2));
      row.y1 = Math.max(row.y1, Math.min(word.box[3], row.y1 + 2));
    } else rows.push({ words: [word], y0: word.box[1], y1: word.box[3] });
  }
  return rows.map((row) => cellsOf(row.words, text));
}

const middle = ({ box }: Word) => (box[1] + box[3]) / 2;

/** Words follow each other in one cell while their gap is small and nothing but a space stands between them in the text. */
function cellsOf(words: readonly Word[], text: string): Slice[] {
  const cells: Slice[] = [];
  for (const { start, end, box } of [...words].sort((a, b) => a.box[0] - b.box[0])) {
    const cell = cells.at(-1);
    const height = box[3] - box[1];
    if (cell && box[0] - cell.x1 <= height * 0.9 && start >= cell.end && /^[ \u00a0\u202f]{0,3}$/u.test(text.slice(cell.end, start))) {
      cell.end = end;
      cell.x1 = Math.max(cell.x1, box[2]);
      cell.y0 = Math.min(cell.y0, box[1]);
      cell.y1 = Math.max(cell.y1, box[3]);
    } else cells.push({ start, end, x0: box[0], x1: box[2], y0: box[1], y1: box[3] });
  }
  return cells;
}

/** Lines of a text without geometry; cells are parted by bars, tabs and wide gaps. */
function textLines(text: string, offset: number): Slice[][] {
  const lines: Slice[][] = [];
  let at = 0;
  for (const [row, line] of text.split("\n").entries()) {
    const isTable = /\S \| |\| \S/u.test(line);
    const cells: Slice[] = [];
    for (const [column, match] of [...line.matchAll(isTable ? /[^|]+/gu : /\S(?:(?! {2,}|\t).)*/gu)].entries()) {
      const trimmed = match[0].trim();
      if (trimmed === "") continue;
      const from = match.index + match[0].indexOf(trimmed);
      const x0 = isTable ? column * COLUMN_POINTS : from * CHARACTER_POINTS;
      cells.push({
        start: offset + at + from,
        end: offset + at + from + trimmed.length,
        x0,
        x1: isTable ? x0 + COLUMN_POINTS - 10 : x0 + trimmed.length * CHARACTER_POINTS,
        y0: row * LINE_POINTS,
        y1: row * LINE_POINTS + LINE_POINTS - 2,
      });
    }
    if (cells.length > 0) lines.push(cells);
    at += line.length + 1;
  }
  return lines;
}
