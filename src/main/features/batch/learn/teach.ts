import type { FieldKind, ScalarSchema } from "../../../../shared/contract/recipe.ts";
import type { Candidate, Sources } from "../extract/candidates.ts";
import type { DocumentView } from "../extract/document-view.ts";
import type { Habits } from "../extract/habits.ts";
import { parseValue } from "../extract/parse-value.ts";
import { agreement, anchorsOf, SAME_PLACE, type Slice } from "./anchors.ts";
import { layoutOf, SAME_LAYOUT, similarity, wordsOf } from "./layout.ts";
import type { Lesson } from "./lesson.ts";

/** A lesson, and how far its document looks like the one that is read. */
export type Applied = Lesson & { alike: number };

/** Kinds whose value is the same in every document of a sender. */
const LASTING: ReadonlySet<FieldKind> = new Set(["party", "person", "text", "currency", "iban", "vat", "email", "phone", "url"]);
/** Kinds that are looked for cell by cell where no reader of their own finds them. */
const IN_CELLS: ReadonlySet<FieldKind> = new Set(["party", "person", "text", "id", "choice", "boolean"]);
/** Whatever stands where a person said that the value does not. */
const AVOIDED = 0.3;
/** Where documents of one layout were corrected in different ways, the newer lesson counts. */
const OLDER = 0.92;
const MOST_OF_A_FIELD = 6;

/** Lessons in the order of how much they count: documents that look alike first, then the newest. */
export function applyTo(view: DocumentView, textHash: string | undefined, lessons: readonly Lesson[]): Applied[] {
  if (lessons.length === 0) return [];
  const layout = layoutOf(view);
  return lessons
    .filter((lesson) => lesson.textHash !== textHash)
    .map((lesson) => ({ ...lesson, alike: similarity(layout, lesson.layout) }))
    .sort((a, b) => Number(b.alike >= SAME_LAYOUT) - Number(a.alike >= SAME_LAYOUT));
}

/** Dates are read in the order that a person taught, where the document itself leaves it open. */
export function taughtHabits(habits: Habits, applied: readonly Applied[]): Habits {
  const lesson = habits.orderKnown ? undefined : applied.find(({ alike, order }) => alike >= SAME_LAYOUT && order !== undefined);
  return lesson?.order === undefined ? habits : { ...habits, order: lesson.order, orderKnown: true };
}

/**
 * The candidates of a field after what people taught of documents like this one: what stands where their value stood comes
 * first, what stands where the wrong one stood comes last. A value is still read in this document; none is carried over.
 */
export function teach(
  field: string,
  kind: FieldKind,
  schema: ScalarSchema,
  list: readonly Candidate[],
  applied: readonly Applied[],
  sources: Pick<Sources, "view" | "tokens" | "habits">,
): readonly Candidate[] {
  const own = applied.filter((lesson) => lesson.field === field && lesson.alike >= SAME_LAYOUT).slice(0, MOST_OF_A_FIELD);
  if (own.length === 0) return list;
  const taught = new Map<number, Candidate>();
  for (const [age, lesson] of own.entries())
    for (const { agrees, ...found } of placesLike(lesson, kind, schema, sources)) {
      const score = (0.55 + 0.4 * agrees) * OLDER ** age;
      if ((taught.get(found.start)?.score ?? 0) < score)
        taught.set(found.start, { ...found, score, evidence: { relation: "learned", exactness: agrees, strong: agrees >= 0.8 } });
    }
  const others = list
    .filter(({ start, score }) => (taught.get(start)?.score ?? -1) < score)
    .map((candidate) =>
      !taught.has(candidate.start) && own.some(({ avoid }) => avoid && agreement(avoid, anchorsOf(sources.view, candidate)) >= SAME_PLACE)
        ? { ...candidate, score: candidate.score * AVOIDED }
        : candidate,
    );
  const kept = [...taught.values()].filter(({ start }) => !others.some((other) => other.start === start));
  return [...kept, ...others].sort((a, b) => b.score - a.score || a.start - b.start);
}

type Found = Slice & { value: Candidate["value"]; agrees: number };

function placesLike(
  { place, raw }: Lesson,
  kind: FieldKind,
  schema: ScalarSchema,
  { view, tokens, habits }: Pick<Sources, "view" | "tokens" | "habits">,
): Found[] {
  const found: Found[] = [];
  const add = (slice: Slice, value: Candidate["value"] | undefined, lasting = 0) => {
    const agrees = Math.min(1, lasting + (place ? agreement(place, anchorsOf(view, slice)) : 0));
    if (value !== undefined && agrees >= SAME_PLACE) found.push({ ...slice, value, agrees });
  };
  for (const token of tokens.of(kind)) {
    const isSame = LASTING.has(kind) && view.text.slice(token.start, token.end) === raw;
    add({ cell: token.cell, start: token.start, end: token.end }, token.value, isSame ? 0.5 : 0);
  }
  if (!IN_CELLS.has(kind)) return found;
  for (const { cells } of view.lines)
    for (const cell of cells) {
      const at = raw !== undefined && LASTING.has(kind) ? cell.text.indexOf(raw) : -1;
      if (raw !== undefined && at >= 0) {
        const slice = { cell, start: cell.start + at, end: cell.start + at + raw.length };
        add(slice, parseValue(raw, kind, habits, schema), at === 0 && raw.length === cell.text.length ? 0.7 : 0.5);
        continue;
      }
      const start = place?.inCell === true ? behind(cell.text, place.before) : 0;
      const rest = start === undefined ? "" : cell.text.slice(start).trim();
      if (start === undefined || rest === "" || rest.length > 200) continue;
      const from = cell.start + cell.text.indexOf(rest, start);
      add({ cell, start: from, end: from + rest.length }, parseValue(rest, kind, habits, schema));
    }
  return found;
}

/** Where the text behind these words begins; undefined where it does not begin with them. */
function behind(text: string, words: string): number | undefined {
  for (const match of text.matchAll(/[\p{L}%#][\s:.°º-]*/gu)) {
    const end = match.index + match[0].length;
    if (wordsOf(text.slice(0, end)) === words) return end;
  }
  return undefined;
}
