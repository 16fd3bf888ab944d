/** A token bucket: `perSecond` on average, `burst` at once. */
export type RateLimit = { allow(): boolean };

export function createRateLimit(options: { perSecond: number; burst: number; now?: () => number }): RateLimit {
  const now = options.now ?? (() => performance.now());
  let left = options.burst;
  let at = now();
  return {
    allow() {
      const time = now();
      left = Math.min(options.burst, left + ((time - at) / 1000) * options.perSecond);
      at = time;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
