import type { Box } from "../../../shared/contract/define.ts";
import type { AnswerSentence, Citation, Verdict } from "../../../shared/contract/chat.ts";
import { tokens } from "../../text/analyse.ts";
import type { Language } from "../../text/languages.ts";
import type { EvidenceSentence } from "./evidence.ts";
import { sentencesOf } from "./sentences.ts";
import { contentTokens, share } from "./words.ts";

/** Share of an answer sentence's own words that its source must hold. */
const SUPPORTED = 0.7;
const WEAK = 0.34;
const NEGATION =
  /\b(?:no|not|never|none|neither|nor|without|cannot|nicht|kein\w*|nie|niemals|ohne|weder)\b|n['’]t\b|不(?![仅僅同断斷但少过過])|[没沒无無]|未(?![来來])/iu;
/** What a line of a list begins with: its number states nothing. */
const ITEM = /^\s*(?:[-*•]|\d{1,3}[.)])\s+/u;

export type Checked = { sentences: AnswerSentence[]; citations: Citation[] };

/**
 * Matches every sentence of an answer with the evidence it was written from. The app cites, not the model: a
 * citation can only point at a sentence of a retrieved passage, and its quote is that sentence, cut from the stored
 * text. A sentence is `supported` when its source holds its words, all its numbers and names, and says yes where it
 * says yes; `weak` when it holds part of them.
 */
export function checkAnswer(
  answer: string,
  question: string,
  evidence: readonly EvidenceSentence[],
  language: Language,
  boxes: (textHash: string, start: number, end: number) => { page?: number; boxes?: Box[] },
): Checked {
  const asked = new Set(tokens(question, language));
  const citations: Citation[] = [];
  const numbers = new Map<EvidenceSentence, number>();

  const sentences = sentencesOf(answer).map(({ start, end }): AnswerSentence => {
    const text = answer.slice(start, end);
    const match = bestMatch(text.replace(ITEM, ""), asked, evidence, language);
    if (!match) return { text, start, end, citations: [], verdict: "unsupported" };
    return { text, start, end, citations: [cite(match.sentence)], verdict: match.verdict };
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

function bestMatch(
  text: string,
  asked: ReadonlySet<string>,
  evidence: readonly EvidenceSentence[],
  language: Language,
): { sentence: EvidenceSentence; verdict: Verdict } | undefined {
  const all = contentTokens(text, language);
  const own = new Set([...all].filter((token) => !asked.has(token)));
  // An answer made of the question's words only is measured by them all.
  const wanted = own.size > 0 ? own : all;
  let best: { sentence: EvidenceSentence; coverage: number; value: number } | undefined;
  for (const sentence of evidence) {
    const coverage = share(wanted, new Set(tokens(`${sentence.passage.document.title} ${sentence.text}`, language)));
    const value = coverage + 0.25 * sentence.score;
    if (!best || value > best.value) best = { sentence, coverage, value };
  }
  if (!best || best.coverage < WEAK) return undefined;
  const isFaithful = best.coverage >= SUPPORTED && holdsFacts(text, best.sentence, asked, language);
  return { sentence: best.sentence, verdict: isFaithful ? "supported" : "weak" };
}

/** Numbers and names of the sentence stand in its source or in the question, and neither denies what the other says. */
function holdsFacts(text: string, source: EvidenceSentence, asked: ReadonlySet<string>, language: Language): boolean {
  const given = new Set([...tokens(`${source.passage.document.title} ${source.text}`, language), ...asked]);
  const facts = text.match(/\p{Lu}[\p{L}\p{M}]+|[\p{L}\p{M}]*\p{N}[\p{L}\p{N}.,:/-]*/gu) ?? [];
  const firstWord = /^\P{L}*(\p{L}+)/u.exec(text)?.[1];
  const held = facts.every((fact) => {
    if (fact === firstWord && !/\p{N}/u.test(fact)) return true;
    return tokens(fact, language).every((token) => given.has(token));
  });
  return held && NEGATION.test(text) === NEGATION.test(saidBy(text, source.text));
}

/**
 * The part of a source that a sentence can be held against: where it repeats the source word for word, all up to
 * the end of the quotation. A denial in a clause left out behind it does not concern it.
 */
function saidBy(text: string, source: string): string {
  const quoted = text.replace(/[\s.!?。]+$/u, "").toLowerCase();
  const at = source.toLowerCase().indexOf(quoted);
  return at < 0 ? source : source.slice(0, at + quoted.length);
}
