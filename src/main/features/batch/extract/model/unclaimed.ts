import type { FieldKind } from "../../../../../shared/contract/recipe.ts";
import { eachValue } from "../../validate/values.ts";
import type { Slice } from "../../learn/anchors.ts";
import { isUnexplained } from "../explained.ts";
import type { Reading } from "../extract.ts";
import type { Token } from "../tokens.ts";

/** Kinds that a model can tell by the words beside them; the others are told by their form, or are lasting names. */
const BY_WORDS: ReadonlySet<FieldKind> = new Set(["date", "amount", "number", "id"]);

/**
 * Places of a kind that no field was read from and that words lead to which no recipe knows: what an empty field may have
 * been called by. Where there are none, an empty field is one that the document lacks.
 */
export function unclaimed(kind: FieldKind, { fields, sources }: Pick<Reading, "fields" | "sources">): Token[] {
  if (!BY_WORDS.has(kind)) return [];
  const { view, tokens } = sources;
  const taken = [...eachValue(fields)].flatMap(([, { start, end }]) => (start === undefined || end === undefined ? [] : [{ start, end }]));
  const rows = new Set(
    Object.values(fields).flatMap((field) =>
      Array.isArray(field)
        ? [...eachValue({ field })].flatMap(([, { start }]) =>
            start === undefined
              ? []
              : view.lines.filter(({ cells }) => cells.some((cell) => start >= cell.start && start < cell.end)).map(({ index }) => index),
          )
        : [],
    ),
  );
  return tokens.of(kind).filter((token) => {
    if (rows.has(token.cell.line) || (kind === "amount" && !token.strong)) return false;
    // A sign of currency is a small part of the amount that it was read from.
    if (taken.some(({ start, end }) => 2 * (Math.min(end, token.end) - Math.max(start, token.start)) > token.end - token.start))
      return false;
    return isUnexplained(token, sources);
  });
}

const LONGEST_TEXT = 70;

/** Words that no field was read from, behind words that no recipe knows: `Where: Hall 3`, or in the next column. */
export function unclaimedTexts({ fields, sources }: Pick<Reading, "fields" | "sources">): Slice[] {
  const { view } = sources;
  const taken = [...eachValue(fields)].flatMap(([, { start, end }]) => (start === undefined || end === undefined ? [] : [{ start, end }]));
  return view.lines.flatMap(({ cells }) => {
    // What stands before the last cell of a line is its label, or another column of a table.
    const cell = cells.toSorted((a, b) => b.x0 - a.x0)[0];
    if (!cell) return [];
    const behind = /^[^:]{2,60}:\s+(?=\S)/u.exec(cell.text)?.[0].length ?? 0;
    const slice = { cell, start: cell.start + behind, end: cell.end };
    const text = view.text.slice(slice.start, slice.end);
    const isText = text.length <= LONGEST_TEXT && /\p{L}{2}/u.test(text);
    return isText && !taken.some(({ start, end }) => start < slice.end && slice.start < end) && isUnexplained(slice, sources)
      ? [slice]
      : [];
  });
}
