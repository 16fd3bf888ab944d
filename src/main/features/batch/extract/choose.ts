import type { Recipe, Rule } from "../../../../shared/contract/recipe.ts";
import type { Candidate } from "./candidates.ts";
import type { Token } from "./tokens.ts";
import { fromToken } from "./candidates.ts";

/** Candidates of each field, best first. */
export type CandidateLists = ReadonlyMap<string, readonly Candidate[]>;
export type Choice = { chosen: Map<string, Candidate>; /** Fields whose values satisfy a sum together. */ agreed: Set<string> };

/** So many candidates of a field are tried in sums. */
const TRIED = 6;
/** What a satisfied sum adds to each of its fields: more than the difference between a label beside a value and one above it. */
const AGREEMENT = 0.3;
/** Below this, a place is no value but a guess. */
export const LEAST_SCORE = 0.3;

type SumRule = Extract<Rule, { rule: "sum" }>;
type DateRule = Extract<Rule, { rule: "date-order" }>;

/** The best candidate of each field, those that a recipe's sum joins chosen together. */
export function choose(recipe: Recipe, lists: CandidateLists, amounts: readonly Token[]): Choice {
  const chosen = new Map<string, Candidate>();
  const agreed = new Set<string>();
  for (const [field, list] of lists) {
    const best = list.find(({ score }) => score >= LEAST_SCORE);
    if (best) chosen.set(field, best);
  }
  for (const rule of recipe.rules) {
    if (rule.rule === "sum" && isScalarSum(rule, lists)) settleSum(rule, lists, amounts, chosen, agreed);
  }
  for (const rule of recipe.rules) if (rule.rule === "date-order") settleDates(rule, lists, chosen);
  return { chosen, agreed };
}

const isScalarSum = (rule: SumRule, lists: CandidateLists): boolean => [rule.total, ...rule.parts].every((field) => lists.has(field));

function settleSum(
  rule: SumRule,
  lists: CandidateLists,
  amounts: readonly Token[],
  chosen: Map<string, Candidate>,
  agreed: Set<string>,
): void {
  const fields = [rule.total, ...rule.parts];
  const options = fields.map((field) => (lists.get(field) ?? []).filter(({ score }) => score >= LEAST_SCORE).slice(0, TRIED));
  const known = options.filter((list) => list.length > 0).length;
  if (known < 2) return;
  let best: { picks: Candidate[]; score: number } | undefined;
  const visit = (picks: Candidate[], score: number) => {
    const at = picks.length;
    if (at === fields.length) {
      if (isSum(picks, rule.tolerance) && (!best || score > best.score)) best = { picks, score };
      return;
    }
    for (const option of options[at] ?? []) visit([...picks, option], score + option.score);
    // One that has no label may be the number that the sum asks for.
    if (options[at]?.length === 0 && options.every((list, index) => index === at || list.length > 0)) {
      for (const token of amounts.filter(({ strong }) => strong)) {
        visit([...picks, fromToken(token, 0.35, { relation: "sum", exactness: 0, strong: true })], score + 0.35);
      }
    }
  };
  visit([], 0);
  if (!best) return settleParts(rule, options, chosen, agreed);
  const separate = fields.reduce((sum, field) => sum + (chosen.get(field)?.score ?? 0), 0);
  if (best.score + AGREEMENT * fields.length < separate) return;
  for (const [index, field] of fields.entries()) {
    const pick = best.picks[index];
    if (!pick) continue;
    chosen.set(field, pick);
    agreed.add(field);
  }
}

/**
 * Where no single places add up and several of one field do, such as the tax of each rate, the document does not say the
 * field's value anywhere: a part of it must not pass for the whole.
 */
function settleParts(
  { tolerance, total, parts }: SumRule,
  options: readonly (readonly Candidate[])[],
  chosen: Map<string, Candidate>,
  agreed: Set<string>,
): void {
  const [totals = [], ...terms] = options.map((list) => [...new Map(list.toReversed().map((one) => [one.value, one])).values()]);
  const whole = totals.find(({ start }) => start === chosen.get(total)?.start);
  if (!whole || terms.some((list) => list.length === 0)) return;
  let found: Candidate[][] | undefined;
  const visit = (picks: Candidate[][], sum: number) => {
    if (found) return;
    const list = terms[picks.length];
    if (!list) {
      if (picks.some(({ length }) => length > 1) && Math.abs(sum - Number(whole.value)) <= tolerance + 1e-9) found = picks;
      return;
    }
    for (let mask = (1 << list.length) - 1; mask > 0; mask -= 1) {
      const some = list.filter((_, at) => (mask >> at) & 1);
      visit(
        [...picks, some],
        some.reduce((all, { value }) => all + Number(value), sum),
      );
    }
  };
  visit([], 0);
  if (!found) return;
  agreed.add(total);
  for (const [at, field] of parts.entries()) {
    const [first, ...more] = found[at] ?? [];
    if (!first) continue;
    if (more.length > 0) chosen.delete(field);
    else {
      chosen.set(field, first);
      agreed.add(field);
    }
  }
}

function isSum([total, ...parts]: readonly Candidate[], tolerance: number): boolean {
  const values = parts.map(({ value }) => Number(value));
  const sum = values.reduce((all, value) => all + value, 0);
  return Math.abs(sum - Number(total?.value)) <= tolerance + 1e-9;
}

/** A later date that stands before an earlier one is another date, where the document has one that fits. */
function settleDates(rule: DateRule, lists: CandidateLists, chosen: Map<string, Candidate>): void {
  for (const [index, field] of rule.fields.entries()) {
    const earlier = chosen.get(rule.fields[index - 1] ?? "");
    const own = chosen.get(field);
    if (!earlier || !own || String(own.value) >= String(earlier.value)) continue;
    const other = lists
      .get(field)
      ?.find(
        (candidate) =>
          candidate.score >= LEAST_SCORE && candidate.score >= own.score * 0.85 && String(candidate.value) >= String(earlier.value),
      );
    if (other) chosen.set(field, other);
  }
}
