import { fold, unitTokens } from "../../text/analyse.ts";
import type { Language } from "../../text/languages.ts";
import { units } from "../../text/units.ts";

/** Chunks that hold a token. */
export type Frequency = (token: string) => number;

/** What the full-text table is asked for: any of these. A code holds a digit. */
export type Term = { token: string; prefix: boolean; frequency: number; isCode: boolean };

/** Longer queries are cut to their rarest terms. */
const maxTerms = 48;
/** Rows that a query may make SQLite look at: the rarest terms first, the most frequent ones are left out beyond it. */
const rowBudget = 40_000;
/** So many terms are kept whatever they cost. */
const minTerms = 2;
const minPrefix = 5;

/**
 * The terms of a query, rarest first. Stop words are dropped unless there is nothing else. A word is stemmed in every
 * language of the index. One that occurs nowhere is tried with umlauts for digraphs, as a compound of two words that
 * do occur, and as the beginning of a word.
 */
export function queryTerms(text: string, languages: readonly Language[], frequency: Frequency): Term[] {
  const all = [...units(text)];
  const stopWords = queryLanguage(
    all.flatMap((unit) => (unit.kind === "word" ? [unit.text] : [])),
    languages,
  )?.stopWords;
  const telling = all.filter((unit) => unit.kind !== "word" || !stopWords?.has(unit.text));
  const terms = new Map<string, Term>();
  const add = (token: string, { prefix = false, isCode = false } = {}): boolean => {
    const count = prefix ? 1 : frequency(token);
    if (count > 0) terms.set(prefix ? `${token}*` : token, { token, prefix, frequency: count, isCode });
    return count > 0;
  };

  for (const unit of telling.length > 0 ? telling : all) {
    const tokens = new Set(languages.flatMap((language) => unitTokens(unit, language)));
    const found = [...tokens].filter((token) => add(token, { isCode: unit.kind === "code" }));
    if (found.length > 0) continue;
    if (unit.kind === "run" && [...unit.text].length === 1) add(unit.text, { prefix: true });
    if (unit.kind !== "word") continue;
    const other = [...tokens].map(withoutDigraphs).filter((token) => add(token));
    const parts = other.length > 0 ? [] : compound(unit.text, languages, frequency);
    for (const part of parts) add(part);
    if (other.length === 0 && parts.length === 0) for (const token of tokens) if (token.length >= minPrefix) add(token, { prefix: true });
  }
  return affordable([...terms.values()]);
}

function affordable(terms: Term[]): Term[] {
  let rows = 0;
  return terms
    .sort((a, b) => a.frequency - b.frequency)
    .slice(0, maxTerms)
    .filter((term, index) => (rows += term.frequency) <= rowBudget || index < minTerms);
}

/** The language most of whose stop words the query holds; the first (the most frequent of the index) when none stands out. */
function queryLanguage(words: readonly string[], languages: readonly Language[]): Language | undefined {
  const counts = languages.map(({ stopWords }) => words.filter((word) => stopWords.has(word)).length);
  return languages[counts.indexOf(Math.max(...counts))];
}

/** `mueller` as `muller`, the folded form of `müller`. */
function withoutDigraphs(token: string): string {
  return token.replaceAll(/([aou])e/g, "$1");
}

/** The two words that a compound is made of, each known to the index, joined directly or by a linking sound. */
function compound(word: string, languages: readonly Language[], frequency: Frequency): string[] {
  const letters = [...word];
  let best: string[] = [];
  let bestCount = 0;
  for (let split = 4; split <= letters.length - 4; split++) {
    const right = known(letters.slice(split).join(""), languages, frequency);
    if (right === undefined) continue;
    for (const link of ["", "s", "n", "es", "en"]) {
      const start = letters.slice(0, split).join("");
      if (!start.endsWith(link) || start.length - link.length < 4) continue;
      const left = known(start.slice(0, start.length - link.length), languages, frequency);
      if (left === undefined || Math.min(left.count, right.count) <= bestCount) continue;
      best = [left.token, right.token];
      bestCount = Math.min(left.count, right.count);
    }
  }
  return best;
}

function known(word: string, languages: readonly Language[], frequency: Frequency): { token: string; count: number } | undefined {
  for (const language of languages) {
    const token = fold(language.stem(word));
    const count = frequency(token);
    if (count > 0) return { token, count };
  }
  return undefined;
}

/** The MATCH expression of terms. Tokens hold letters, digits, marks and `_` only, and stand in quotes. */
export function matchExpression(terms: readonly Term[]): string {
  return terms.map(({ token, prefix }) => (prefix ? `"${token}" *` : `"${token}"`)).join(" OR ");
}
