import type { Box } from "../../../shared/contract/define.ts";
import type { PageWords } from "../../../shared/contract/reading.ts";
import type { TextRange } from "./text-window.ts";

/** A word with the white space behind it, so that words copied one after another are a text again. */
export type PlacedWord = { key: number; text: string; box: Box; marked: boolean };

/** The words of a page, each with its place and whether the mark, a range of the stored text, touches it. */
export function placeWords({ start: pageStart, text, starts, ends, boxes }: PageWords, mark: Partial<TextRange>): PlacedWord[] {
  const from = (mark.start ?? 0) - pageStart;
  const to = (mark.end ?? 0) - pageStart;
  return starts.map((start, index) => ({
    key: start,
    text: text.slice(start, starts[index + 1] ?? text.length),
    box: [boxes[index * 4] ?? 0, boxes[index * 4 + 1] ?? 0, boxes[index * 4 + 2] ?? 0, boxes[index * 4 + 3] ?? 0],
    marked: start < to && (ends[index] ?? start) > from,
  }));
}
