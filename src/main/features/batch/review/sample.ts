import { createHash } from "node:crypto";
import type { StoredRecord } from "../run/record-store.ts";

/** A document that may be drawn; `type` is what its recipe or its file's name says that it is. */
export type Candidate = Pick<StoredRecord, "id" | "key" | "part" | "lowestSure"> & { type: string };

/** Share of unflagged documents that a person is shown in any case, and how many of a run at least. */
export const SHARE = 0.05;
const LEAST = 5;
/** What may be wrong in a sample before more is shown. */
const TOLERATED_ERRORS = 0.02;
const WIDEST = 0.4;
const CONFIDENCE_BANDS = [0.8, 0.9, 0.95];

/**
 * The records to be shown for quality: of each stratum (type of document and band of confidence) the share whose hashes are
 * lowest, so that the same documents give the same sample whatever the order they came in; at least five of a run.
 */
export function drawSample(records: readonly Candidate[], share: number): Set<string> {
  const rank = new Map(records.map(({ id, key, part }) => [id, createHash("sha256").update(`${key}/${part}/sample`).digest("hex")]));
  const byRank = (a: { id: string }, b: { id: string }) => ((rank.get(a.id) ?? "") < (rank.get(b.id) ?? "") ? -1 : 1);
  const bandOf = (sure: number) => CONFIDENCE_BANDS.filter((band) => sure >= band).length;
  const strata = Map.groupBy(records, ({ lowestSure, type }) => `${bandOf(lowestSure)}/${type}`);
  const drawn = new Set<string>();
  for (const stratum of strata.values())
    for (const { id } of stratum.toSorted(byRank).slice(0, Math.ceil(stratum.length * share))) drawn.add(id);
  for (const { id } of records.toSorted(byRank)) if (drawn.size < LEAST) drawn.add(id);
  return drawn;
}

/**
 * The share to be shown by what was found in the documents looked at: as many times wider as the error rate surely exceeds
 * what is tolerated. It rests on the interval's lower end, so that one error of few, which may be chance, says little; and
 * on nothing else, so that looking twice at the same errors does not widen it twice.
 */
export function shareFor(reviewed: number, wrong: number): number {
  const surely = reviewed < LEAST ? 0 : wilson(wrong, reviewed).low;
  return Math.round(Math.min(WIDEST, SHARE * Math.max(1, surely / TOLERATED_ERRORS)) * 1000) / 1000;
}

/** Wilson's score interval of a share, 95 % (E. B. Wilson, 1927). */
export function wilson(wrong: number, of: number): { low: number; high: number } {
  if (of === 0) return { low: 0, high: 1 };
  const z = 1.96;
  const share = wrong / of;
  const middle = (share + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
