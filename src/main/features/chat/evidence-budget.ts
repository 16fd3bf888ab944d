import type { Effort } from "../../../shared/contract/chat.ts";
import type { QuestionKind } from "./question-kind.ts";

/** Tokens of evidence that pay: more made short answers of a small model worse, not only slower. */
const MOST_TOKENS: Record<Exclude<Effort, "instant">, Record<QuestionKind, number>> = {
  normal: { fact: 90, open: 90, broad: 300 },
  thorough: { fact: 250, open: 400, broad: 1200 },
};
/** Seconds of reading that a person is made to wait for the first word, prompt and question aside. */
const SECONDS: Record<Exclude<Effort, "instant">, Record<QuestionKind, number>> = {
  normal: { fact: 1, open: 1, broad: 3 },
  thorough: { fact: 4, open: 6, broad: 15 },
};
const FEWEST_TOKENS = 40;

/**
 * Tokens of evidence that the model reads: what pays, lowered where this machine reads too slowly.
 * `readingSpeed` is prompt tokens a second, as measured; undefined before the first measurement.
 */
export function evidenceTokens(effort: Exclude<Effort, "instant">, kind: QuestionKind, readingSpeed: number | undefined): number {
  const most = MOST_TOKENS[effort][kind];
  if (readingSpeed === undefined) return most;
  return Math.max(FEWEST_TOKENS, Math.min(most, Math.round(readingSpeed * SECONDS[effort][kind])));
}
