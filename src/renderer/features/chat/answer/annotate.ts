import type { AnswerSentence } from "../../../../shared/contract/chat.ts";
import type { Block } from "./answer-blocks.ts";

/** A piece of a block; where a sentence ends, its citations and its verdict follow it. */
export type Piece = { start: number; end: number; after?: AnswerSentence };

/**
 * Cuts a block where sentences end. A sentence that runs over several blocks is annotated once, in the block that its
 * last character is in or follows; `until` is the start of the next block. Sentences outside the text do no harm.
 */
export function annotate(
  block: Pick<Block, "start" | "end">,
  sentences: readonly AnswerSentence[],
  until = Number.POSITIVE_INFINITY,
): Piece[] {
  const pieces: Piece[] = [];
  let from = block.start;
  for (const sentence of sentences.filter(({ end }) => end > block.start && end <= until).sort((a, b) => a.end - b.end)) {
    const end = Math.max(from, Math.min(sentence.end, block.end));
    pieces.push({ start: from, end, after: sentence });
    from = end;
  }
  if (from < block.end) pieces.push({ start: from, end: block.end });
  return pieces;
}
