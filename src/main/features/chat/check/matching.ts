import type { Verdict } from "../../../../shared/contract/chat.ts";
import { tokens } from "../../../text/analyse.ts";
import type { Language } from "../../../text/languages.ts";
import { agreeOnDenials } from "./denial.ts";
import type { EvidenceSentence } from "../evidence/evidence.ts";
import { contentTokens, share } from "./words.ts";

/** Share of an answer sentence's own words that its source must hold. */
const SUPPORTED = 0.7;
const WEAK = 0.34;
/** How far a sentence's score decides between sources that hold the same words. */
const WEIGHT_OF_SCORE = 0.25;
/** A number with what makes it negative; the dash of a range, a date or a code does not. */
const NUMBER = /((?<![\p{L}\p{N}])(?<!\p{N}\s)[-−–](?=\d)|(?<!\p{L})(?:minus|negative)\s(?=\d))?(\d+(?:[.,:/]\d+)*)/giu;

export type Match = { sentence: EvidenceSentence; verdict: Exclude<Verdict, "unsupported"> };

/**
 * Finds for a sentence the source that holds most of its words; undefined where none holds a third. It is `supported`
 * when its source holds its words, all its numbers and names, and says yes where it says yes; `weak` when it holds
 * part of them. `asked` are words that need no source, because the question brought them.
 */
export function createMatcher(evidence: readonly EvidenceSentence[], language: Language, asked: ReadonlySet<string> = new Set()) {
  const sources = evidence.map((sentence) => ({
    sentence,
    held: new Set(tokens(`${sentence.passage.document.title} ${sentence.text}`, language)),
  }));
  return (text: string): Match | undefined => {
    const all = contentTokens(text, language);
    const own = new Set([...all].filter((token) => !asked.has(token)));
    // An answer made of the question's words only is measured by them all.
    const wanted = own.size > 0 ? own : all;
    let best: { sentence: EvidenceSentence; held: ReadonlySet<string>; coverage: number; value: number } | undefined;
    for (const { sentence, held } of sources) {
      const coverage = share(wanted, held);
      const value = coverage + WEIGHT_OF_SCORE * sentence.score;
      if (!best || value > best.value) best = { sentence, held, coverage, value };
    }
    if (!best || best.coverage < WEAK) return undefined;
    const isFaithful = best.coverage >= SUPPORTED && holdsFacts(text, best.sentence.text, new Set([...best.held, ...asked]), language);
    return { sentence: best.sentence, verdict: isFaithful ? "supported" : "weak" };
  };
}

/** Numbers, with their signs, and names of the sentence stand in its source or in the question, and neither denies what the other says. */
function holdsFacts(text: string, source: string, given: ReadonlySet<string>, language: Language): boolean {
  const firstWord = /^\P{L}*(\p{L}+)/u.exec(text)?.[1];
  const held = factsOf(text).every((fact) => {
    if (fact === firstWord && !/\p{N}/u.test(fact)) return true;
    return tokens(fact, language).every((token) => given.has(token)) || (/^\p{L}/u.test(fact) && standsIn(fact, source));
  });
  return held && agreeOnSigns(text, source) && agreeOnDenials(text, saidBy(text, source), language);
}

/** Words with a digit in them, whole, and words with a capital, each part of “Kell-Point” for itself. */
function factsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{M}\p{N}]+(?:[.,:/-][\p{L}\p{M}\p{N}]+)*/gu) ?? []).flatMap((word) =>
    /\p{N}/u.test(word) ? [word] : (word.match(/[\p{L}\p{M}]+/gu) ?? []).filter((part) => part.length > 1 && /\p{Lu}/u.test(part)),
  );
}

/** Word for word: a part of a code such as B-INCENP has no token of its own. */
function standsIn(fact: string, source: string): boolean {
  for (let at = source.indexOf(fact); at >= 0; at = source.indexOf(fact, at + 1)) {
    const around = `${source.slice(Math.max(0, at - 1), at)} ${source.slice(at + fact.length, at + fact.length + 1)}`;
    if (!/[\p{L}\p{N}]/u.test(around)) return true;
  }
  return false;
}

/** A number that the source has with one sign only is not said with the other. */
function agreeOnSigns(text: string, source: string): boolean {
  const given = signsOf(source);
  for (const [number, signs] of signsOf(text)) {
    const known = given.get(number);
    if (known && [...signs].some((sign) => !known.has(sign))) return false;
  }
  return true;
}

function signsOf(text: string): Map<string, Set<"+" | "-">> {
  const signs = new Map<string, Set<"+" | "-">>();
  for (const [, minus, number = ""] of text.matchAll(NUMBER)) {
    const known = signs.get(number) ?? new Set();
    signs.set(number, known.add(minus === undefined ? "+" : "-"));
  }
  return signs;
}

/**
 * The part of a source that a sentence can be held against: where it repeats the source word for word, all up to the
 * end of the clause in which the quotation ends. A denial in a clause left out behind it does not concern it.
 */
function saidBy(text: string, source: string): string {
  const quoted = text.replace(/[\s.!?。]+$/u, "").toLowerCase();
  const at = source.toLowerCase().indexOf(quoted);
  if (at < 0) return source;
  const end = source.slice(at + quoted.length).search(/[,;:.!?()，。；：！？（）]/u);
  return end < 0 ? source : source.slice(0, at + quoted.length + end);
}
