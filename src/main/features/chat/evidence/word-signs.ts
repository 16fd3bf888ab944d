import { tokens } from "../../../text/analyse.ts";
import type { Language } from "../../../text/languages.ts";

/** How much of what a question asks about stands in the best sentence, in its passage, and in all passages together; all 0–1. */
export type WordSigns = { sentence: number; passage: number; found: number };

/** Fewer letters begin too many words alike. */
const FEWEST_LETTERS = 4;
/** What another form of a word counts, or a compound that holds it. */
const OTHER_FORM = 0.9;

/**
 * What words alone say about whether passages hold an answer, where cosines say little. A word that few of the passages
 * hold counts more: it tells what is asked about from what all of them are about. Compounds and other forms of a word
 * count in part, since a stemmer does not take them apart.
 */
export function wordSigns(
  about: ReadonlySet<string>,
  sentence: string,
  passage: string,
  passages: readonly string[],
  language: Language,
): WordSigns {
  const held = passages.map((text) => new Set(tokens(text, language)));
  const inSentence = new Set(tokens(sentence, language));
  const inPassage = new Set(tokens(passage, language));
  const inAny = new Set(held.flatMap((words) => [...words]));
  const rarity = (word: string) => 1 / (1 + held.filter((words) => words.has(word)).length);
  return {
    sentence: weighed(about, rarity, inSentence),
    passage: weighed(about, rarity, inPassage),
    found: weighed(about, () => 1, inAny),
  };
}

function weighed(about: ReadonlySet<string>, weight: (word: string) => number, held: ReadonlySet<string>): number {
  let all = 0;
  let found = 0;
  for (const word of about) {
    all += weight(word);
    found += weight(word) * likeness(word, held);
  }
  return all === 0 ? 0 : found / all;
}

/** 1 where the word stands there as it is, less for the part of it that another word has in common with it. */
function likeness(word: string, held: ReadonlySet<string>): number {
  if (held.has(word)) return 1;
  if (word.length < FEWEST_LETTERS) return 0;
  let best = 0;
  for (const other of held) if (other.length >= FEWEST_LETTERS) best = Math.max(best, common(word, other));
  return best;
}

function common(word: string, other: string): number {
  if (other.includes(word)) return OTHER_FORM;
  if (word.includes(other)) return other.length / word.length;
  let same = 0;
  while (same < word.length && word[same] === other[same]) same += 1;
  return same < FEWEST_LETTERS ? 0 : (OTHER_FORM * same) / word.length;
}

/**
 * Whether a question is in the passages' language rather than in the one that the embedding model knows: only then can
 * its words be looked for. Told by the little words, since a question is too short for anything finer.
 */
export function isAskedIn(question: string, language: Language, known: Language): boolean {
  const words =
    question
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{M}]+/gu) ?? [];
  const count = ({ stopWords }: Language) => words.filter((word) => stopWords.has(word)).length;
  return count(language) >= count(known);
}
