import type { Rule } from "../../../../shared/contract/recipe.ts";
import { apart, type FoundRow, fromToken, horizontal } from "./candidates.ts";
import type { Token } from "./tokens.ts";

/** A row, and the amounts on its line that no heading claimed. */
export type OpenRow = { row: FoundRow; free: readonly Token[] };
/** Columns of a table of which one is the product of the others. */
export type Product = { result: string; factors: readonly string[] };

/** Amounts are rounded: a price may stand for one that has more digits. */
const TOLERANCE = 0.005;
/** Numbers of one column are aligned by so many points. */
const ALIGNED = 8;
/** Tables with more columns that nobody named are no lines of an invoice. */
const MOST_COLUMNS = 8;

/** The products that a recipe asks for among the columns of its list `field`. */
export const productsOf = (rules: readonly Rule[], field: string): Product[] =>
  rules.flatMap((rule) => {
    if (rule.rule !== "product" || ![rule.result, ...rule.factors].every((name) => name.startsWith(`${field}.`))) return [];
    const own = (name: string) => name.slice(field.length + 1);
    return [{ result: own(rule.result), factors: rule.factors.map(own) }];
  });

/**
 * Finds columns by what their numbers do: where the values under known headings make no product, or headings are unknown,
 * the columns of the table that make it right in every row are the ones that are meant.
 */
export function settleProduct(rows: readonly OpenRow[], product: Product): void {
  const names = [product.result, ...product.factors];
  if (names.length !== 3 || rows.length === 0) return;
  const known = names.map((name) => rows.map(({ row }) => numberOf(row[name]?.value)));
  if (isRight(known)) return;
  const columns = freeColumns(rows);
  if (columns.length === 0 || columns.length > MOST_COLUMNS) return;
  const isWrong = known.every((values) => values.every((value) => value !== undefined));
  // One column at most is taken from its heading, and only where all three were read and are wrong.
  const options = names.map((_, at) => {
    const isKnown = known[at]?.every((value) => value !== undefined) === true;
    return isKnown ? [undefined, ...(isWrong ? columns : [])] : columns;
  });
  for (const [result, first, second] of picksOf(options)) {
    const picks = [result, first, second];
    const used = picks.filter((pick) => pick !== undefined);
    if (used.length === 0 || new Set(used).size < used.length || (isWrong && used.length > 1)) continue;
    const values = picks.map((pick, at) => (pick ? pick.map((token) => Number(token.value)) : (known[at] ?? [])));
    // Of two factors that nobody named, the whole numbers are the count.
    if (!isRight(values) || (first && second && first.some(hasCents) && !second.some(hasCents))) continue;
    for (const [at, pick] of picks.entries()) {
      for (const [index, { row }] of rows.entries()) {
        const token = pick?.[index];
        if (token) row[names[at] ?? ""] = fromToken(token, 0.8, { relation: "below", exactness: 1, strong: true });
      }
    }
    return;
  }
}

const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
const hasCents = ({ value }: Token): boolean => !Number.isInteger(Number(value));

function* picksOf<Pick>(options: readonly (readonly Pick[])[]): Generator<Pick[]> {
  for (const a of options[0] ?? []) for (const b of options[1] ?? []) for (const c of options[2] ?? []) yield [a, b, c];
}

/** Whether the first is the product of the others in every row, and not only because something is counted once. */
function isRight([results = [], ...factors]: readonly (readonly (number | undefined)[])[]): boolean {
  let telling = 0;
  for (const [row, result] of results.entries()) {
    const values = factors.map((list) => list[row]);
    if (result === undefined || values.some((value) => value === undefined)) return false;
    const product = values.reduce<number>((all, value) => all * (value ?? 0), 1);
    if (Math.abs(product - result) > Math.max(0.02, TOLERANCE * Math.abs(result))) return false;
    if (values.every((value) => value !== 1)) telling += 1;
  }
  return telling > 0;
}

/** Numbers that stand below each other in every row, from left to right. */
function freeColumns(rows: readonly OpenRow[]): Token[][] {
  const [first, ...others] = rows;
  return (first?.free ?? []).flatMap((token) => {
    const x = horizontal(token);
    const column = others.map(({ free }) => free.find((other) => apart(horizontal(other), x) <= ALIGNED));
    const whole = [token, ...column].filter((one) => one !== undefined);
    return whole.length === rows.length ? [whole] : [];
  });
}
