import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { type Candidate, fromToken, type Sources } from "./candidates.ts";
import { isUnexplained } from "./explained.ts";
import { kindOf } from "./parse-value.ts";
import type { Token } from "./tokens.ts";

/** Enough to be chosen, too little to be sure. */
const INFERRED = 0.45;
/** More amounts than these are a ledger, in which sums come about by chance. */
const MOST_AMOUNTS = 60;

/**
 * Places for fields that the recipe cannot do without and that no known label leads to: the only date of a document, and the
 * largest amount where two others make it up.
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
      if (schema && schema.type !== "array" && kindOf(schema) === "date") give(rule.field, theOnly(tokens.of("date"), sources), "layout");
    }
    if (rule.rule === "sum" && rule.parts.length === 2 && [rule.total, ...rule.parts].every((field) => lists.has(field)))
      give(rule.total, madeUpTotal(tokens.of("amount"), rule.tolerance), "sum");
  }
  return inferred;
}

/** The first place of a date that is the only one of the document, however often it is written. */
function theOnly(dates: readonly Token[], sources: Pick<Sources, "view" | "labels">): Token | undefined {
  if (new Set(dates.map(({ value }) => value)).size !== 1) return undefined;
  // One in the middle of a sentence, or with a label of something else, is another date.
  return dates.every((date) => isUnexplained(date, sources) && date.end === date.cell.end) ? dates[0] : undefined;
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
