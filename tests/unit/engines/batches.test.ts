import { describe, expect, it } from "vitest";
import { batchEnd, createPace } from "../../../src/main/engines/inference/batches.ts";

describe("batches", () => {
  it("take as many texts as fit when padded to the longest", () => {
    expect(batchEnd([90, 95, 100, 100], 0, 300)).toBe(3);
    expect(batchEnd([90, 95, 100, 101], 1, 202)).toBe(3);
  });

  it("take one text however long it is (the loop would never end)", () => {
    expect(batchEnd([512], 0, 1)).toBe(1);
  });

  it("do not put a short text beside a long one, which would be computed as padding", () => {
    expect(batchEnd([10, 10, 10, 400], 0, 2_000)).toBe(3);
  });

  it("cover every text once", () => {
    const lengths = Array.from({ length: 300 }, (_, index) => 3 + Math.floor(index * 1.6));
    const covered: number[] = [];
    for (let from = 0; from < lengths.length;) {
      const end = batchEnd(lengths, from, 700);
      covered.push(...lengths.slice(from, end));
      from = end;
    }
    expect(covered).toEqual(lengths);
  });
});

describe("the pace", () => {
  it("brings one call to about 80 ms at the speed measured", () => {
    const pace = createPace();
    for (let call = 0; call < 20; call += 1) pace.measured(pace.tokens, pace.tokens * 0.2);
    expect(pace.tokens).toBe(400);
  });

  it("follows a machine that becomes slow", () => {
    const pace = createPace();
    pace.measured(100, 10);
    for (let call = 0; call < 20; call += 1) pace.measured(100, 100);
    expect(pace.tokens).toBeLessThan(90);
  });

  it("never asks for less than a token, nor for a batch that leaves the cache", () => {
    const slow = createPace();
    slow.measured(1, 10_000);
    expect(slow.tokens).toBe(1);
    const fast = createPace();
    fast.measured(1_000, 0.001);
    expect(fast.tokens).toBeLessThanOrEqual(2_048);
  });
});
