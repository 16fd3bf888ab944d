import { describe, expect, test } from "vitest";
import type { GenerateOutput } from "../../../src/main/engines/generation/protocol.ts";
import { benchGeneration } from "../../../src/main/features/models/bench-model.ts";

const model = { path: "/model.gguf", contextTokens: 4096, threads: 2, sequences: 1 };
const signal = new AbortController().signal;

/** An engine that answers every call with these figures. */
const engine = (output: Partial<GenerateOutput>) => {
  const answer: GenerateOutput = {
    text: "",
    stopReason: "length",
    promptTokens: 310,
    cachedTokens: 10,
    completionTokens: 33,
    timings: { loadMs: 0, promptMs: 3000, firstTokenMs: 3100, totalMs: 4700 },
    ...output,
  };
  return { call: async () => answer as never };
};

describe("measuring a chat model", () => {
  test("counts prompt tokens that were really read, and tokens after the first", async () => {
    // 300 tokens in 3 s; 32 tokens in 1.6 s
    expect(await benchGeneration(engine({}), model, signal)).toEqual({ promptTokensPerSecond: 100, tokensPerSecond: 20 });
  });

  test("gives no figure where there is nothing to divide by", async () => {
    const nothing = engine({ completionTokens: 1, cachedTokens: 310, timings: { loadMs: 0, promptMs: 0, firstTokenMs: 0, totalMs: 0 } });
    expect(await benchGeneration(nothing, model, signal)).toEqual({});
  });
});
