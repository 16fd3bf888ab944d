/** Fewer tokens say more about the first one's cost than about reading. */
const minTokens = 32;
/** Weight of the newest measurement: a busy moment must not decide, a slower machine must show soon. */
const newestWeight = 0.4;

/** Prompt tokens a second, averaged over the calls made so far, newer ones counting more. */
export type ReadingSpeed = {
  learn(tokens: number, ms: number): void;
  /** Undefined before the first measurement. */
  tokensPerSecond(): number | undefined;
};

/** `fixed` is told whatever is measured. */
export function createReadingSpeed(fixed?: number): ReadingSpeed {
  let average: number | undefined;
  return {
    learn(tokens, ms) {
      if (tokens < minTokens || ms <= 0) return;
      const measured = (tokens / ms) * 1_000;
      average = average === undefined ? measured : average + (measured - average) * newestWeight;
    },
    tokensPerSecond: () => fixed ?? average,
  };
}
