/** UTF-16 units shown before and after a mark, and added by each step outwards. */
export const windowUnits = 12_000;

export type TextRange = { start: number; end: number };

/** The part of a text to read around a mark; from the beginning where nothing is marked. */
export function windowAround(mark: Partial<TextRange>): TextRange {
  const start = Math.max(0, (mark.start ?? 0) - windowUnits);
  return { start, end: (mark.end ?? mark.start ?? 0) + windowUnits };
}

/** The window, larger towards one side. */
export const widen = ({ start, end }: TextRange, side: "before" | "after"): TextRange =>
  side === "before" ? { start: Math.max(0, start - 4 * windowUnits), end } : { start, end: end + 4 * windowUnits };

/** A slice cut into what stands before, in and after the mark. Offsets outside the slice are clamped to it. */
export function cutAtMark(
  slice: { start: number; text: string },
  mark: Partial<TextRange>,
): { before: string; marked: string; after: string } {
  if (mark.start === undefined || mark.end === undefined) return { before: slice.text, marked: "", after: "" };
  const from = Math.min(slice.text.length, Math.max(0, mark.start - slice.start));
  const to = Math.min(slice.text.length, Math.max(from, mark.end - slice.start));
  return { before: slice.text.slice(0, from), marked: slice.text.slice(from, to), after: slice.text.slice(to) };
}
