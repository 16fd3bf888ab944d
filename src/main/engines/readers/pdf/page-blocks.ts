import { findTables } from "./find-tables.ts";
import { median } from "./lines.ts";
import type { Group, Word } from "./lines.ts";
import { readingOrder } from "./reading-order.ts";
import type { Row } from "./reading-order.ts";

/** `broken`: the line ends there on purpose, since the next word would have found room. */
export type Line = { words: Word[]; broken: boolean };

export type PageBlock = { kind: "paragraph" | "list" | "heading"; lines: Line[]; level?: number } | { kind: "table"; rows: Word[][][] };

/** Characters at each font size (in half points), over the pages read so far: the commonest is the body's. */
export type SizeCounts = Map<number, number>;

export function countSizes(groups: readonly Group[], counts: SizeCounts): void {
  for (const { size, characters } of groups.flatMap((group) => group.fragments)) {
    const key = Math.round(size * 2) / 2;
    counts.set(key, (counts.get(key) ?? 0) + characters);
  }
}

export function bodySize(counts: SizeCounts): number {
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 10;
}

/** The blocks of a page in reading order; text of other directions follows that of the main one. */
export function pageBlocks(groups: readonly Group[], body: number): PageBlock[] {
  return groups.flatMap(({ fragments }) =>
    findTables(readingOrder(fragments)).flatMap((run): PageBlock[] =>
      run.kind === "table" ? [{ kind: "table", rows: run.rows }] : paragraphs(run.rows, body),
    ),
  );
}

function paragraphs(rows: readonly Row[], body: number): PageBlock[] {
  const pitch = usualPitch(rows);
  const parts: Row[][] = [];
  for (const row of rows) {
    const part = parts.at(-1);
    const before = part?.at(-1);
    if (part && before && continues(before, row, part, pitch)) part.push(row);
    else parts.push([row]);
  }
  return parts.map((part) => toBlock(part, edgesOf(part, rows), body));
}

type Edges = { from: number; to: number };

/** Between which edges lines are wrapped: those of a long paragraph itself, of the column where it has few lines. */
function edgesOf(part: readonly Row[], rows: readonly Row[]): Edges {
  const zone = part[0]?.zone;
  const measured = part.length >= 4 ? part : rows.filter((row) => row.zone === zone);
  return { from: Math.min(...measured.map((row) => row.from)), to: Math.max(...measured.map((row) => row.to)) };
}

/** Whether the next line's first word would have found room at the end of this one. */
function endsOnPurpose(row: Row, next: Row, edges: Edges): boolean {
  if (next.zone !== row.zone) return false;
  const needed = firstWordWidth(next) + 0.3 * row.size;
  const isCentred = Math.abs(row.from + row.to - next.from - next.to) < row.size && Math.abs(row.from - next.from) > 0.5 * row.size;
  return isCentred ? row.to - row.from + needed < edges.to - edges.from : row.to + needed < edges.to;
}

/** Distance of base lines in heights of the font, as most lines of the same size have it. */
function usualPitch(rows: readonly Row[]): number {
  const pitches: number[] = [];
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1];
    if (!before || before.zone !== row.zone || !sameSize(before, row)) continue;
    const pitch = (row.base - before.base) / row.size;
    if (pitch > 0.8 && pitch < 2.5) pitches.push(pitch);
  }
  return pitches.length < 3 ? 1.3 : median(pitches);
}

const sameSize = (a: Row, b: Row) => Math.abs(a.size - b.size) <= 0.12 * Math.max(a.size, b.size);
const textOf = (row: Row) => row.fragments.flatMap((fragment) => fragment.words.map((word) => word.text)).join(" ");

function continues(before: Row, row: Row, part: readonly Row[], pitch: number): boolean {
  if (!sameSize(before, row) || before.bold !== row.bold || isItem(textOf(row))) return false;
  if (before.fragments.length > 1 || row.fragments.length > 1) return false;
  const ended = /[.!?:;。！？]["')\]”’]?$/.test(textOf(before));
  // Over a column or page break only a sentence that is not ended goes on.
  if (before.zone !== row.zone) return !ended && /^\p{Ll}/u.test(textOf(row));
  if ((row.base - before.base) / row.size > Math.max(1.05, pitch) * 1.3) return false;
  const indent = row.from - before.from;
  const width = Math.max(...part.map((line) => line.to)) - Math.min(...part.map((line) => line.from));
  const short = before.to < row.to - 0.2 * width || before.to - before.from < 0.6 * (row.to - row.from);
  if (ended && (short || indent > 0.8 * row.size)) return false;
  return true;
}

function firstWordWidth({ fragments: [first] }: Row): number {
  const word = first?.words[0];
  return !first || !word ? 0 : ((first.to - first.from) * word.text.length) / Math.max(1, first.characters);
}

const isItem = (text: string) => /^(?:[•‣◦▪●○■□–—*·➢✓-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S/u.test(text);

function toBlock(part: readonly Row[], edges: Edges, body: number): PageBlock {
  const lines = part.map((row, index): Line => {
    const next = part[index + 1];
    return { words: row.fragments.flatMap((fragment) => fragment.words), broken: next !== undefined && endsOnPurpose(row, next, edges) };
  });
  const text = part.map(textOf).join(" ");
  const first = part[0];
  const ratio = (first?.size ?? body) / body;
  const short = part.length <= 3 && text.length <= 200 && /\p{L}/u.test(text);
  if (short && ratio >= 1.15) return { kind: "heading", level: ratio >= 1.8 ? 1 : ratio >= 1.4 ? 2 : 3, lines };
  if (
    short &&
    part.length === 1 &&
    first?.bold === true &&
    first.fragments.length === 1 &&
    text.length <= 100 &&
    ratio >= 0.95 &&
    !/[.,;:]$/.test(text)
  ) {
    return { kind: "heading", level: 4, lines };
  }
  return { kind: isItem(text) ? "list" : "paragraph", lines };
}
