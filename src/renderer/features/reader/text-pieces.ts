import type { ChunkBounds } from "../../../shared/contract/reading.ts";
import type { TextRange } from "./text-window.ts";

/** A stretch of text that is marked or not; `chunk` begins with it. */
export type TextPiece = { start: number; text: string; marked: boolean; chunk: ChunkBounds | undefined };

/**
 * A slice of a text, cut where a mark begins and ends and where a piece of the search begins. No unit is lost or
 * doubled; where chunks overlap each begins where it begins.
 */
export function textPieces(slice: { start: number; text: string }, mark: Partial<TextRange>, chunks: readonly ChunkBounds[]): TextPiece[] {
  const end = slice.start + slice.text.length;
  const within = (offset: number) => Math.min(end, Math.max(slice.start, offset));
  const from = within(mark.start ?? slice.start);
  const to = mark.start === undefined || mark.end === undefined ? from : Math.max(from, within(mark.end));
  const begins = new Map(chunks.filter(({ start }) => start >= slice.start && start < end).map((chunk) => [chunk.start, chunk]));
  const cuts = [...new Set([slice.start, from, to, end, ...begins.keys()])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, index) => ({
    start,
    text: slice.text.slice(start - slice.start, (cuts[index + 1] ?? end) - slice.start),
    marked: start >= from && start < to,
    chunk: begins.get(start),
  }));
}
