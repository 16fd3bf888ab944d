import { Alternative, type Decision, type Fields, type FieldValue, type Flag } from "../../../../shared/contract/batch.ts";
import type { Verdict } from "../validate/verdict.ts";
import { eachValue, isCellRow, withValues } from "../validate/values.ts";

/** The decisions that stand, the newest of each field. */
export function standing(decisions: readonly Decision[]): Map<string, Decision> {
  const newest = new Map<string, Decision>();
  for (const decision of decisions) if (decision.undoneAt === undefined) newest.set(decision.field, decision);
  return newest;
}

/** What was read, with what people said in its place: their value stands, a differing reading beside it. */
export function withDecisions(reading: Fields, decisions: ReadonlyMap<string, Decision>): Fields {
  return withValues(withNewRows(reading, decisions), (path, value) => {
    const decision = decisions.get(path);
    if (!decision || decision.action === "flag") return value;
    const after = Alternative.safeParse(decision.after);
    if (!after.success) return value;
    const { alternatives: _, ...read } = value;
    const differs = read.value !== after.data.value && read.value !== null;
    const others = [
      ...(differs ? [withoutFlags(read)] : []),
      ...(value.alternatives ?? []).filter((other) => other.value !== after.data.value),
    ];
    // What a person looked at and let stand is as sure as what they wrote.
    return {
      ...after.data,
      sure: 1,
      origin: "person",
      flags: [],
      ...(others.length > 0 ? { alternatives: others.slice(0, 6) } : {}),
    };
  });
}

/** Rows that people added: those that come right after the last, in their order. */
function withNewRows(reading: Fields, decisions: ReadonlyMap<string, Decision>): Fields {
  const fields = { ...reading };
  const empty: FieldValue = { value: null, sure: 1, origin: "person", flags: [] };
  for (const path of [...decisions.keys()].sort((a, b) => a.localeCompare(b, "en", { numeric: true }))) {
    const [name = "", index, column] = path.split(".");
    const list = fields[name];
    if (index === undefined || !Array.isArray(list) || Number(index) > list.length) continue;
    const row = list[Number(index)];
    const added =
      column === undefined
        ? empty
        : { ...(row && isCellRow(row) ? row : {}), [column]: row && isCellRow(row) ? (row[column] ?? empty) : empty };
    if (row === undefined || (column !== undefined && isCellRow(row) && row[column] === undefined))
      fields[name] = [...list.slice(0, Number(index)), added, ...list.slice(Number(index) + 1)] as typeof list;
  }
  return fields;
}

const withoutFlags = ({ flags: _flags, alternatives: _alternatives, ...rest }: FieldValue): Alternative => rest;

export type Standing = { fields: Fields; flags: Flag[]; state: "done" | "review"; approved: boolean; lowestSure: number };

/**
 * The record as it stands: a document needs review while a flagged field was not decided about, a flag of the whole was
 * not approved, a person flagged it, or it was drawn for the sample and nobody has looked.
 */
export function stand({ fields, flags }: Verdict, decisions: ReadonlyMap<string, Decision>, sampled: boolean): Standing {
  const approved = decisions.get("")?.action === "approve";
  const own = [...decisions.values()].filter(({ action }) => action === "flag");
  const flagged = withValues(fields, (path, value) => {
    const raised = own.find(({ field }) => field === path);
    return raised
      ? { ...value, flags: [...value.flags, { rule: "person", message: String(raised.after) || "A person flagged it." }] }
      : value;
  });
  const raisedWhole = own.find(({ field }) => field === "");
  const whole = raisedWhole
    ? [...flags, { rule: "person", message: String(raisedWhole.after) || "A person flagged the document." }]
    : flags;
  const open = [...eachValue(flagged)].filter(([path, value]) => value.flags.length > 0 && !isSettled(decisions.get(path)));
  const needsReview =
    !approved && (open.length > 0 || whole.some(({ field }) => field === undefined || !isSettled(decisions.get(field))) || sampled);
  const sures = [...eachValue(flagged)].flatMap(([, { value, sure }]) => (value === null ? [] : [sure]));
  return {
    fields: flagged,
    flags: whole,
    state: needsReview ? "review" : "done",
    approved,
    lowestSure: sures.reduce((least, sure) => Math.min(least, sure), 1),
  };
}

const isSettled = (decision: Decision | undefined): boolean => decision !== undefined && decision.action !== "flag";
