import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { type Candidate, fromToken, type Sources } from "./candidates.ts";
import { isUnexplained } from "./explained.ts";
import { kindOf } from "./parse-value.ts";
import type { Token } from "./tokens.ts";

/** Enough to be chosen, too little to be sure. */
const INFERRED = 0.45;
/** More amounts than these are a ledger, in which sums come about by chance. */
const MOST_AMOUNTS = 60;

/** The day that a number was given to a document on, read behind it: as good as a label. */
const BEHIND_NUMBER = 0.8;
/** `Lyon, le 3 mai 2024`: how letters begin. */
const UNDER_LETTERHEAD = 0.55;
/** Words between a number and its day: "Rechnung 17 vom 3. Mai", "Fattura n. 118/A del 07/11/2022". */
const OF_THE =
  /^[\s,(–-]*(?:du|del|dell['’]|vom|van|of|dated|from|de|den|av|af|fra|från|z dnia|z|ze dne|din data|din|le|do dia|em)?[\s:]*$/iu;
const PLACE = /^\p{Lu}[\p{L} .'’-]{1,40},\s?(?:(?:den|le|li|dnia|am|a|em|the|on)\s)?$/u;

/**
 * Places for fields that the recipe cannot do without and that no known label leads to: the day behind the number that names
 * the document, the day that a letter begins with, the only date of a document, and the largest amount where two others make
 * it up.
 */
export function infer(
  recipe: Recipe,
  lists: ReadonlyMap<string, readonly Candidate[]>,
  sources: Pick<Sources, "view" | "labels" | "tokens">,
): Map<string, readonly Candidate[]> {
  const { tokens } = sources;
  const inferred = new Map(lists);
  const give = (field: string, token: Token | undefined, relation: "layout" | "sum") => {
    if (token && lists.get(field)?.length === 0)
      inferred.set(field, [fromToken(token, INFERRED, { relation, exactness: 0, strong: relation === "sum" })]);
  };
  for (const rule of recipe.rules) {
    if (rule.rule === "required" && rule.when === undefined) {
      const schema = recipe.schema.properties[rule.field];
      if (!schema || schema.type === "array" || kindOf(schema) !== "date") continue;
      const dates = tokens.of("date");
      give(rule.field, theOnly(dates, sources), "layout");
      const own = [...behindNumber(recipe, lists, dates, sources), ...underLetterhead(dates, sources)];
      const list = inferred.get(rule.field) ?? [];
      const known = new Set(list.map(({ start }) => start));
      const more = own.filter(({ start }) => !known.has(start));
      if (more.length > 0)
        inferred.set(
          rule.field,
          [...list, ...more].toSorted((a, b) => b.score - a.score),
        );
    }
    if (rule.rule === "sum" && rule.parts.length === 2 && [rule.total, ...rule.parts].every((field) => lists.has(field)))
      give(rule.total, madeUpTotal(tokens.of("amount"), rule.tolerance), "sum");
  }
  return inferred;
}

/** A cell of its own, with nothing that explains it beside it or above. */
const isBare = ({ start, cell }: Token, { labels }: Pick<Sources, "labels">): boolean =>
  start === cell.start &&
  !labels.some((label) => label.cell.page === cell.page && cell.line - label.cell.line >= 0 && cell.line - label.cell.line < 2);

/** Dates that stand right behind the best number that the document is known by, in the same cell. */
function behindNumber(
  recipe: Recipe,
  lists: ReadonlyMap<string, readonly Candidate[]>,
  dates: readonly Token[],
  { view }: Pick<Sources, "view">,
): Candidate[] {
  return (recipe.identity ?? []).flatMap((field) => {
    const schema = recipe.schema.properties[field];
    const number = lists.get(field)?.[0];
    if (!schema || schema.type === "array" || kindOf(schema) !== "id" || !number) return [];
    const date = dates.find(({ cell, start }) => cell === number.cell && start >= number.end);
    if (!date || !OF_THE.test(view.text.slice(number.end, date.start))) return [];
    const evidence = { relation: "same-cell", exactness: number.evidence.exactness, strong: date.strong } as const;
    return [fromToken(date, Math.min(BEHIND_NUMBER, number.score), evidence)];
  });
}

/** A date that ends a cell which has nothing before it but a place. */
const underLetterhead = (dates: readonly Token[], { view }: Pick<Sources, "view">): Candidate[] =>
  dates
    .filter(({ cell, start, end }) => end === cell.end && PLACE.test(view.text.slice(cell.start, start)))
    .slice(0, 1)
    .map((date) => fromToken(date, UNDER_LETTERHEAD, { relation: "layout", exactness: 0, strong: date.strong }));

/** The first place of a date that is the only one of the document, however often it is written. */
function theOnly(dates: readonly Token[], sources: Pick<Sources, "view" | "labels">): Token | undefined {
  if (new Set(dates.map(({ value }) => value)).size !== 1) return undefined;
  // One in the middle of a sentence, or with a label of something else, is another date.
  return dates.every((date) => date.end === date.cell.end && (isBare(date, sources) || isUnexplained(date, sources)))
    ? dates[0]
    : undefined;
}

/** The largest amount, if two others that stand before it add up to it. */
function madeUpTotal(amounts: readonly Token[], tolerance: number): Token | undefined {
  const strong = amounts.filter((amount) => amount.strong && Number(amount.value) > 0);
  if (strong.length < 3 || strong.length > MOST_AMOUNTS) return undefined;
  const largest = strong.reduce((most, amount) => (Number(amount.value) > Number(most.value) ? amount : most));
  const others = strong.filter((amount) => amount.value !== largest.value);
  const isSum = others.some((one, at) =>
    others.slice(at + 1).some((other) => Math.abs(Number(one.value) + Number(other.value) - Number(largest.value)) <= tolerance + 1e-9),
  );
  return isSum ? largest : undefined;
}
