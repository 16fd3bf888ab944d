import type { DocumentView } from "../document-view.ts";

/** The lines of a document that a model needs to choose: those around the places in question, then those from the top, in their order. */
export function excerpt({ lines }: DocumentView, places: readonly number[], mostCharacters: number): string {
  const texts = lines.map(({ cells }) => cells.map(({ text }) => text).join("  "));
  const wanted = new Set<number>();
  for (const [index, { cells }] of lines.entries())
    if (places.some((place) => cells.some((cell) => place >= cell.start && place < cell.end)))
      for (const near of [index - 1, index, index + 1]) wanted.add(near);
  const order = [...[...wanted].sort((a, b) => a - b), ...texts.keys()];
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
