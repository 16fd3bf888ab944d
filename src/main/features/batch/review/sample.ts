import { createHash } from "node:crypto";
import type { StoredRecord } from "../run/record-store.ts";

/** Share of unflagged documents that a person is shown in any case, and how many of a run at least. */
export const SHARE = 0.05;
const LEAST = 5;
/** The share doubles when so much of the sample was wrong, by the lower end of its interval or by a plain count of two. */
const TOLERATED_ERRORS = 0.02;
const WIDEST = 0.4;
const CONFIDENCE_BANDS = [0.8, 0.9, 0.95];

/**
 * The records to be shown for quality: of each stratum (recipe and band of confidence) the share whose hashes are lowest,
 * so that the same documents give the same sample whatever the order they came in; at least five of a run.
 */
export function drawSample(
  records: readonly Pick<StoredRecord, "id" | "key" | "part" | "lowestSure" | "firstPage" | "lastPage">[],
  share: number,
): Set<string> {
  const rank = new Map(records.map(({ id, key, part }) => [id, createHash("sha256").update(`${key}/${part}/sample`).digest("hex")]));
  const byRank = (a: { id: string }, b: { id: string }) => ((rank.get(a.id) ?? "") < (rank.get(b.id) ?? "") ? -1 : 1);
  const strata = Map.groupBy(
    records,
    ({ lowestSure, firstPage, lastPage }) =>
      `${CONFIDENCE_BANDS.filter((band) => lowestSure >= band).length}/${lastPage > firstPage ? "many" : "one"}`,
  );
  const drawn = new Set<string>();
  for (const stratum of strata.values())
    for (const { id } of stratum.toSorted(byRank).slice(0, Math.ceil(stratum.length * share))) drawn.add(id);
  for (const { id } of records.toSorted(byRank)) if (drawn.size < LEAST) drawn.add(id);
  return drawn;
}

/** The share for the next documents of a run, by what was found in those looked at. */
export function nextShare(share: number, reviewed: number, wrong: number): number {
  if (reviewed === 0 || wrong === 0) return share;
  const { low } = wilson(wrong, reviewed);
  return low > TOLERATED_ERRORS || wrong >= 2 ? Math.min(WIDEST, Math.max(share, SHARE) * 2) : share;
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
