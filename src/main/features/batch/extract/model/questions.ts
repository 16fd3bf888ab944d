import type { FieldKind, Recipe, ScalarSchema } from "../../../../../shared/contract/recipe.ts";
import { isValue } from "../../validate/values.ts";
import { type Candidate, fromToken } from "../candidates.ts";
import type { DocumentView } from "../document-view.ts";
import { type Reading, scalars } from "../extract.ts";
import { kindOf } from "../parse-value.ts";
import { lineText } from "./sections.ts";
import { unclaimed, unclaimedTexts } from "./unclaimed.ts";

/** `undecided`: what the rules could not read for sure; `all`: every field, as if there were no rules. */
export type Asked = "undecided" | "all";

export type Question = { field: string; schema: ScalarSchema; kind: FieldKind; options: Candidate[] };

/** A value that the rules are this sure of is not asked about. */
const DECIDED = 0.8;
export const MOST_OPTIONS = 8;
const LONGEST_OPTION = 120;
/** Where titles stand; and names. */
const HEAD_LINES = 6;
const NAME_LINES = 16;
const MOST_LINES = 24;
/** A section of which only the lines around places are shown may be longer. */
export const PLACES_CHARACTERS = 15_000;
/** Places of one field in all sections of a long document. */
const MOST_IN_ALL = 64;
/** Kinds that are looked for in the lines of the text where no label leads to them. */
export const IN_LINES: ReadonlySet<FieldKind> = new Set(["text", "person", "party"]);

/** What the model is asked about a document that rules have read. */
export const questionsOf = (reading: Reading, recipe: Recipe, asked: Asked): Question[] =>
  scalars(recipe).flatMap(([field, schema]) =>
    asked === "all" || isWanted(field, schema, reading, recipe) ? questionOf(field, schema, reading, asked) : [],
  );

/**
 * A field that the rules left empty is most often one that the document lacks, and a model that is asked finds something all the same:
 * of empty fields it is asked for those that the recipe cannot do without, and those that an unexplained place may belong to.
 */
function isWanted(field: string, schema: ScalarSchema, reading: Reading, { rules }: Recipe): boolean {
  const { fields } = reading;
  const kind = kindOf(schema);
  const now = fields[field];
  if (unclaimed(kind, reading).length > 0) return true;
  if (kind === "free" || kind === "choice" || kind === "text" || (now !== undefined && isValue(now) && now.value !== null)) return true;
  return rules.some((rule) => rule.rule === "required" && rule.field === field && rule.when === undefined);
}

function questionOf(field: string, schema: ScalarSchema, reading: Reading, asked: Asked): Question[] {
  const kind = kindOf(schema);
  if (kind === "free") return [{ field, schema, kind, options: [] }];
  const now = reading.fields[field];
  if (asked === "undecided" && now !== undefined && isValue(now) && now.value !== null && now.sure >= DECIDED) return [];
  if (kind === "choice") return [{ field, schema, kind, options: [] }];
  const options = optionsOf(kind, reading.candidates.get(field) ?? [], reading, asked);
  return options.length === 0 ? [] : [{ field, schema, kind, options }];
}

/** Places to choose among: what the rules found, and for the rest whatever has the right form. */
function optionsOf(kind: FieldKind, candidates: readonly Candidate[], reading: Reading, asked: Asked): Candidate[] {
  const { sources } = reading;
  const open = asked === "all" ? [] : unclaimed(kind, reading);
  const weak = { relation: "form", exactness: 0, strong: false } as const;
  const labelled = asked === "all" ? [] : candidates;
  const others = [
    ...(asked === "undecided" && kind !== "text" && kind !== "person" && candidates.length > 0
      ? []
      : (open.length > 0 ? open : sources.tokens.of(kind))
          .filter(({ strong }) => strong || kind !== "amount")
          .map((token) => fromToken(token, 0.2, weak))),
    ...(asked === "all" ? candidates : []),
  ];
  const lines =
    IN_LINES.has(kind) && labelled.length < 2
      ? sources.view.lines.slice(0, asked === "all" ? MOST_LINES : kind === "text" ? HEAD_LINES : NAME_LINES).flatMap(({ cells }) => cells)
      : [];
  const top = lines.filter(({ text }) => /\p{L}{2}/u.test(text) && text.length >= 3 && text.length <= 70);
  const behind = lines.length > 0 && asked === "undecided" ? unclaimedTexts(reading) : [];
  const cells = [...behind, ...top.map((cell) => ({ cell, start: cell.start, end: cell.end }))].map(({ cell, start, end }): Candidate => ({
    value: sources.view.text.slice(start, end).replaceAll(/\s+/gu, " "),
    start,
    end,
    cell,
    score: 0.2,
    evidence: { ...weak, relation: "layout" },
  }));
  const distinct = new Map<string, Candidate>();
  for (const option of [...labelled, ...others, ...cells]) {
    const text = sources.view.text.slice(option.start, option.end);
    if (text.length <= LONGEST_OPTION && !distinct.has(shown(text)) && ![...distinct.values()].some(({ value }) => value === option.value))
      distinct.set(shown(text), option);
  }
  const most = asked === "all" ? 24 : IN_LINES.has(kind) ? 16 : MOST_OPTIONS;
  return [...distinct.values()].slice(0, isLongText(reading.view) ? MOST_IN_ALL : most);
}

/** Too long for the lines around its places to be shown at once. */
const isLongText = ({ lines }: DocumentView): boolean =>
  lines.reduce((sum, line) => sum + lineText(line).length + 1, 0) > PLACES_CHARACTERS;

/** On one line, and without what ends a value in the template. */
export const shown = (text: string) => text.replaceAll(/["\\\s]+/gu, " ").trim();
