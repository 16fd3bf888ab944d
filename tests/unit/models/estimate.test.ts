import { describe, expect, test } from "vitest";
import { estimateFit } from "../../../src/main/features/models/estimate.ts";

const gigabyte = 1024 ** 3;
const qwen = { format: "gguf", weightBytes: 1_117_320_768, contextTokens: 32_768, contextBytesPerToken: 28_672 } as const;

describe("the memory estimate", () => {
  test("adds weights, planned context and overhead", () => {
    const fit = estimateFit({ ...qwen, availableBytes: 8 * gigabyte });
    expect(fit.context).toBe(4096 * 28_672);
    expect(fit.required).toBe(fit.weights + fit.context + fit.overhead);
    expect(fit).toMatchObject({ verdict: "fits", learned: false });
  });

  test("plans no more context than the model was trained for", () => {
    expect(estimateFit({ ...qwen, contextTokens: 1024, availableBytes: gigabyte }).context).toBe(1024 * 28_672);
  });

  test("tells tight from too large", () => {
    const { required } = estimateFit({ ...qwen, availableBytes: gigabyte });
    expect(estimateFit({ ...qwen, availableBytes: required * 1.1 }).verdict).toBe("tight");
    expect(estimateFit({ ...qwen, availableBytes: required - 1 }).verdict).toBe("too-large");
    expect(estimateFit({ ...qwen, availableBytes: required * 1.3 }).verdict).toBe("fits");
  });

  test("believes a real load more than the sum", () => {
    const learnedBytes = 3 * gigabyte;
    const fit = estimateFit({ ...qwen, learnedBytes, availableBytes: 2 * gigabyte });
    expect(fit).toMatchObject({ required: learnedBytes, verdict: "too-large", learned: true });
    expect(fit.weights + fit.context + fit.overhead).toBe(learnedBytes);
  });
});
