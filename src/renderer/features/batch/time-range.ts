import type { Say } from "./messages.ts";

const units: [number, string][] = [
  [1000, "s"],
  [60_000, "min"],
  [3_600_000, "h"],
];

/** A range of time in one unit, rounded outwards: `3 to 5 min`. Milliseconds. */
export function timeRange(lowMs: number, highMs: number, say: Say): string {
  const [unit, word] = units.findLast(([size]) => highMs >= 2 * size) ?? units[0] ?? [1000, "s"];
  const low = Math.floor(lowMs / unit);
  const high = Math.max(Math.ceil(highMs / unit), 1);
  return low === high ? `${low} ${word}` : say("timeFromTo", { low, high, unit: word });
}
