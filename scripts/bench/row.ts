/** What a row measured: a table, and how to read it. */
export type Measurement = { title: string; columns: string[]; lines: string[][]; notes: string };

/** The value below which `share` (0 to 1) of the times lie. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
