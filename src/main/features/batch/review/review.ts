import type { Alternative, Change, FieldValue } from "../../../../shared/contract/batch.ts";
import type { Box } from "../../../../shared/contract/define.ts";
import type { Recipe, ScalarSchema } from "../../../../shared/contract/recipe.ts";
import { AppError } from "../../../../shared/errors.ts";
import type { Truth } from "../../../db/truth.ts";
import { type Habits, learnHabits } from "../extract/habits.ts";
import { kindOf, parseValue } from "../extract/parse-value.ts";
import { placeOf } from "../extract/place.ts";
import { schemaAt } from "../export/personal.ts";
import type { RecordNow, RecordStore, StoredRecord } from "../run/record-store.ts";
import type { StoredText, TextStore } from "../run/text-store.ts";
import { hasFlag, valueAt } from "../validate/values.ts";
import type { DecisionStore, NewDecision } from "./decision-store.ts";
import type { Judge } from "./judge-record.ts";
import type { RecogniseBox } from "./recognise-box.ts";
import { TWIN } from "./twins.ts";

export type ReviewDeps = {
  truth: Truth;
  records: RecordStore;
  decisions: DecisionStore;
  texts: TextStore;
  judgeOf: (record: StoredRecord) => Promise<Judge>;
  /** What the picture of a record's page shows inside a box. */
  recognise: (record: StoredRecord, recipe: Recipe, place: { page: number; box: Box }, signal: AbortSignal) => ReturnType<RecogniseBox>;
};
export type Review = ReturnType<typeof createReview>;
/** A value that is the same, and flagged alike, in several documents. */
type Equal = { field: string; value: Alternative["value"]; rule: string | undefined };

/** What people do with records. Every act is kept, and can be taken back. */
export function createReview({ truth, records, decisions, texts, judgeOf, recognise }: ReviewDeps) {
  /** Judges the record anew by the decisions that stand now. In a transaction. */
  function restand(record: StoredRecord, judge: Judge): void {
    const stood = judge(record.reading, decisions.list(record), record.sampled);
    const twins = records.sameIdentity({ ...record, identity: stood.identity });
    const kept = twins.length > 0 ? record.flags.filter(({ rule }) => rule === TWIN) : [];
    const lasting = [...kept, ...record.flags.filter(({ rule }) => rule === "several-documents")];
    records.update({
      ...record,
      ...stood,
      flags: [...stood.flags, ...lasting],
      state: lasting.length > 0 && !stood.approved ? "review" : stood.state,
    });
  }

  async function act(id: string, make: (record: StoredRecord, judge: Judge) => NewDecision[], who: string): Promise<void> {
    const record = records.get(id);
    const judge = await judgeOf(record);
    const made = make(record, judge);
    if (made.length === 0) return;
    truth.transact((transaction) => {
      decisions.add(record, made, who);
      restand(records.get(id), judge);
      transaction.event("batch.record", id);
      tellRuns(record, transaction.event);
    });
  }

  function tellRuns(record: StoredRecord, event: (kind: string, subject: string) => void): void {
    for (const runId of new Set(records.pathsOf(record).map((path) => path.runId))) event("batch.run", runId);
  }

  const textOf = (record: StoredRecord): StoredText | undefined => (record.textHash === undefined ? undefined : texts.get(record.textHash));

  return {
    decide: (id: string, changes: readonly Change[], approve: boolean, who: string): Promise<void> =>
      act(
        id,
        (record, { recipe }) => {
          const text = textOf(record);
          const made = changes.map((change) => toDecision(change, record, recipe, text));
          return approve ? [...made, { field: "", action: "approve", before: null, after: null }] : made;
        },
        who,
      ),

    async undo(id: string, actId: string | undefined): Promise<void> {
      const record = records.get(id);
      const judge = await judgeOf(record);
      truth.transact((transaction) => {
        decisions.undo(record, actId);
        restand(records.get(id), judge);
        transaction.event("batch.record", id);
        tellRuns(record, transaction.event);
      });
    },

    isFlagged: (record: RecordNow, wish: Equal): boolean => flaggedValue(record, wish) !== undefined,

    /** Accepts the value in the records where it still stands and is flagged. @returns how many were changed */
    async acceptEqual(ids: readonly string[], wish: Equal, who: string): Promise<number> {
      let changed = 0;
      for (const id of ids) {
        const accept = (record: StoredRecord): NewDecision[] => {
          const found = flaggedValue(record, wish);
          if (!found) return [];
          changed += 1;
          return [{ field: wish.field, action: "accept", before: withoutNotes(found), after: withoutNotes(found) }];
        };
        await act(id, accept, who);
      }
      return changed;
    },

    /**
     * The words inside a box, read by the field's kind: those of the text, and where they are no value of that kind or cannot
     * be decoded, what the picture of the page shows. @throws NOT_FOUND when nothing that the field could hold stands there
     */
    async readAgain(id: string, field: string, place: { page: number; box: Box }, signal: AbortSignal): Promise<Alternative> {
      const record = records.get(id);
      const { recipe } = await judgeOf(record);
      const schema = schemaOf(recipe, field);
      const text = textOf(record);
      const read = text && readBox(text, place);
      const parse = (raw: string) => parseValue(raw, kindOf(schema), habitsOf(text ?? { text: "", pages: [], geometry: [] }), schema);
      const value = read && isDecodable(read.raw) ? parse(read.raw) : undefined;
      if (text && read && value !== undefined) return { value, ...placeOf(text, read.start, read.end), sure: SURE_OF_TEXT, origin: "rule" };
      const seen = await recognise(record, recipe, place, signal);
      const shown = seen && parse(seen.text);
      if (!seen || shown === undefined)
        throw new AppError("NOT_FOUND", `No ${field} could be read in this place.`, {
          hint: "Draw the box around the whole value, or type it.",
        });
      const { page, box } = place;
      return { value: shown, raw: seen.text, page, box, boxes: [box], sure: round(SURE_OF_TEXT * seen.confidence), origin: "rule" };
    },
  };
}

/** What a box that a person drew holds is almost always meant. */
const SURE_OF_TEXT = 0.9;
const round = (value: number) => Math.round(value * 1000) / 1000;

/** Letters of a font without meaning come as private ones or as the sign of replacement. */
const isDecodable = (raw: string): boolean => !/[\uFFFD\uE000-\uF8FF]/u.test(raw);

const habitsOf = (text: StoredText): Habits => learnHabits(text.text, undefined);

function schemaOf(recipe: Recipe, field: string): ScalarSchema {
  const schema = schemaAt(recipe.schema, field);
  if (!schema) throw new AppError("INVALID_INPUT", `The recipe ${recipe.name} has no field ${field}. Nothing was changed.`);
  return schema;
}

function flaggedValue(record: RecordNow, { field, value, rule }: Equal): FieldValue | undefined {
  const found = valueAt(record.fields, field);
  const isMeant = found?.value === value && found.flags.length > 0 && (rule === undefined || hasFlag(found.flags, rule));
  return isMeant ? found : undefined;
}

const withoutNotes = ({ flags: _flags, alternatives: _alternatives, ...rest }: FieldValue): Alternative => rest;

function toDecision(change: Change, record: StoredRecord, recipe: Recipe, text: StoredText | undefined): NewDecision {
  if (change.action === "flag") {
    if (change.field !== "") schemaOf(recipe, change.field);
    return { field: change.field, action: "flag", before: null, after: change.message };
  }
  const schema = schemaOf(recipe, change.field);
  const now = valueAt(record.fields, change.field);
  if (!now && !isNextRow(record, change.field)) throw new AppError("NOT_FOUND", `The record has no ${change.field}. Nothing was changed.`);
  const before = now ? withoutNotes(now) : null;
  if (change.action === "accept") return { field: change.field, action: "accept", before, after: before };
  if (change.action === "choose") {
    const chosen = now?.alternatives?.[change.alternative];
    if (!chosen)
      throw new AppError("NOT_FOUND", `${change.field} has no other reading number ${change.alternative + 1}. Nothing was changed.`);
    return { field: change.field, action: "choose", before, after: chosen };
  }
  const value = typed(change.value, schema, change.field, text);
  const place = change.place && text ? readBox(text, change.place) : undefined;
  const where =
    place && text
      ? placeOf(text, place.start, place.end)
      : change.place
        ? { page: change.place.page, box: change.place.box, boxes: [change.place.box] }
        : {};
  return { field: change.field, action: "correct", before, after: { value, ...where, sure: 1, origin: "person" } satisfies Alternative };
}

/** A person may add the row after the last. */
function isNextRow(record: StoredRecord, field: string): boolean {
  const [name = "", index] = field.split(".");
  const list = record.fields[name];
  return Array.isArray(list) && Number(index) === list.length;
}

/** What was typed, as the field's type has it; "1.234,50" is an amount as the document writes them. @throws INVALID_INPUT */
function typed(value: Alternative["value"], schema: ScalarSchema, field: string, text: StoredText | undefined): Alternative["value"] {
  if (value === null) return null;
  const type = typeof schema.type === "string" ? schema.type : schema.type[0];
  const isNumber = type === "number" || type === "integer";
  if (typeof value === (isNumber ? "number" : type)) {
    if (kindOf(schema) !== "date" || /^\d{4}-\d{2}-\d{2}$/u.test(String(value))) return value;
  }
  const habits = habitsOf(text ?? { text: "", pages: [], geometry: [] });
  const parsed = typeof value === "string" ? parseValue(value, kindOf(schema), habits, schema) : undefined;
  if (parsed === undefined || typeof parsed !== (isNumber ? "number" : type))
    throw new AppError("INVALID_INPUT", `${field} was not changed: what was typed is no ${kindOf(schema)}.`);
  return parsed;
}

/** The words whose middle lies in the box, as one slice of the text; blanks and marks around it are left out. */
function readBox(
  { text, pages, geometry }: StoredText,
  { page, box }: { page: number; box: Box },
): { raw: string; start: number; end: number } | undefined {
  const index = pages.findIndex((one) => one.page === page);
  const words = geometry[index];
  const offset = pages[index]?.start ?? 0;
  if (!words) return undefined;
  const inside = Array.from(words.starts, (_, word) => word).filter((word) => {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = words.boxes.subarray(word * 4, word * 4 + 4);
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
    return x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
  });
  if (inside.length === 0) return undefined;
  const start = offset + Math.min(...inside.map((word) => words.starts[word] ?? 0));
  const end = offset + Math.max(...inside.map((word) => words.ends[word] ?? 0));
  return { raw: text.slice(start, end), start, end };
}
