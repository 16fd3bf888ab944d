import type { Turn } from "./turn.ts";

/** Tokens a second until measured: a small model on two cores. */
const READS = 100;
const WRITES = 20;

/**
 * Tells how much of a long answer is done and about how long the rest takes: first estimated by the model's measured
 * speed, then by the sections that were done.
 */
export function createProgress(
  turn: Pick<Turn, "put" | "deps">,
  total: number,
  expected: { readTokens: readonly number[]; writtenTokens: number; tokensPerSecond: number | undefined },
): { step(): void } {
  const startedAt = turn.deps.now();
  const costs = expected.readTokens.map(
    (tokens) => 1000 * (tokens / (expected.tokensPerSecond ?? READS) + expected.writtenTokens / WRITES),
  );
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  let done = 0;
  const tell = () => {
    const spent = sum(costs.slice(0, done));
    const pace = done === 0 || spent === 0 ? 1 : (turn.deps.now() - startedAt) / spent;
    turn.put({ type: "progress", done, total, unit: "section", leftMs: Math.round(sum(costs.slice(done)) * pace) });
  };
  tell();
  return {
    step() {
      done += 1;
      tell();
    },
  };
}
