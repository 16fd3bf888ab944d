import type { Fields, FieldValue, Flag } from "../../../../shared/contract/batch.ts";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { CONTRADICTION } from "../extract/reconcile.ts";
import { checkRule, type Lookups } from "./rules.ts";
import type { SchemaCheck } from "./schema.ts";
import { eachValue, plainRecord, withValues } from "./values.ts";

export type Verdict = { fields: Fields; /** Of the document as a whole. */ flags: Flag[] };

/** Values less sure than this are looked at by a person. */
const SURE_ENOUGH = 0.6;
/** What a broken rule leaves of how sure its values are: one of them is wrong, and nobody knows which. */
const BROKEN = 0.6;

/**
 * What schema, rules and doubt say of a record: the fields with their flags, and those of the document. Values that take part
 * in a broken rule are less sure. Rules that hold are evidence too, and are counted when values are read.
 */
export function judge(fields: Fields, recipe: Recipe, checks: { schema: SchemaCheck; lookups: Lookups }): Verdict {
  const byPath = new Map<string, Flag[]>();
  const whole: Flag[] = [];
  const known = new Set([...eachValue(fields)].map(([path]) => path));
  const note = (path: string, flag: Flag) => {
    if (!known.has(path)) whole.push({ ...flag, ...(path === "" ? {} : { field: path }) });
    else if (!(byPath.get(path) ?? []).some(({ rule }) => rule === flag.rule)) byPath.set(path, [...(byPath.get(path) ?? []), flag]);
  };
  for (const rule of recipe.rules)
    for (const { paths, rule: name, message } of checkRule(rule, fields, checks.lookups))
      for (const path of paths) note(path, { rule: name, message });
  for (const { path, message } of checks.schema(plainRecord(fields)))
    note(path, { rule: "schema", message: `${path || "The record"} ${message}.` });
  // What was found when the document was read; a person's value has none.
  for (const [path, { flags }] of eachValue(fields)) for (const flag of flags) if (flag.rule === CONTRADICTION) note(path, flag);
  for (const [path, value] of eachValue(fields)) if (isDoubtful(value)) note(path, { rule: "unsure", message: "The reading is not sure." });
  const fieldsNow = withValues(fields, (path, value) => {
    const flags = byPath.get(path) ?? [];
    const isBroken =
      value.value !== null && value.origin !== "person" && flags.some(({ rule }) => rule !== "unsure" && rule !== CONTRADICTION);
    return { ...value, ...(isBroken ? { sure: Math.round(value.sure * BROKEN * 1000) / 1000 } : {}), flags };
  });
  return { fields: fieldsNow, flags: whole };
}

const isDoubtful = ({ value, sure, origin }: FieldValue): boolean => value !== null && origin !== "person" && sure < SURE_ENOUGH;
