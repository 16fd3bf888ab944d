import type { DocumentView } from "../document-view.ts";
import { lineText } from "./sections.ts";

/** Lines that say what a document is. */
const HEAD_LINES = 3;

/**
 * The lines of a document that a model needs to choose: those around the places in question and the first few; for the
 * whole of it also those from the top, as many as fit. Shown in their order; where there is
 * not room for all, the first places count.
 */
export function excerpt({ lines }: DocumentView, places: readonly number[], mostCharacters: number, isWhole: boolean): string {
  const texts = lines.map(lineText);
  const wanted = new Set<number>();
  for (const place of places) {
    const index = lines.findIndex(({ cells }) => cells.some((cell) => place >= cell.start && place < cell.end));
    if (index >= 0) for (const near of [index, index - 1, index + 1]) wanted.add(near);
  }
  const order = [...wanted, ...[...texts.keys()].slice(0, isWhole ? undefined : HEAD_LINES)];
  const kept = new Set<number>();
  let length = 0;
  for (const index of order) {
    const text = texts[index];
    if (text === undefined || kept.has(index)) continue;
    if (length + text.length + 1 > mostCharacters) break;
    length += text.length + 1;
    kept.add(index);
  }
  return texts.filter((_, index) => kept.has(index)).join("\n");
}
