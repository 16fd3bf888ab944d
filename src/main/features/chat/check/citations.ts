import type { AnswerSentence, Citation } from "../../../../shared/contract/chat.ts";
import type { Box } from "../../../../shared/contract/define.ts";
import { tokens } from "../../../text/analyse.ts";
import type { Language } from "../../../text/languages.ts";
import type { EvidenceSentence } from "../evidence/evidence.ts";
import { createMatcher } from "./matching.ts";
import { sentencesOf } from "./sentences.ts";

/** What a line of a list begins with: its number states nothing. */
const ITEM = /^\s*(?:[-*•]|\d{1,3}[.)])\s+/u;

export type Checked = { sentences: AnswerSentence[]; citations: Citation[] };

/**
 * Matches every sentence of an answer with the evidence it was written from. The app cites, not the model: a
 * citation can only point at a sentence of a retrieved passage, and its quote is that sentence, cut from the stored
 * text.
 */
export function checkAnswer(
  answer: string,
  question: string,
  evidence: readonly EvidenceSentence[],
  language: Language,
  boxes: (textHash: string, start: number, end: number) => { page?: number; boxes?: Box[] },
): Checked {
  const match = createMatcher(evidence, language, new Set(tokens(question, language)));
  const citations: Citation[] = [];
  const numbers = new Map<EvidenceSentence, number>();

  const sentences = sentencesOf(answer).map(({ start, end }): AnswerSentence => {
    const text = answer.slice(start, end);
    const found = match(text.replace(ITEM, ""));
    if (!found) return { text, start, end, citations: [], verdict: "unsupported" };
    return { text, start, end, citations: [cite(found.sentence)], verdict: found.verdict };
  });
  return { sentences, citations };

  function cite(sentence: EvidenceSentence): number {
    const known = numbers.get(sentence);
    if (known !== undefined) return known;
    const n = citations.length + 1;
    numbers.set(sentence, n);
    const { document, chunk } = sentence.passage;
    citations.push({
      n,
      document,
      chunk,
      quote: sentence.text,
      quoteStart: sentence.start,
      quoteEnd: sentence.end,
      ...boxes(chunk.textHash, sentence.start, sentence.end),
    });
    return n;
  }
}
