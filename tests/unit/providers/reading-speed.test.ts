import { expect, test } from "vitest";
import { createReadingSpeed } from "../../../src/main/providers/reading-speed.ts";

// Catches a budget of seconds computed from a follow-up of five tokens, whose time is all first token.
test("only prompts long enough to measure count", () => {
  const speed = createReadingSpeed();
  speed.learn(5, 100);
  speed.learn(400, 0);
  expect(speed.tokensPerSecond()).toBeUndefined();
  speed.learn(200, 1_000);
  expect(speed.tokensPerSecond()).toBe(200);
});

// Catches one slow moment halving the evidence, and a slower machine never being noticed.
test("newer measurements count more, but not alone", () => {
  const speed = createReadingSpeed();
  speed.learn(200, 1_000);
  speed.learn(100, 1_000);
  expect(speed.tokensPerSecond()).toBeCloseTo(160);
  for (let call = 0; call < 12; call++) speed.learn(100, 1_000);
  expect(speed.tokensPerSecond()).toBeLessThan(101);
});
