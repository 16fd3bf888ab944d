import { Alternative, type Decision, type Scalar } from "../../../../shared/contract/batch.ts";
import type { FieldKind, Recipe } from "../../../../shared/contract/recipe.ts";
import { type DateOrder, findDates, isAmbiguous } from "../extract/dates.ts";
import { type DocumentView, ownText } from "../extract/document-view.ts";
import { learnHabits } from "../extract/habits.ts";
import { fold } from "../extract/labels.ts";
import { kindOf } from "../extract/parse-value.ts";
import { findTokens } from "../extract/tokens.ts";
import { type Anchors, anchorsOf, type Slice } from "./anchors.ts";
import { type Layout, layoutOf } from "./layout.ts";

/** What one decision of a person teaches about the documents of its layout. */
export type Lesson = {
  field: string;
  value: Scalar;
  /** Of the text it was learned from: a document is no example of itself. */
  textHash: string;
  layout: Layout;
  /** As it stands in the document; undefined where the person's value could not be found there. */
  raw: string | undefined;
  place: Anchors | undefined;
  /** Where a wrong value was read. */
  avoid: Anchors | undefined;
  /** In which order the document writes its dates, where that was the mistake. */
  order: DateOrder | undefined;
  /** The line that the value stands in. */
  line: string | undefined;
};

const LONGEST_LINE = 160;

/** @returns undefined for decisions that teach nothing: of rows, of fields that the recipe lacks, without a value before or after */
export function toLesson(decision: Decision, view: DocumentView, textHash: string, recipe: Recipe): Lesson | undefined {
  const schema = recipe.schema.properties[decision.field];
  const after = Alternative.safeParse(decision.after);
  if (!schema || schema.type === "array" || !after.success) return undefined;
  const kind = kindOf(schema);
  if (kind === "free") return undefined;
  const earlier = Alternative.safeParse(decision.before);
  const before = earlier.success && earlier.data.value !== null ? earlier.data : undefined;
  const { value } = after.data;
  const order = kind === "date" && before ? orderOf(before.raw, value) : undefined;
  const place =
    value === null ? undefined : (sliceOf(view, after.data) ?? (order && before && sliceOf(view, before)) ?? find(view, kind, value));
  const wrong = before && before.value !== value ? sliceOf(view, before) : undefined;
  if (!place && !wrong && value === null) return undefined;
  return {
    field: decision.field,
    value,
    textHash,
    layout: layoutOf(view),
    raw: place && view.text.slice(place.start, place.end),
    place: place && anchorsOf(view, place),
    avoid: wrong && wrong.start !== place?.start ? anchorsOf(view, wrong) : undefined,
    order,
    line: place && lineOf(view, place),
  };
}

/** A place of an earlier reading, if its words still stand there. */
function sliceOf(view: DocumentView, { raw, start, end }: Alternative): Slice | undefined {
  if (start === undefined || end === undefined || raw === undefined || view.text.slice(start, end) !== raw) return undefined;
  const cell = cellsOf(view).find((one) => start >= one.start && start < one.end);
  return cell && { cell, start, end: Math.min(end, cell.end) };
}

/** Where a value that was typed stands, read by its kind. */
function find(view: DocumentView, kind: FieldKind, value: Scalar): Slice | undefined {
  const token = findTokens(view, learnHabits(ownText(view), view.language))
    .of(kind)
    .find((one) => one.value === value || (kind === "date" && orderOf(view.text.slice(one.start, one.end), value) !== undefined));
  if (token) return token;
  const wanted = fold(String(value));
  if (typeof value !== "string" || wanted.length < 2) return undefined;
  for (const cell of cellsOf(view)) {
    const at = fold(cell.text).indexOf(wanted);
    // Folding may change lengths; a place is only taken where it did not.
    if (at >= 0 && fold(cell.text.slice(at, at + value.length)) === wanted)
      return { cell, start: cell.start + at, end: cell.start + at + value.length };
  }
  return undefined;
}

/** The order in which what stands there is the date that the person named, where another order makes another date of it. */
function orderOf(raw: string | undefined, value: Scalar): DateOrder | undefined {
  const [date] = findDates(raw ?? "");
  if (!date || !isAmbiguous(date)) return undefined;
  return (["dmy", "mdy"] as const).find((order) => date.readings[order] === value);
}

const cellsOf = ({ lines }: DocumentView) => lines.flatMap(({ cells }) => cells);

const lineOf = ({ lines }: DocumentView, { cell }: Slice): string =>
  (lines[cell.line]?.cells ?? [cell])
    .map(({ text }) => text)
    .join("  ")
    .slice(0, LONGEST_LINE);
