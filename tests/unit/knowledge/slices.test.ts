import { describe, expect, it } from "vitest";
import { createGate } from "../../../src/main/features/knowledge/slices.ts";

/** Work that runs until it is told to end. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, end: resolve };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a gate", () => {
  it("lets through what fits together, in order, and the rest as room comes", async () => {
    const gate = createGate(10);
    const first = held();
    const began: string[] = [];
    const running = [
      gate(7, first.work),
      gate(5, async () => void began.push("second")),
      // Would fit beside the first, but never before the second: large files would wait for ever.
      gate(1, async () => void began.push("third")),
    ];
    await turn();
    expect(began).toEqual([]);
    first.end();
    await Promise.all(running);
    expect(began).toEqual(["second", "third"]);
  });

  it("lets what is heavier than all its room run alone (it would never run)", async () => {
    const gate = createGate(10);
    expect(await gate(1000, async () => "ran")).toBe("ran");
  });

  it("gives room back when the work fails", async () => {
    const gate = createGate(1);
    await expect(gate(1, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await gate(1, async () => "ran")).toBe("ran");
  });
});
