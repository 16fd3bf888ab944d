import type { Effort } from "../../../../shared/contract/chat.ts";
import type { ChatModel } from "../../../providers/chat-model.ts";
import type { QuestionKind } from "../question/question-kind.ts";
import { UNITS_PER_TOKEN } from "../prompt/token-counter.ts";

/**
 * Tokens of evidence that pay. Of questions outside of the reported ones the model's own answers held the gold text in
 * 0.78 with 90 tokens and in 0.83 with 120 (130 questions, 10 better, 4 worse; `npm run eval -- answers`). Of the words of
 * the gold answers to 27 broad questions (product-docs) 300 tokens of whole passages hold 0.56, 600 0.64, 1,000 0.67,
 * and 1,500 of whole sections 0.69.
 */
const MOST_TOKENS: Record<Exclude<Effort, "instant">, Record<QuestionKind, number>> = {
  normal: { fact: 110, open: 110, broad: 600 },
  thorough: { fact: 250, open: 400, broad: 1500 },
};
/** Seconds of reading that a person is made to wait for the first word; what is evaluated already costs none. */
const SECONDS: Record<Exclude<Effort, "instant">, Record<QuestionKind, number>> = {
  normal: { fact: 1.15, open: 1.15, broad: 6 },
  thorough: { fact: 4, open: 6, broad: 20 },
};
/** Less holds the gold text of XQuAD-en in 0.85 of questions, against 0.92 at 90 tokens: rather wait. */
const FEWEST_TOKENS = 60;
/** What stands around sources and question and is read anew: the form of the answer and the template's marks (12 to 18). */
const FRAME_TOKENS = 18;
/** Marks that quote a source, and the end of its line. */
const FENCE_TOKENS = 2;
/** Sentences that are counted; what is chosen holds far fewer. */
const COUNTED = 16;

export type Costs = { question: number; ofSentence(sentence: { text: string }): number };

/**
 * What question and sentences cost in tokens, as the model itself counts them: names and numbers take up to twice the
 * tokens of plain words. A model that is not loaded is not loaded for it: there length decides.
 */
export async function costsOf(
  model: Pick<ChatModel, "countTokens" | "isLoaded">,
  question: string,
  sentences: readonly { text: string }[],
  signal: AbortSignal,
): Promise<Costs> {
  const texts = sentences.slice(0, COUNTED).map(({ text }) => text);
  const isLoaded = model.isLoaded?.() ?? true;
  const [asked = byLength(question), ...counts] = isLoaded ? await model.countTokens([question, ...texts], { signal }) : [];
  const known = new Map(texts.map((text, index) => [text, counts[index]]));
  return { question: asked, ofSentence: ({ text }) => FENCE_TOKENS + (known.get(text) ?? byLength(text)) };
}

const byLength = (text: string): number => Math.ceil(text.length / UNITS_PER_TOKEN);

/**
 * Tokens of evidence that the model reads: what pays, lowered where this machine reads too slowly.
 * @param questionTokens tokens of the question itself
 * @param readingSpeed prompt tokens a second, as measured; undefined before the first measurement
 */
export function evidenceTokens(
  effort: Exclude<Effort, "instant">,
  kind: QuestionKind,
  questionTokens: number,
  readingSpeed: number | undefined,
): number {
  const most = MOST_TOKENS[effort][kind];
  if (readingSpeed === undefined) return most;
  const inTime = Math.round(readingSpeed * SECONDS[effort][kind]) - FRAME_TOKENS - questionTokens;
  return Math.max(FEWEST_TOKENS, Math.min(most, inTime));
}
