import type { Alternative, FieldResult, Fields, FieldValue } from "../../../../shared/contract/batch.ts";
import type { FieldKind, ListSchema, Recipe, ScalarSchema } from "../../../../shared/contract/recipe.ts";
import { type Candidate, findCandidates, type FoundRow, fromToken, type Sources } from "./candidates.ts";
import { choose, type Choice } from "./choose.ts";
import { applyTo, type Applied, taughtHabits, teach } from "../learn/teach.ts";
import type { Lesson } from "../learn/lesson.ts";
import { meantBySign } from "./currencies.ts";
import { type Cell, type DocumentView, ownText } from "./document-view.ts";
import { type Habits, learnHabits } from "./habits.ts";
import { infer } from "./infer.ts";
import { findLabels, NOT_LABEL } from "./labels.ts";
import { findList } from "./lists.ts";
import { kindOf } from "./parse-value.ts";
import { findParties, isBelow } from "./party.ts";
import { placeOf } from "./place.ts";
import { productsOf } from "./products.ts";
import { findRows } from "./rows.ts";
import { contradicts } from "./reconcile.ts";
import { sureOf } from "./sure.ts";
import { findTokens, type Token } from "./tokens.ts";

/** What the rules read in a document, and what they could not decide. */
export type Reading = {
  view: DocumentView;
  habits: Habits;
  fields: Fields;
  /** Places that may hold each scalar field, best first, whatever was chosen. */
  candidates: ReadonlyMap<string, readonly Candidate[]>;
  choice: Choice;
  sources: Sources;
  /** What people taught, documents that look like this one first. */
  lessons: readonly Applied[];
};

/** Alternatives shown beside a value. */
const MOST_ALTERNATIVES = 4;
/** Places whose scores differ by less have as good a reason. */
const EQUALLY_GOOD = 0.05;

/**
 * Reads a document by rules alone, and by what people taught of documents like it: every value stands in the document, what
 * it lacks is null. `taught.textHash` is that of the document, which does not learn from itself.
 */
export function extract(
  view: DocumentView,
  recipe: Recipe,
  taught: { lessons: readonly Lesson[]; textHash?: string } = { lessons: [] },
): Reading {
  const lessons = applyTo(view, taught.textHash, taught.lessons);
  const habits = taughtHabits(learnHabits(ownText(view), view.language), lessons);
  const tokens = findTokens(view, habits);
  const labels = findLabels(view, labelsOf(recipe));
  const sources: Sources = { view, habits, tokens, labels };
  const tables = new Map(
    Object.entries(recipe.schema.properties).flatMap(([field, { type, ...schema }]) =>
      type === "array" && "items" in schema && schema.items.type === "object"
        ? [[field, findRows(field, schema.items, sources, productsOf(recipe.rules, field))] as const]
        : [],
    ),
  );
  const lines = new Set([...tables.values()].flatMap((rows) => rows.flatMap((row) => Object.values(row).map((cell) => cell?.cell.line))));
  const labelled = new Map(
    scalars(recipe).map(([field, schema]) => [field, outsideTables(candidatesOf(field, schema, sources), kindOf(schema), lines)] as const),
  );
  const inferred = infer(recipe, labelled, sources);
  const lists = new Map(
    scalars(recipe).map(
      ([field, schema]) => [field, teach(field, kindOf(schema), schema, inferred.get(field) ?? [], lessons, sources)] as const,
    ),
  );
  const choice = choose(recipe, lists, tokens.of("amount"));
  const fields: Fields = {};
  for (const [field, schema] of Object.entries(recipe.schema.properties)) {
    fields[field] =
      schema.type === "array"
        ? readList(field, schema, tables.get(field) ?? [], sources)
        : readScalar(field, schema, lists.get(field) ?? [], choice, sources);
  }
  return { view, habits, fields, candidates: lists, choice, sources, lessons };
}

export const scalars = (recipe: Recipe): [string, ScalarSchema][] =>
  Object.entries(recipe.schema.properties).flatMap(([name, schema]): [string, ScalarSchema][] =>
    schema.type === "array" ? [] : [[name, schema]],
  );

/** Labels of all fields; those that speak against a field count as labels of nothing. */
function labelsOf(recipe: Recipe): Map<string, readonly string[]> {
  const labels = new Map<string, readonly string[]>();
  for (const [name, schema] of Object.entries(recipe.schema.properties)) {
    labels.set(name, [...(schema["x-labels"] ?? []), name.replaceAll("_", " ")]);
    if (schema["x-not-labels"]) labels.set(`${NOT_LABEL}${name}`, schema["x-not-labels"]);
  }
  return labels;
}

/** Sums of a document do not stand in the rows of its tables. */
function outsideTables(list: readonly Candidate[], kind: FieldKind, lines: ReadonlySet<number | undefined>): readonly Candidate[] {
  if (kind !== "amount") return list;
  return list
    .map((candidate) => (lines.has(candidate.cell.line) ? { ...candidate, score: candidate.score * 0.3 } : candidate))
    .sort((a, b) => b.score - a.score);
}

function candidatesOf(field: string, schema: ScalarSchema, sources: Sources): readonly Candidate[] {
  const kind = kindOf(schema);
  if (kind === "free") return [];
  if (kind === "party") {
    const others = new Set<Cell>(
      sources.labels.flatMap((label) => (label.field === `${NOT_LABEL}${field}` && label.exactness > 0.6 ? [label.cell] : [])),
    );
    return findParties(field, others, sources);
  }
  const found = findCandidates(field, kind, schema, sources);
  if (kind === "vat") return withoutOthers(found, sources);
  return kind === "currency" ? withUsualCurrency(found, sources) : found;
}

/** What stands below the name of the other side is theirs. */
const THEIRS = 0.6;

/** The numbers of the other side stand in its address. */
function withoutOthers(found: readonly Candidate[], { labels }: Sources): Candidate[] {
  const others = new Set(labels.flatMap(({ field, exactness, cell }) => (field.startsWith(NOT_LABEL) && exactness > 0.6 ? [cell] : [])));
  return found
    .map((candidate) => (isBelow(candidate.cell, others) ? { ...candidate, score: candidate.score * THEIRS } : candidate))
    .sort((a, b) => b.score - a.score || a.start - b.start);
}

/** The currency of most amounts, at its first place. */
function withUsualCurrency(found: readonly Candidate[], sources: Sources): Candidate[] {
  const { tokens } = sources;
  const every = tokens.of("currency");
  const isCode = ({ start, end, value }: Token) => sources.view.text.slice(start, end) === value;
  const codes = every.filter(isCode);
  const all = every.filter((token) => isCode(token) || !codes.some(({ value }) => meantBySign(String(token.value), String(value))));
  const counts = Map.groupBy(all, ({ value }) => value);
  const usual = [...counts.values()]
    .sort((a, b) => b.length - a.length)
    .map((list): Candidate[] => {
      const [first] = list;
      const share = list.length / all.length;
      return first ? [fromToken(first, 0.35 + 0.55 * share, { relation: "form", exactness: share, strong: share > 0.8 })] : [];
    });
  return [...found, ...usual.flat()].sort((a, b) => b.score - a.score);
}

function readScalar(field: string, schema: ScalarSchema, list: readonly Candidate[], choice: Choice, sources: Sources): FieldValue {
  const chosen = choice.chosen.get(field);
  if (!chosen) return lacking();
  return toValue(chosen, list, { agreed: choice.agreed.has(field), second: "none", kind: kindOf(schema) }, sources);
}

/** Nothing was found: null, and not sure that there is nothing. */
export const lacking = (): FieldValue => ({ value: null, sure: 0.6, origin: "rule", flags: [] });

/** A chosen candidate as the value of a field, with its place, the other readings beside it and how sure it is. */
export function toValue(
  chosen: Candidate,
  list: readonly Candidate[],
  how: { agreed: boolean; second: "same" | "other" | "none"; kind: FieldKind; origin?: "rule" | "model" },
  sources: Pick<Sources, "view" | "habits" | "tokens">,
): FieldValue {
  const others = list.filter(({ value }) => value !== chosen.value);
  const ambiguous =
    (how.kind === "date" &&
      sources.tokens.inCell("date", chosen.cell).some((token) => token.start === chosen.start && token.ambiguous === true) &&
      !sources.habits.orderKnown) ||
    ((how.kind === "amount" || how.kind === "number") &&
      !sources.habits.decimalKnown &&
      /[.,]\d{3}$/u.test(sources.view.text.slice(chosen.start, chosen.end)));
  // Two pages that say different things: a document's own sections, or an amendment behind a contract.
  const other = others.find(
    (one) => one.cell.page !== chosen.cell.page && chosen.score - one.score < EQUALLY_GOOD && isAsGood(one, chosen),
  );
  const certainty = {
    rival: others[0]?.score ?? 0,
    agreed: how.agreed,
    second: how.second,
    legibility: sources.view.legibility,
    ambiguous,
    contradicted: other !== undefined,
  };
  const alternatives = distinct(other ? [other, ...others] : others)
    .slice(0, MOST_ALTERNATIVES)
    .map((other): Alternative => ({
      value: other.value,
      ...placeOf(sources.view, other.start, other.end),
      sure: round(Math.max(0, other.score * 0.4)),
      origin: "rule",
    }));
  return {
    value: chosen.value,
    ...placeOf(sources.view, chosen.start, chosen.end),
    sure: sureOf(chosen, certainty),
    origin: how.origin ?? "rule",
    flags: other && !how.agreed ? [contradicts({ value: other.value, page: other.cell.page })] : [],
    ...(alternatives.length > 0 ? { alternatives } : {}),
  };
}

/** What stands there has the form of its kind, or is led to by the same label in the same way. */
const isAsGood = ({ evidence }: Candidate, chosen: Candidate): boolean =>
  evidence.strong ||
  (evidence.exactness === 1 && chosen.evidence.exactness === 1 && evidence.relation === "right" && chosen.evidence.relation === "right");

function distinct(list: readonly Candidate[]): Candidate[] {
  return [...Map.groupBy(list, ({ value }) => value).values()].flatMap(([first]) => (first ? [first] : []));
}

const round = (value: number) => Math.round(value * 1000) / 1000;

function readList(field: string, schema: ListSchema, rows: readonly FoundRow[], sources: Sources): FieldResult {
  const { items } = schema;
  if (items.type !== "object")
    return findList(field, items, sources).map((candidate) =>
      toValue(candidate, [], { agreed: false, second: "none", kind: kindOf(items) }, sources),
    );
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(items.properties).map(([name, column]): [string, FieldValue] => {
        const cell = row[name];
        return [name, cell ? toValue(cell, [], { agreed: false, second: "none", kind: kindOf(column) }, sources) : lacking()];
      }),
    ),
  );
}
