import type { Effort } from "../../../shared/contract/chat.ts";
import type { QuestionKind } from "./question-kind.ts";

/**
 * Tokens of evidence that pay: more made short answers of a small model worse, not only slower. Of the words of the
 * gold answers to 27 broad questions (product-docs) 300 tokens of whole passages hold 0.56, 600 0.64, 1,000 0.67, and
 * 1,500 of whole sections 0.69.
 */
const MOST_TOKENS: Record<Exclude<Effort, "instant">, Record<QuestionKind, number>> = {
  normal: { fact: 90, open: 90, broad: 600 },
  thorough: { fact: 250, open: 400, broad: 1500 },
};
/** Seconds of reading that a person is made to wait for the first word; what is evaluated already costs none. */
const SECONDS: Record<Exclude<Effort, "instant">, Record<QuestionKind, number>> = {
  normal: { fact: 1.15, open: 1.15, broad: 6 },
  thorough: { fact: 4, open: 6, broad: 20 },
};
/** Less holds the gold text of XQuAD-en in 0.85 of questions, against 0.92 at 90 tokens: rather wait. */
const FEWEST_TOKENS = 60;
/** Question and template, read anew each time. */
const QUESTION_TOKENS = 28;

/**
 * Tokens of evidence that the model reads: what pays, lowered where this machine reads too slowly.
 * `readingSpeed` is prompt tokens a second, as measured; undefined before the first measurement.
 */
export function evidenceTokens(effort: Exclude<Effort, "instant">, kind: QuestionKind, readingSpeed: number | undefined): number {
  const most = MOST_TOKENS[effort][kind];
  if (readingSpeed === undefined) return most;
  return Math.max(FEWEST_TOKENS, Math.min(most, Math.round(readingSpeed * SECONDS[effort][kind]) - QUESTION_TOKENS));
}
