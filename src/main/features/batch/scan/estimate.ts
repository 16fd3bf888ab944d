import type { CostKind, CostStore } from "./cost-store.ts";

/** Milliseconds a page before anything was measured, from a slow machine to a quick one; the ranges are wide on purpose. */
const GUESS: Readonly<Record<CostKind, { low: number; high: number }>> = {
  text: { low: 15, high: 150 },
  ocr: { low: 1_500, high: 9_000 },
  model: { low: 500, high: 15_000 },
};
/** Fewer pages than this are no ground for a narrow range. */
const ENOUGH_PAGES = 20;

/** How long so many pages take, as a range: what was measured here, wider the less was measured. */
export function estimate(
  work: Partial<Record<CostKind, number>>,
  costs: CostStore,
  concurrency: number,
): { low: number; high: number; learnedFrom: number } {
  let [low, high, learnedFrom] = [0, 0, 0];
  for (const kind of ["text", "ocr", "model"] as const) {
    const pages = work[kind] ?? 0;
    if (pages === 0) continue;
    const cost = costs.get(kind);
    const guess = GUESS[kind];
    if (!cost) {
      low += pages * guess.low;
      high += pages * guess.high;
      continue;
    }
    learnedFrom += cost.pages;
    // Of a mean over n pages; what these pages will be like is less known than what those were.
    const doubt = (2 * cost.deviation) / Math.sqrt(Math.min(pages, cost.pages)) + cost.mean * (cost.pages < ENOUGH_PAGES ? 0.5 : 0.2);
    low += pages * Math.max(cost.mean * 0.3, cost.mean - doubt);
    high += pages * (cost.mean + doubt);
  }
  // Reading is one process and the model one engine: more files at once help only a little.
  const speed = Math.min(concurrency, 2) > 1 ? 1.3 : 1;
  return { low: Math.round(low / speed), high: Math.round(high), learnedFrom };
}
