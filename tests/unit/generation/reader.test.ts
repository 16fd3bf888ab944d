import type { LlamaContextSequence } from "node-llama-cpp";
import { expect, test } from "vitest";
import { createReader } from "../../../src/main/engines/generation/reader.ts";

/** A sequence that holds tokens and takes `msPerToken` of a clock of its own for each; it records the pieces it read. */
function pretendSequence(msPerToken: number) {
  let held: number[] = [];
  let clock = 0;
  const pieces: number[] = [];
  const sequence: Pick<LlamaContextSequence, "adaptStateToTokens" | "evaluateWithoutGeneratingNewTokens" | "nextTokenIndex"> = {
    get nextTokenIndex() {
      return held.length;
    },
    async adaptStateToTokens(tokens) {
      const differs = held.findIndex((token, index) => token !== tokens[index]);
      if (differs >= 0) held = held.slice(0, differs);
    },
    async evaluateWithoutGeneratingNewTokens(tokens) {
      pieces.push(tokens.length);
      held.push(...tokens);
      clock += tokens.length * msPerToken;
    },
  };
  return { sequence: sequence as LlamaContextSequence, pieces, now: () => clock, held: () => held };
}

const tokens = (count: number, first = 0) => Array.from({ length: count }, (_, index) => (first + index) as never);
const context = { checkpoint: async () => {} };

// Catches pieces of a second on a slow machine, which neither a cancel nor a question can interrupt.
test("a slow model is read in the smallest pieces", async () => {
  const { sequence, pieces, now } = pretendSequence(16);
  await createReader(256, now).read(sequence, tokens(400), context);
  expect(Math.max(...pieces)).toBe(32);
});

// Catches small pieces where large ones cost no waiting: they take a third of a small model's speed.
test("a fast model's pieces grow to what fits its time, never beyond the batch", async () => {
  const { sequence, pieces, now } = pretendSequence(1);
  await createReader(256, now).read(sequence, tokens(3_000), context);
  expect(pieces.slice(0, 4)).toEqual([32, 64, 128, 256]);
  expect(Math.max(...pieces)).toBe(256);
});

// Catches a machine that got busy being given pieces for its idle speed.
test("pieces shrink when reading gets slower", async () => {
  const fast = pretendSequence(1);
  const reader = createReader(256, () => fast.now() + slow.now());
  const slow = pretendSequence(16);
  await reader.read(fast.sequence, tokens(2_000), context);
  await reader.read(slow.sequence, tokens(2_000), context);
  expect(fast.pieces.at(-1)).toBeGreaterThanOrEqual(128);
  expect(slow.pieces.at(-1)).toBe(32);
});

// Catches an off-by-one that evaluates a known token again, or leaves none to sample after.
test("keeps what is held, reads what differs and leaves a rest to sample after", async () => {
  const { sequence, now, held } = pretendSequence(1);
  const reader = createReader(256, now);
  const first = await reader.read(sequence, tokens(50), context);
  expect(first.cachedTokens).toBe(0);
  expect(held().length + first.rest.length).toBe(50);
  await sequence.evaluateWithoutGeneratingNewTokens(first.rest);
  const again = await reader.read(sequence, tokens(50), context);
  expect(again.cachedTokens).toBe(49);
  expect(again.rest).toHaveLength(1);
});

// Catches a prompt read on after its call was cancelled.
test("a cancel between pieces ends the reading", async () => {
  const { sequence, pieces, now } = pretendSequence(8);
  let left = 3;
  const checkpoint = async () => {
    if (--left === 0) throw new DOMException("cancelled", "AbortError");
  };
  await expect(createReader(256, now).read(sequence, tokens(1_000), { checkpoint })).rejects.toMatchObject({ name: "AbortError" });
  expect(pieces).toHaveLength(2);
});
