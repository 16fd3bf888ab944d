import type { EvidenceSentence } from "./evidence.ts";
import { saysSomething, type Span, sentencesOf } from "../check/sentences.ts";

/** A passage whose best sentence scores less than this share of the best of all is about something else. */
const RELEVANT = 0.7;
/**
 * Sentences below this share of the best one's score are no evidence. On XQuAD-en it took the sentences of wrong
 * passages from 18 % to 6 % of what is read, and the gold text from none of the 1,190 questions.
 */
const NEAR_THE_BEST = 0.6;

/**
 * Evidence for a question that one sentence cannot answer: whole stretches of text, the one with the best sentence
 * first, each in the order in which it stands, until `units` are used.
 * @param stretch what is read around a sentence: its chunk or its section, in units of the stored text
 * @param text gives a stored text by its hash
 */
export function stretchEvidence(
  best: readonly EvidenceSentence[],
  units: number,
  stretch: (sentence: EvidenceSentence) => Span,
  text: (hash: string) => string,
): EvidenceSentence[] {
  const chosen: EvidenceSentence[] = [];
  const seen = new Set<string>();
  let used = 0;
  for (const sentence of best) {
    if (sentence.score < RELEVANT * (best[0]?.score ?? 0)) continue;
    const span = stretch(sentence);
    const hash = sentence.passage.chunk.textHash;
    const stored = text(hash);
    for (const { start, end } of sentencesOf(stored, span)) {
      const words = stored.slice(start, end);
      const name = `${hash} ${start}`;
      if (seen.has(name) || !saysSomething(words)) continue;
      if (chosen.length > 0 && used + words.length > units) return chosen;
      seen.add(name);
      chosen.push({ ...sentence, start, end, text: words });
      used += words.length;
    }
  }
  return chosen;
}

/**
 * The best sentences that fit into a budget, in the order of their documents, so that they read as they stand there.
 * What scores far below the best fills no room that is left: it leads astray and costs time.
 */
export function bestThatFit(
  sentences: readonly EvidenceSentence[],
  budget: number,
  costOf: (sentence: EvidenceSentence) => number,
): EvidenceSentence[] {
  const chosen: EvidenceSentence[] = [];
  const least = NEAR_THE_BEST * (sentences[0]?.score ?? 0);
  let used = 0;
  for (const sentence of sentences) {
    if (sentence.score < least) continue;
    const cost = costOf(sentence);
    if (chosen.length > 0 && used + cost > budget) continue;
    chosen.push(sentence);
    used += cost;
  }
  return chosen.sort((a, b) => a.passage.rank - b.passage.rank || a.start - b.start);
}
