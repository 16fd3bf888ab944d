import type { Scalar } from "../../../../shared/contract/batch.ts";
import type { FieldKind, ScalarSchema } from "../../../../shared/contract/recipe.ts";
import type { Cell, DocumentView } from "./document-view.ts";
import type { Habits } from "./habits.ts";
import { type FoundLabel, NOT_LABEL } from "./labels.ts";
import { parseValue } from "./parse-value.ts";
import { compactId } from "../validate/checksums.ts";
import type { Token, Tokens } from "./tokens.ts";

/** A place that may hold a field's value. `score` is from 0 to about 1; `evidence` says what speaks for it. */
export type Candidate = { value: Scalar; start: number; end: number; cell: Cell; score: number; evidence: Evidence };
/** A row of a table as read: a candidate for each column that has one. */
export type FoundRow = Record<string, Candidate | undefined>;
export type Evidence = {
  relation:
    | "same-cell"
    | "right"
    | "below"
    | /** In the line of sums below it. */ "foot"
    | "line"
    | "form"
    | "layout"
    | "sum"
    | /** Where a person found it in a document of this layout. */ "learned";
  exactness: number;
  strong: boolean;
};

/** How far a value may be from its label, in heights of the label's line. */
const MOST_LINES_BELOW = 3.2;
const RELATION: Readonly<Record<Evidence["relation"], number>> = {
  "same-cell": 1,
  right: 0.96,
  line: 0.8,
  below: 0.86,
  foot: 0.8,
  form: 0.5,
  layout: 0.5,
  sum: 0.6,
  learned: 1,
};
/** Kinds whose form alone says that they are one. */
const SELF_EVIDENT: ReadonlySet<FieldKind> = new Set(["iban", "vat", "email", "url", "phone"]);
/** Kinds that are read by a reader of their own, not as the text behind a label. */
const TYPED: ReadonlySet<FieldKind> = new Set(["amount", "number", "date", "iban", "vat", "email", "url", "phone", "id", "currency"]);

export type Sources = { view: DocumentView; tokens: Tokens; habits: Habits; labels: readonly FoundLabel[] };

/** Every place that may hold the field, best first. */
export function findCandidates(field: string, kind: FieldKind, schema: ScalarSchema, sources: Sources): Candidate[] {
  const found = new Map<string, Candidate>();
  const add = (candidate: Candidate) => {
    const key = `${candidate.start}-${candidate.end}`;
    const known = found.get(key);
    if (!known || known.score < candidate.score) found.set(key, candidate);
  };
  const own = sources.labels.filter((label) => label.field === field);
  for (const label of own) for (const candidate of besideLabel(label, kind, schema, sources)) add(candidate);
  if (SELF_EVIDENT.has(kind)) {
    for (const token of sources.tokens.of(kind)) {
      const score = kind === "phone" ? 0.3 : token.strong ? 0.72 : 0.5;
      if (!found.has(`${token.start}-${token.end}`)) add(fromToken(token, score, { relation: "form", exactness: 0, strong: token.strong }));
    }
  }
  if (kind === "id" && schema["x-labels"]?.includes("#") === true) {
    for (const token of sources.tokens.of(kind))
      if (/#\s?$/u.test(sources.view.text.slice(Math.max(0, token.start - 2), token.start)) || sources.view.text[token.start] === "#")
        if (!found.has(`${token.start}-${token.end}`)) add(fromToken(token, 0.6, { relation: "form", exactness: 0, strong: false }));
  }
  return [...found.values()].sort((a, b) => b.score - a.score || a.start - b.start);
}

export const fromToken = (token: Token, score: number, evidence: Evidence): Candidate => ({
  value: token.value,
  start: token.start,
  end: token.end,
  cell: token.cell,
  score,
  evidence,
});

function besideLabel(label: FoundLabel, kind: FieldKind, schema: ScalarSchema, sources: Sources): Candidate[] {
  const found: Candidate[] = [];
  // Lists of labels name the usual ones first; a later one is a little less.
  // "Net 30" is no amount where amounts are written with their cents or currency.
  const bare = kind === "amount" && sources.tokens.of("amount").some(({ strong }) => strong) ? 0.6 : 0.92;
  const quality = (0.55 + 0.45 * label.exactness) * (1 - Math.min(label.rank, 40) * 0.002);
  const score = (relation: Evidence["relation"], strong: boolean) => quality * RELATION[relation] * (strong || !TYPED.has(kind) ? 1 : bare);
  const offer = (cell: Cell, from: number, relation: Evidence["relation"], factor = 1) => {
    const before = found.length;
    for (const candidate of valuesIn(cell, from, label, kind, schema, sources, relation)) {
      found.push({ ...candidate, score: score(relation, candidate.evidence.strong) * factor * candidate.score });
    }
    return found.length > before;
  };
  const line = sources.view.lines[label.cell.line];
  if (!line) return found;
  // "Tax 15% on 112.90 | 16.94": what an amount's label says may hold another amount.
  const hasAmountBeside =
    kind === "amount" && line.cells.some((cell) => cell.x0 > label.cell.x1 && sources.tokens.inCell("amount", cell).length > 0);
  if (offer(label.cell, label.end, "same-cell", hasAmountBeside ? 0.75 : 1) && !hasAmountBeside) return found;
  const isHeader = offerBelow(label, sources, offer);
  if (kind === "amount") found.push(...atFoot(label, sources, quality));
  const right = line.cells.filter((cell) => cell.x0 >= label.cell.x1 - 2).sort((a, b) => a.x0 - b.x0);
  for (const [distance, cell] of right.entries()) {
    // Another label stands between: what is behind it belongs to that.
    if (sources.labels.some((other) => other.cell === cell && other.exactness > 0.7)) break;
    if (offer(cell, cell.start, distance === 0 ? "right" : "line", (isHeader ? 0.9 : 1) * 0.97 ** distance)) break;
    if (distance >= 6) break;
  }
  return found;
}

/** The first cells below a label that overlap it from side to side. */
function offerBelow(
  label: FoundLabel,
  { view, labels }: Sources,
  offer: (cell: Cell, from: number, relation: "below", factor: number) => boolean,
): boolean {
  const height = Math.max(4, label.cell.y1 - label.cell.y0);
  for (const line of view.lines.slice(label.cell.line + 1, label.cell.line + 6)) {
    if (line.page !== label.cell.page || line.y0 - label.cell.y1 > height * MOST_LINES_BELOW) return false;
    const x = horizontal(label);
    const under = line.cells.filter((cell) => Math.min(cell.x1, x.x1) - Math.max(cell.x0, x.x0) > 0);
    const nearest = under.sort((a, b) => Math.abs(a.x0 - x.x0) - Math.abs(b.x0 - x.x0))[0];
    if (!nearest) continue;
    if (labels.some((other) => other.cell === nearest && other.exactness > 0.7)) return false;
    return offer(nearest, nearest.start, "below", 1);
  }
  return false;
}

/** So many lines a table may have between its headings and its foot on one page. */
const MOST_ROWS = 80;
/** What stands farther from a heading, in points, belongs to another column. */
const IN_COLUMN = 30;

/** The amount in the line of sums that closes a table, below the label as a heading: `Total | 890.00 | 204.70`. */
function atFoot(label: FoundLabel, { view, labels, tokens }: Sources, quality: number): Candidate[] {
  const x = horizontal(label);
  let amounts = 0;
  for (const line of view.lines.slice(label.cell.line + 1, label.cell.line + MOST_ROWS)) {
    if (line.page !== label.cell.page) return [];
    const [nearest] = line.cells
      .flatMap((cell) => tokens.inCell("amount", cell))
      .filter(({ strong }) => strong)
      .map((token) => ({ token, distance: apart(horizontal(token), x) }))
      .sort((a, b) => a.distance - b.distance);
    if (!nearest || nearest.distance > IN_COLUMN) continue;
    const first = line.cells.toSorted((a, b) => a.x0 - b.x0).find(({ text }) => /[\p{L}\d]/u.test(text));
    const isFoot = labels.some(
      ({ cell, start, exactness, field }) => cell === first && start === cell.start && exactness >= 0.6 && !field.startsWith(NOT_LABEL),
    );
    if (isFoot && amounts > 0 && nearest.token.start !== label.end)
      return [fromToken(nearest.token, quality * RELATION.foot, { relation: "foot", exactness: label.exactness, strong: true })];
    amounts += 1;
  }
  return [];
}

/** How far two ranges are from being aligned at their left, right or middle. */
export function apart(a: { x0: number; x1: number }, b: { x0: number; x1: number }): number {
  const overlaps = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0) > 0;
  const edges = Math.min(Math.abs(a.x0 - b.x0), Math.abs(a.x1 - b.x1), Math.abs((a.x0 + a.x1 - b.x0 - b.x1) / 2));
  return overlaps ? Math.min(edges, 5) : edges;
}

/** Where the label itself stands in its cell, by the share of the characters before it. */
export function horizontal({ cell, start, end }: { cell: Cell; start: number; end: number }): { x0: number; x1: number } {
  const width = (cell.x1 - cell.x0) / Math.max(1, cell.end - cell.start);
  return { x0: cell.x0 + (start - cell.start) * width, x1: cell.x0 + (end - cell.start) * width };
}

function valuesIn(
  cell: Cell,
  from: number,
  label: FoundLabel,
  kind: FieldKind,
  schema: ScalarSchema,
  { tokens, habits, labels, view }: Sources,
  relation: Evidence["relation"],
): Candidate[] {
  const isSame = cell === label.cell;
  // In the label's own cell the value ends where the next label begins.
  const next = labels.find((other) => other.cell === cell && other.start >= from && other !== label && other.exactness > 0.3);
  const until = next?.start ?? cell.end;
  if (TYPED.has(kind)) {
    const within = tokens.inCell(kind, cell).filter((token) => token.start >= from && token.end <= until);
    // Under a heading that spans several columns, what stands right below it.
    const x = horizontal(label);
    const nearest = relation === "below" ? within.toSorted((a, b) => distanceTo(a, x) - distanceTo(b, x)) : within;
    const list = kind === "amount" && relation !== "below" ? preferLast(nearest) : nearest;
    if (list.length === 0 && kind === "vat") return nationalTaxId(cell, from, until, view.text, relation, label.exactness);
    return list.slice(0, 2).map((token, at) => {
      const gap = isSame ? view.text.slice(from, token.start) : "";
      const far = gap.replaceAll(/[\s\p{P}\p{S}\d%]/gu, "").length;
      const goesOn = kind === "id" && !isSame && /^[\s,]*\p{L}{3,}/u.test(view.text.slice(token.end, until));
      const whole = kind === "id" ? withSeries(token, from, view.text) : token;
      return fromToken(whole, (at === 0 ? 1 : 0.7) * (far > 25 ? 0.6 : far > 3 ? 0.9 : 1) * (goesOn ? STREET : 1), {
        relation,
        exactness: label.exactness,
        strong: token.strong,
      });
    });
  }
  const raw = view.text.slice(from, until);
  const trimmed = raw.replace(/^[\s:.#°*|–-]+/u, "").replace(/[\s|:]+$/u, "");
  if (trimmed === "" || (isSame && !/^\s*[:|–-]/u.test(raw) && label.exactness < 0.5)) return [];
  const value = parseValue(trimmed, kind, habits, schema);
  if (value === undefined || trimmed.length > 200) return [];
  const start = from + raw.indexOf(trimmed);
  return [
    {
      value,
      start,
      end: start + trimmed.length,
      cell,
      score: 1,
      evidence: { relation, exactness: label.exactness, strong: /^\s*:/u.test(raw) },
    },
  ];
}

/** A number with words behind it, beside or below a label, is the number of a house. */
const STREET = 0.5;
/** `FT 2024/187`: the letters of a series belong to the number that they stand before. Those that mean "number" do not. */
const SERIES = /(?<![\p{L}\d.])(?!(?:NR?|NO|NUM|EUR|USD|GBP|CHF)\s)\p{Lu}{2,4}\s$/u;

function withSeries(token: Token, from: number, text: string): Token {
  const series = SERIES.exec(text.slice(Math.max(from, token.start - 6), token.start))?.[0];
  if (series === undefined) return token;
  const start = token.start - series.length;
  return /[\p{L}\d]/u.test(text.slice(from, start)) ? token : { ...token, start, value: text.slice(start, token.end) };
}

/** Numbers for taxes as a country writes them for itself, without its letters; told from others by their label alone. */
const NATIONAL =
  /^[\s:.)#°º-]*((?:\d{2}[A-Z]{5}\d{4}[A-Z][A-Z\d]Z[A-Z\d])|[A-Z]?\d{7,11}[A-Z]?|\d{2,3}(?:[ .-]\d{2,3}){2,4})(?![\p{L}\d%]|[ .,]\d)/u;

function nationalTaxId(
  cell: Cell,
  from: number,
  until: number,
  text: string,
  relation: Evidence["relation"],
  exactness: number,
): Candidate[] {
  const found = NATIONAL.exec(text.slice(from, until));
  const raw = found?.[1];
  if (!found || raw === undefined || raw.replaceAll(/\D/gu, "").length < 7) return [];
  const start = from + found[0].length - raw.length;
  return [{ value: compactId(raw), start, end: start + raw.length, cell, score: 0.9, evidence: { relation, exactness, strong: false } }];
}

const distanceTo = (token: Token, x: { x0: number; x1: number }) => {
  const own = horizontal(token);
  return Math.abs((own.x0 + own.x1) / 2 - (x.x0 + x.x1) / 2);
};

/** "Tax 15% on $ 112.90 16.94": the amount of a line stands last, and with its cents. */
const preferLast = (list: readonly Token[]): Token[] => list.toSorted((a, b) => Number(b.strong) - Number(a.strong) || b.start - a.start);
