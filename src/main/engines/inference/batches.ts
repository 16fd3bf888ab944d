/** Learns how many padded tokens fit into one ONNX call of `targetMs`. */
export type Pace = {
  /** Padded tokens for the next call. */
  readonly tokens: number;
  measured(paddedTokens: number, elapsedMs: number): void;
};

/** An ONNX call cannot be interrupted; it must end within 100 ms. A little less leaves room for uneven speed. */
const targetMs = 80;
const firstTokens = 256;
/** Larger batches leave the processor's cache: on two cores 16 × 200 tokens run a fifth slower than 4 × 200. */
const maxTokens = 2_048;

export function createPace(): Pace {
  let msPerToken: number | undefined;
  return {
    get tokens() {
      return msPerToken === undefined ? firstTokens : Math.max(1, Math.min(maxTokens, Math.floor(targetMs / msPerToken)));
    },
    measured(paddedTokens, elapsedMs) {
      const latest = elapsedMs / paddedTokens;
      // The first call of a session also allocates; later ones are trusted less than their trend.
      msPerToken = msPerToken === undefined ? latest : msPerToken * 0.7 + latest * 0.3;
    },
  };
}

/**
 * The next batch of `lengths` (ascending) from `from`: its end, exclusive. As many as fit into `tokens` when padded to
 * the longest, and one at least; none that would spend more than a quarter of the batch on padding.
 */
export function batchEnd(lengths: readonly number[], from: number, tokens: number): number {
  let end = from;
  let filled = 0;
  while (end < lengths.length) {
    const longest = lengths[end] ?? 0;
    const padded = longest * (end - from + 1);
    filled += longest;
    if (end > from && (padded > tokens || filled < padded * 0.75)) break;
    end += 1;
  }
  return end;
}
