import { expect, it } from "vitest";
import { estimateTokens } from "../../../src/main/engines/inference/estimate-tokens.ts";

// Catches: chunks of ten times the length where a language has no spaces, and a word without end that counts as one.
it.each([
  ["", 0],
  [" \n\t", 0],
  ["The lamp burned rapeseed oil.", 1 + 1 + 2 + 2 + 1 + 1],
  ["x".repeat(4000), 1000],
  ["灯台の油", 4],
  ["die Straße 鯨abc", 1 + 2 + 1 + 1],
  ["a,b;c", 5],
  ["👩‍🚀", 3],
])("takes %j for %i tokens", (text, tokens) => expect(estimateTokens(text)).toBe(tokens));

it("takes time in proportion to the text", () => {
  expect(estimateTokens("word ".repeat(100_000))).toBe(100_000);
  expect(estimateTokens("a".repeat(1_000_000))).toBe(250_000);
  expect(estimateTokens("鯨".repeat(100_000))).toBe(100_000);
});
