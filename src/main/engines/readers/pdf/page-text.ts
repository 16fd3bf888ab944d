import type { ReadPage, ReadTable } from "../protocol.ts";
import type { TextBuilder } from "../text/text-builder.ts";
import type { Word } from "./lines.ts";
import type { Line, PageBlock } from "./page-blocks.ts";

type Placed = { start: number; end: number; box: Word["box"] };

/** Puts a page's blocks into text, with the place of every word. Lines of a paragraph become one, words parted at a line's end are joined. */
export function pageText(
  blocks: readonly PageBlock[],
  page: number,
  builder: TextBuilder,
): { words: NonNullable<ReadPage["words"]>; tables: ReadTable[] } {
  const placed: Placed[] = [];
  const tables: ReadTable[] = [];
  for (const block of blocks) {
    const piece = createPiece();
    if (block.kind === "table") {
      const ends = addRows(piece, block.rows);
      const start = builder.add("table", piece.text, { headerLength: ends[0] ?? 0 });
      if (start === undefined) continue;
      tables.push({
        page,
        start,
        end: builder.length,
        rows: block.rows.map((row) => row.map((cell) => cell.map((word) => word.text).join(" "))),
      });
      placed.push(...shifted(piece.placed, start));
      continue;
    }
    addLines(piece, block.lines);
    const start = builder.add(block.kind, piece.text, block.level === undefined ? {} : { level: block.level });
    if (start !== undefined) placed.push(...shifted(piece.placed, start));
  }
  return { words: pack(placed), tables };
}

type Piece = { text: string; placed: Placed[] };
const createPiece = (): Piece => ({ text: "", placed: [] });

function addWord(piece: Piece, text: string, box: Word["box"]): void {
  if (text === "") return;
  piece.placed.push({ start: piece.text.length, end: piece.text.length + text.length, box });
  piece.text += text;
}

function addLines(piece: Piece, lines: readonly Line[]): void {
  for (const [index, { words, broken }] of lines.entries()) {
    const next = broken ? "" : (lines[index + 1]?.words[0]?.text ?? "");
    for (const [at, word] of words.entries()) {
      const isLast = at === words.length - 1;
      const parted = isLast && /\p{L}{2,}[-\u2010]$/u.test(word.text) && /^\p{Ll}/u.test(next);
      addWord(piece, parted ? word.text.slice(0, -1) : word.text, word.box);
      // Scripts without spaces go on without one.
      const joins =
        isLast &&
        /\p{Script=Han}$|[\p{Script=Hiragana}\p{Script=Katakana}]$/u.test(word.text) &&
        /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(next);
      if (!parted && !joins) piece.text += isLast && broken ? "\n" : " ";
    }
  }
  piece.text = piece.text.trimEnd();
}

/** Returns where each row ends. */
function addRows(piece: Piece, rows: readonly Word[][][]): number[] {
  return rows.map((row, index) => {
    if (index > 0) piece.text += "\n";
    for (const [column, cell] of row.entries()) {
      if (column > 0) piece.text += piece.text.endsWith(" ") || piece.text.endsWith("\n") ? "| " : " | ";
      for (const [at, word] of cell.entries()) {
        if (at > 0) piece.text += " ";
        addWord(piece, word.text.replaceAll("|", "\\|"), word.box);
      }
    }
    return piece.text.length;
  });
}

const shifted = (placed: readonly Placed[], by: number) => placed.map(({ start, end, box }) => ({ start: start + by, end: end + by, box }));

function pack(placed: readonly Placed[]): NonNullable<ReadPage["words"]> {
  return {
    starts: Uint32Array.from(placed, ({ start }) => start),
    ends: Uint32Array.from(placed, ({ end }) => end),
    boxes: Float32Array.from(placed.flatMap(({ box }) => box)),
  };
}
