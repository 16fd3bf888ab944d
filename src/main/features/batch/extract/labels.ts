import type { Cell, DocumentView } from "./document-view.ts";

/** A label where it stands in the document; `exactness` is the share of the words before the value that it explains. */
export type FoundLabel = {
  field: string;
  cell: Cell;
  start: number;
  end: number;
  exactness: number;
  /** Place of the label in the recipe's list. */ rank: number;
};

/** Before the name of a field: what speaks against it. */
export const NOT_LABEL = "not:";

type Word = { text: string; start: number; end: number };
type Pattern = { field: string; words: string[]; joined: string; rank: number };

/** Letters and digits alone, without case and accents. */
export const fold = (text: string): string => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");

const WORD = /[\p{L}\d%]+(?:['’][\p{L}]+)?/gu;
const wordsIn = (text: string): Word[] =>
  [...text.matchAll(WORD)].map((match) => ({ text: fold(match[0]), start: match.index, end: match.index + match[0].length }));

/** Words that may stand beside a label without changing what it means. */
const FILLERS = new Set([
  "the",
  "of",
  "no",
  "nr",
  "n",
  "nº",
  "num",
  "der",
  "die",
  "das",
  "de",
  "du",
  "des",
  "la",
  "le",
  "il",
  "el",
  "your",
  "ihre",
  "votre",
  "this",
  "our",
  "in",
  "total",
  "amount",
  "eur",
  "usd",
  "gbp",
  "chf",
  "%",
]);

/**
 * Finds the labels of all fields. Where labels of two fields overlap, the longer one is meant: `invoice date` is
 * not `date`.
 */
export function findLabels(view: DocumentView, labels: ReadonlyMap<string, readonly string[]>): FoundLabel[] {
  const patterns = [...labels].flatMap(([field, list]) =>
    list.map((label, rank): Pattern => {
      const words = wordsIn(label).map(({ text }) => text);
      return { field, words, joined: words.join(""), rank };
    }),
  );
  const byFirst = Map.groupBy(patterns, ({ joined }) => joined[0] ?? "");
  return view.lines.flatMap(({ cells }) => cells.flatMap((cell) => labelsIn(cell, byFirst)));
}

/** A slip explains its words by so many letters less. */
const SLIP = 2;

function labelsIn(cell: Cell, byFirst: ReadonlyMap<string, readonly Pattern[]>): FoundLabel[] {
  if (cell.text.length > 400) return [];
  const words = wordsIn(cell.text);
  const found: (FoundLabel & { from: number; to: number; letters: number })[] = [];
  for (let from = 0; from < words.length; from += 1) {
    for (const pattern of byFirst.get(words[from]?.text[0] ?? "") ?? []) {
      const match = matchFrom(words, from, pattern);
      if (match === undefined) continue;
      const { to, isSlip } = match;
      const [first, last] = [words[from], words[to - 1]];
      if (!first || !last) continue;
      found.push({
        field: pattern.field,
        cell,
        start: cell.start + first.start,
        end: cell.start + last.end,
        rank: pattern.rank,
        exactness: exactness(words, from, to),
        from,
        to,
        // "Factura" is that, and no slip of "Facturé à", which has a letter more.
        letters: pattern.joined.length - (isSlip ? SLIP : 0),
      });
    }
  }
  return found.filter(
    (label) =>
      !found.some(
        (other) =>
          other !== label &&
          other.from < label.to &&
          label.from < other.to &&
          (other.letters > label.letters || (other.letters === label.letters && other.field === label.field && other.rank < label.rank)),
      ),
  );
}

/** The end of the words that spell the pattern, whether or not they are parted alike (`due date`, `duedate`). */
function matchFrom(words: readonly Word[], from: number, pattern: Pattern): { to: number; isSlip: boolean } | undefined {
  let spelt = "";
  let slip: { to: number; isSlip: true } | undefined;
  for (let to = from; to < words.length && spelt.length < pattern.joined.length; to += 1) {
    spelt += words[to]?.text ?? "";
    if (spelt === pattern.joined) return { to: to + 1, isSlip: false };
    // "Contrat n°" is not "Contrat" with a letter too few: the next word may be that letter.
    if (spelt.length >= 7 && isOneSlip(spelt, pattern.joined)) slip ??= { to: to + 1, isSlip: true };
  }
  return slip;
}

/** One letter differs, is missing or is too many: a slip of recognition. */
function isOneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || /\d/u.test(b)) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return a.slice(at + 1) === b.slice(at + 1) || a.slice(at + 1) === b.slice(at) || a.slice(at) === b.slice(at + 1);
}

/** How much of what is said before the value the label is: other words before or behind it may make it another thing. */
function exactness(words: readonly Word[], from: number, to: number): number {
  const letters = (list: readonly Word[]) =>
    list.filter(({ text }) => !FILLERS.has(text) && !/^\d/u.test(text)).reduce((sum, { text }) => sum + text.length, 0);
  const own = words.slice(from, to).reduce((sum, { text }) => sum + text.length, 0);
  const before = letters(words.slice(0, from));
  // What follows a label is often its value; only one word right behind it can belong to it.
  const next = words[to];
  const behind = next && !/\d/u.test(next.text) ? Math.min(4, letters([next])) : 0;
  return own / (own + Math.min(30, before) + behind);
}
