/**
 * One thing that stands in a text. A `word` is stemmed, a `code` (anything with a digit) is not, a `run` is written
 * without spaces between words.
 */
export type Unit = { kind: "word"; text: string } | { kind: "code"; forms: string[] } | { kind: "run"; text: string };

const maxWordLength = 64;
const maxCodeParts = 8;

/** Letters and digits, held together by single marks inside: `ERR-4012`, `don't`, `1,234.56`, `A/B-12.7`. */
const unitPattern = /[\p{L}\p{N}\p{M}]+(?:[-_/.:,'’+][\p{L}\p{N}\p{M}]+)*/gu;

/** Scripts that put no space between words; Hangul is among them because its words carry their particles with them. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const unspacedRun = new RegExp(`(?:${unspaced.source}\\p{M}*)+`, "gu");

/** The units of a text in reading order, normalised (NFKC) and in lower case. */
export function* units(text: string): Generator<Unit> {
  for (const [found] of text.normalize("NFKC").toLowerCase().matchAll(unitPattern)) {
    if (!unspaced.test(found)) {
      yield* spaced(found);
      continue;
    }
    let last = 0;
    for (const run of found.matchAll(unspacedRun)) {
      if (run.index > last) yield* spaced(found.slice(last, run.index));
      yield { kind: "run", text: run[0] };
      last = run.index + run[0].length;
    }
    if (last < found.length) yield* spaced(found.slice(last));
  }
}

function* spaced(text: string): Generator<Unit> {
  if (/\p{N}/u.test(text)) {
    const forms = codeForms(text);
    if (forms.length > 0) yield { kind: "code", forms };
    for (const part of text.split(separators)) if (forms.length > 1 && /^[\p{L}\p{M}]{2,}$/u.test(part)) yield word(part);
    return;
  }
  const possessive = /^(.+)['’]s$/u.exec(text);
  for (const part of (possessive?.[1] ?? text).split(separators)) if (part !== "") yield word(part);
}

const separators = /[^\p{L}\p{N}\p{M}]+/u;

function word(text: string): Unit {
  return { kind: "word", text: text.length > maxWordLength ? [...text].slice(0, maxWordLength).join("") : text };
}

/**
 * The forms a code is found under. `ERR-4012`, `err 4012` and `ERR4012` meet in `err_4012`; the parts with digits
 * stand for themselves too. Thousands lose their separators (`10,000` and `10.000` are `10000`), decades their s.
 */
function codeForms(text: string): string[] {
  if (/^\p{N}{1,3}([.,]\p{N}{3})+$/u.test(text)) return [text.replaceAll(/[.,]/gu, "")];
  const decade = /^(\p{N}{2,4})['’]?s$/u.exec(text)?.[1];
  if (decade !== undefined) return [decade];
  const parts = text.split(separators).filter((part) => part !== "" && part.length <= maxWordLength);
  const whole = pieces(parts.join("_"));
  const forms = new Set<string>();
  // Parts that are too long leave nothing to be found by.
  if (whole.length > 0 && whole.length <= maxCodeParts) forms.add(whole.join("_"));
  for (const part of parts.slice(0, maxCodeParts * 4)) if (/\p{N}/u.test(part)) forms.add(pieces(part).slice(0, maxCodeParts).join("_"));
  return [...forms];
}

/** Splits where letters meet digits. */
function pieces(text: string): string[] {
  return text.match(/\p{N}+|[\p{L}\p{M}]+/gu) ?? [];
}
