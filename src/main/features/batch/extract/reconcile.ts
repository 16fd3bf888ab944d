import type { Alternative, FieldValue, Flag } from "../../../../shared/contract/batch.ts";

/** The document says two things of one field: a person must choose. It is a doubt, and no broken rule. */
export const CONTRADICTION = "contradiction";

const MOST_ALTERNATIVES = 4;

/** That another place says something else, in words for people. */
export function contradicts({ value, page }: Pick<Alternative, "value" | "page">): Flag {
  return { rule: CONTRADICTION, message: `${page === undefined ? "Another place" : `Page ${page}`} says ${String(value)}.` };
}

/**
 * The values that sections of a document tell of one field, as one: what was read before is believed first, then the surest;
 * where others differ they are shown beside it, and it is flagged.
 */
export function reconcile(told: readonly FieldValue[], before: FieldValue | undefined): FieldValue | undefined {
  const sorted = told.toSorted((a, b) => Number(isAs(b, before)) - Number(isAs(a, before)) || b.sure - a.sure);
  const [first] = sorted;
  const other = sorted.find(({ value }) => value !== null && first !== undefined && first.value !== null && value !== first.value);
  if (!first || !other) return first;
  const others = sorted.filter(({ value }) => value !== null && value !== first.value);
  const alternatives = [...others.map(bare), ...(first.alternatives ?? [])];
  return {
    ...first,
    sure: Math.round(first.sure * 0.6 * 1000) / 1000,
    flags: [...first.flags.filter(({ rule }) => rule !== CONTRADICTION), contradicts(other)],
    alternatives: [...new Map(alternatives.toReversed().map((one) => [one.value, one])).values()].toReversed().slice(0, MOST_ALTERNATIVES),
  };
}

const isAs = ({ value }: FieldValue, before: FieldValue | undefined): boolean =>
  before !== undefined && before.value !== null && before.value === value;

const bare = ({ flags: _flags, alternatives: _alternatives, ...value }: FieldValue): Alternative => value;
