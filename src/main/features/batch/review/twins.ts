import type { Flag } from "../../../../shared/contract/batch.ts";
import type { RecordStore, StoredRecord } from "../run/record-store.ts";
import { hasFlag } from "../validate/values.ts";

export const TWIN = "same-document";

/** Flags a record that is the same business document as one of another file, such as equal vendor and number. */
export function flagTwins(record: StoredRecord, records: RecordStore, recipeFields: readonly string[]): StoredRecord {
  const twins = records.sameIdentity(record);
  const without = record.flags.filter(({ rule }) => rule !== TWIN);
  if (twins.length === 0) return hasFlag(record.flags, TWIN) ? { ...record, flags: without } : record;
  const path = records.pathsOf(twins[0] ?? record)[0]?.path ?? "";
  const flag: Flag = { rule: TWIN, message: `Another file has the same ${recipeFields.join(" and ")}${path === "" ? "" : `: ${path}`}.` };
  return { ...record, flags: [...without, flag], state: record.approved ? record.state : "review" };
}
