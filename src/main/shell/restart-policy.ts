/** Deaths within this time count together. */
const windowMs = 60_000;
const maxDeaths = 5;
const longestDelayMs = 8_000;

/**
 * When to start again what died: at once the first time, then after 0.5, 1, 2 … seconds, and no more after five
 * deaths within a minute.
 */
export function createRestartPolicy(now: () => number): { died(): number | undefined; forgive(): void } {
  let deaths: number[] = [];
  return {
    /** Milliseconds to wait before the next start; undefined when it is given up. */
    died() {
      deaths = [...deaths.filter((at) => now() - at < windowMs), now()];
      if (deaths.length >= maxDeaths) return undefined;
      return deaths.length === 1 ? 0 : Math.min(longestDelayMs, 250 * 2 ** (deaths.length - 1));
    },
    /** A person asked for another try. */
    forgive() {
      deaths = [];
    },
  };
}
