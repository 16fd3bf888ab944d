import type { LlamaContextSequence, Token } from "node-llama-cpp";
import type { CallContext } from "../engine.ts";

/** Smallest and largest number of tokens read in one piece; a piece cannot be interrupted. */
const minPiece = 32;
/**
 * How long one piece may take. Pieces of 32 tokens cost a small model a third of its reading speed (measured: 720
 * against 1,150 tokens/s at 135 million parameters, 140 against 165 at 1.5 billion), so a piece is as large as the
 * measured speed allows within this time; a cancel has a second to take effect.
 */
const pieceMs = 600;

/** Reads prompts of one loaded model in pieces short enough for a cancel, or something more urgent, to take effect. */
export type Reader = {
  /**
   * Makes the sequence hold `tokens` except for the last few, which are returned: evaluating those yields the next
   * token. What the sequence already holds of `tokens` is kept, whatever differs is dropped.
   */
  read(
    sequence: LlamaContextSequence,
    tokens: readonly Token[],
    context: Pick<CallContext, "checkpoint">,
  ): Promise<{ rest: Token[]; cachedTokens: number }>;
};

/** `now` is in milliseconds; only differences count. */
export function createReader(maxPiece: number, now: () => number = () => performance.now()): Reader {
  let piece = Math.min(minPiece, maxPiece);

  function learn(tokens: number, ms: number): void {
    if (tokens < piece) return;
    const fitting = (tokens / Math.max(ms, 0.1)) * pieceMs;
    if (fitting >= piece * 2) piece = Math.min(piece * 2, maxPiece);
    else if (fitting < piece) piece = Math.max(Math.floor(piece / 2), Math.min(minPiece, maxPiece));
  }

  return {
    async read(sequence, tokens, context) {
      // At least one token must be evaluated for the next one to be sampled.
      await sequence.adaptStateToTokens(tokens.slice(0, -1), false);
      const cachedTokens = sequence.nextTokenIndex;
      let at = cachedTokens;
      while (tokens.length - at > piece) {
        await context.checkpoint();
        const part = tokens.slice(at, at + piece);
        const startedAt = now();
        await sequence.evaluateWithoutGeneratingNewTokens(part);
        learn(part.length, now() - startedAt);
        at += part.length;
      }
      await context.checkpoint();
      return { rest: tokens.slice(at), cachedTokens };
    },
  };
}
