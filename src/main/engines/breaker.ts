/** Stops starting what keeps failing: open after `failures` failures in a row, half-open `coolDownMs` later. */
export type Breaker = {
  /** False while open. After the cool-down one attempt is let through; its failure opens the breaker again. */
  allows(): boolean;
  succeeded(): void;
  /** True when this failure left the breaker open. */
  failed(): boolean;
};

export function createBreaker({ failures, coolDownMs, now }: { failures: number; coolDownMs: number; now: () => number }): Breaker {
  let inARow = 0;
  let openedAt = 0;
  return {
    allows: () => inARow < failures || now() - openedAt >= coolDownMs,
    succeeded() {
      inARow = 0;
    },
    failed() {
      inARow += 1;
      openedAt = now();
      return inARow >= failures;
    },
  };
}
