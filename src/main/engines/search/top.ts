/** A key and how well it matches; higher is better. */
export type Scored = { key: number; score: number };

/** Best first; equal scores by key, so that the same question always has the same answer. */
export function byScore(a: Scored, b: Scored): number {
  return b.score - a.score || a.key - b.key;
}

/** Keeps the `limit` best of any number of offers. */
export function createTop(limit: number): { offer(key: number, score: number): void; take(): Scored[] } {
  let kept: Scored[] = [];
  let floor = Number.NEGATIVE_INFINITY;
  const cut = (): void => {
    kept = kept.sort(byScore).slice(0, limit);
    if (kept.length === limit) floor = kept.at(-1)?.score ?? floor;
  };
  return {
    offer(key, score) {
      // Equal to the floor is kept: the key decides.
      if (score < floor) return;
      kept.push({ key, score });
      if (kept.length >= limit * 2 + 64) cut();
    },
    take() {
      cut();
      return kept;
    },
  };
}
