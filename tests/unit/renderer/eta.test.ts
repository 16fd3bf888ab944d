import { describe, expect, test } from "vitest";
import type { Sample } from "../../../src/renderer/features/jobs/eta.ts";
import { addSample, estimateLeft, stallMs, stoodStillMs } from "../../../src/renderer/features/jobs/eta.ts";
import { messages } from "../../../src/renderer/features/jobs/messages.ts";
import { timeLeft } from "../../../src/renderer/features/jobs/time-left.ts";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";

const every = (ms: number, dones: number[]): Sample[] =>
  dones.reduce<Sample[]>((samples, done, n) => addSample(samples, { at: n * ms, done }), []);

describe("the time that is left", () => {
  test("at an even speed is that of the rest, from both ends", () => {
    const left = estimateLeft(every(2000, [0, 10, 20, 30, 40]), 100);
    expect(left?.lowMs).toBeCloseTo(12_000);
    expect(left?.highMs).toBeCloseTo(12_000);
  });

  // Catches: one number where speeds differ, or ends that are swapped.
  test("is a range where speeds differ, and the true speed lies in it", () => {
    const left = estimateLeft(every(2000, [0, 2, 20, 22, 40, 44, 60]), 120);
    const mean = (120 - 60) / (60 / 12_000);
    expect(left && left.lowMs < left.highMs).toBe(true);
    expect(left?.lowMs).toBeLessThanOrEqual(mean);
    expect(left?.highMs).toBeGreaterThanOrEqual(mean);
  });

  test.each([
    ["nothing was seen", [], 100],
    ["two pieces were seen", [0, 10, 20], 100],
    ["nothing moves", [5, 5, 5, 5, 5, 5], 100],
    ["all is done", [0, 25, 50, 75, 100], 100],
    ["the total is unknown", [0, 25, 50, 75, 100], 0],
  ] as const)("is not told while %s", (_, dones, total) => {
    expect(estimateLeft(every(2000, [...dones]), total)).toBeUndefined();
  });

  test("is never endless for a job that stood still between moves", () => {
    expect(estimateLeft(every(2000, [0, 0, 0, 30, 30, 30, 60]), 120)?.highMs).toBeLessThan(60_000);
  });

  test("forgets what a job did before it began again, and what is older than a minute; a burst stays small", () => {
    expect(addSample(every(2000, [0, 50]), { at: 5000, done: 3 })).toEqual([{ at: 5000, done: 3 }]);
    expect(addSample(every(2000, [0, 50]), { at: 60_000, done: 51 })).toHaveLength(1);
    expect(every(10_000, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])[0]?.at).toBe(30_000);
    expect(
      every(
        1,
        Array.from({ length: 5000 }, (_, n) => n),
      ).length,
    ).toBeLessThan(10);
  });

  test("is told in one unit, rounded outwards", () => {
    const say = wordsIn(messages, "en");
    expect(timeLeft({ lowMs: 3000, highMs: 8000 }, say)).toBe("less than 10 s left");
    expect(timeLeft({ lowMs: 12_900, highMs: 45_100 }, say)).toBe("12 to 46 s left");
    expect(timeLeft({ lowMs: 200_000, highMs: 290_000 }, say)).toBe("3 to 5 min left");
    expect(timeLeft({ lowMs: 180_000, highMs: 180_000 }, say)).toBe("3 to 4 min left");
    expect(timeLeft({ lowMs: 3_700_000, highMs: 9_000_000 }, say)).toBe("1 to 3 h left");
  });
});

test("a job stands still since it last moved, not since it was last heard of", () => {
  const samples = every(5000, [0, 10, 10, 10, 10, 10]);
  expect(stoodStillMs(samples, 25_000)).toBe(20_000);
  expect(stoodStillMs(samples, 25_000)).toBeGreaterThanOrEqual(stallMs);
  expect(stoodStillMs([], 99_999)).toBe(0);
});
