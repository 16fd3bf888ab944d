import type { DocumentView } from "../extract/document-view.ts";
import { fold } from "../extract/labels.ts";

/** What the documents of one sender or form have in common: their cells of words without numbers, folded. */
export type Layout = ReadonlySet<string>;

/** A longer cell is a sentence, and a document with more cells than these is recognised by its beginning. */
const LONGEST_CELL = 80;
const MOST_CELLS = 300;
/** Fewer common cells than these are chance. */
const LEAST_COMMON = 3;
/** From here on two documents are thought to be of one layout. */
export const SAME_LAYOUT = 0.5;

export function layoutOf({ lines }: Pick<DocumentView, "lines">): Layout {
  const layout = new Set<string>();
  for (const { cells } of lines)
    for (const { text } of cells) {
      if (layout.size >= MOST_CELLS) return layout;
      const words = wordsOf(text);
      if (text.length <= LONGEST_CELL && !/\d/u.test(text) && words.length >= 4) layout.add(words);
    }
  return layout;
}

/** 0–1: the share of the smaller layout's cells that the other has too. */
export function similarity(a: Layout, b: Layout): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let common = 0;
  for (const cell of small) if (large.has(cell)) common += 1;
  return common < LEAST_COMMON ? 0 : common / small.size;
}

/** Letters alone, folded: what a text says whatever numbers stand in it. */
export const wordsOf = (text: string): string =>
  fold(text)
    .replaceAll(/[^\p{L}%#]+/gu, " ")
    .trim();
