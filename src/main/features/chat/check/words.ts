import { tokens } from "../../../text/analyse.ts";
import type { Language } from "../../../text/languages.ts";

/** Words of a text that carry meaning: stemmed, without stop words. */
export function contentTokens(text: string, language: Language): Set<string> {
  const stops = stemmedStopWords(language);
  return new Set(tokens(text, language).filter((token) => !stops.has(token)));
}

/** Share of `wanted` that is in `given`; 0 when nothing is wanted. */
export function share(wanted: ReadonlySet<string>, given: ReadonlySet<string>): number {
  if (wanted.size === 0) return 0;
  let found = 0;
  for (const token of wanted) if (given.has(token)) found += 1;
  return found / wanted.size;
}

const stopWordsByLanguage = new WeakMap<Language, ReadonlySet<string>>();

function stemmedStopWords(language: Language): ReadonlySet<string> {
  const known = stopWordsByLanguage.get(language);
  if (known) return known;
  const stops = new Set([...language.stopWords].flatMap((word) => tokens(word, language)));
  stopWordsByLanguage.set(language, stops);
  return stops;
}
