/** One number that is held to a target, or only told where it has none. */
export type Figure = { name: string; value: number; unit: string; target?: { atLeast: number } | { atMost: number } };

/** What a row measured: a table, and how to read it. */
export type Measurement = { title: string; columns: string[]; lines: string[][]; notes: string; figures?: Figure[] };

/** Why a row cannot run here: what is missing, and how to get it. */
export type Skipped = { skipped: string };

/** `quick` asks for sizes that prove the row, not the number. */
export type RowOptions = { quick: boolean };

export type Row = { measure(options: RowOptions): Promise<Measurement | Skipped> };

/** The value below which `share` (0 to 1) of the times lie. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Undefined for a figure without a target. A value that is no number misses it. */
export function isMet({ value, target }: Figure): boolean | undefined {
  if (!target) return undefined;
  return "atLeast" in target ? value >= target.atLeast : value <= target.atMost;
}

/** A line of a table of times in milliseconds: how many, their median, 99 % and the worst. */
export const timesRow = (what: string, times: readonly number[]): string[] => [
  what,
  String(times.length),
  quantile(times, 0.5).toFixed(1),
  quantile(times, 0.99).toFixed(1),
  Math.max(...times).toFixed(1),
];
