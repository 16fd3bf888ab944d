import { tokens } from "../../engines/search/analyse.ts";
import { languageCode, loadLanguage, type Language } from "../../engines/search/languages.ts";
import type { FoundPassage } from "../knowledge/index.ts";
import { sentencesOf } from "./sentences.ts";

/** A sentence of a retrieved passage; offsets count units of the passage's stored text. */
export type EvidenceSentence = { passage: FoundPassage; start: number; end: number; text: string; score: number; cosine: number; coverage: number };
export type Evidence = {
  /** Best first. */
  sentences: EvidenceSentence[];
  /** 0–1: how likely it is that the passages hold an answer. */
  score: number;
};

/** Passages whose sentences are looked at, and sentences that are embedded: about 6 ms each on two cores. */
const PASSAGES = 5;
const SENTENCES = 24;
/** Weights of the score, after a grid over XQuAD-en; see docs/benchmarks.md. */
const WEIGHT = { cosine: 0.8, coverage: 0.2, passageCoverage: 0.2, passage: 0.3 };

/**
 * Chooses what answers the question, sentence by sentence: likeness of meaning, shared words, and the rank of the
 * passage. `embed` returns one unit vector a text; without vectors the words decide alone.
 */
export async function findEvidence(
  question: string,
  passages: readonly FoundPassage[],
  questionVector: Float32Array | undefined,
  embed: (texts: string[]) => Promise<Float32Array[]>,
): Promise<Evidence> {
  const top = passages.slice(0, PASSAGES);
  const language = await loadLanguage(languageCode(top[0]?.language ?? "en"));
  const asked = contentTokens(question, language);
  const best = top[0]?.score ?? 1;
  const candidates = top.flatMap((passage) => {
    const passageTokens = new Set([...tokens(passage.text, language), ...tokens(passage.document.title, language)]);
    const passageCoverage = share(asked, passageTokens);
    const rank = best > 0 ? passage.score / best : 0;
    return sentencesOf(passage.text).filter((span) => saysSomething(passage.text.slice(span.start, span.end))).map(({ start, end }) => {
      const text = passage.text.slice(start, end);
      const coverage = share(asked, new Set(tokens(text, language)));
      const prior = WEIGHT.coverage * coverage + WEIGHT.passageCoverage * passageCoverage + WEIGHT.passage * rank;
      return { passage, start: passage.chunk.start + start, end: passage.chunk.start + end, text, coverage, cosine: 0, score: prior };
    });
  });
  candidates.sort((a, b) => b.score - a.score);
  const looked = candidates.slice(0, SENTENCES);
  if (questionVector && looked.length > 0) {
    const vectors = await embed(looked.map(({ text }) => text));
    looked.forEach((candidate, index) => {
      candidate.cosine = dot(questionVector, vectors[index]);
      candidate.score += WEIGHT.cosine * candidate.cosine;
    });
    looked.sort((a, b) => b.score - a.score);
  }
  return { sentences: looked, score: answerability(looked, asked, top, language, questionVector !== undefined) };
}

/** Headings, rules and rows of a table's head name things; they state nothing. */
function saysSomething(sentence: string): boolean {
  return !/^#{1,6}\s|^[\s|:=*_-]+$/u.test(sentence) && /\p{L}/u.test(sentence);
}

/** Words of a text that carry meaning: stemmed, without stop words. */
export function contentTokens(text: string, language: Language): Set<string> {
  const stops = stemmedStopWords(language);
  return new Set(tokens(text, language).filter((token) => !stops.has(token)));
}

const stopWordsByLanguage = new WeakMap<Language, ReadonlySet<string>>();

function stemmedStopWords(language: Language): ReadonlySet<string> {
  const known = stopWordsByLanguage.get(language);
  if (known) return known;
  const stops = new Set([...language.stopWords].flatMap((word) => tokens(word, language)));
  stopWordsByLanguage.set(language, stops);
  return stops;
}

/** Share of `wanted` that is in `given`; 0 when nothing is wanted. */
export function share(wanted: ReadonlySet<string>, given: ReadonlySet<string>): number {
  if (wanted.size === 0) return 0;
  let found = 0;
  for (const token of wanted) if (given.has(token)) found += 1;
  return found / wanted.size;
}

/**
 * A logistic score over the best sentence's likeness and the words of the question that the best passage and
 * sentence share. Without vectors it only says that something matched: an embedder nobody calibrated never refuses.
 */
function answerability(sentences: readonly EvidenceSentence[], asked: ReadonlySet<string>, passages: readonly FoundPassage[], language: Language, hasVectors: boolean): number {
  const [best] = sentences;
  if (!best) return 0;
  if (!hasVectors) return 1;
  const cosine = Math.max(...sentences.map((sentence) => sentence.cosine));
  const coverage = Math.max(...passages.map((passage) => share(asked, new Set(tokens(`${passage.document.title} ${passage.text}`, language)))));
  return 1 / (1 + Math.exp(-(14 * (cosine - 0.62) + 4 * (coverage - 0.45) + 2 * (best.coverage - 0.3))));
}

function dot(a: Float32Array, b: Float32Array | undefined): number {
  let sum = 0;
  for (let index = 0; b && index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
