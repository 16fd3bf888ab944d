const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;

/** Before the next try of a file: between half and the whole of 1 s · 4^(attempt−1), at most a minute. */
export function passDelayMs(attempt: number, random: () => number = Math.random): number {
  return Math.round(Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 4 ** (attempt - 1)) * (0.5 + random() / 2));
}
