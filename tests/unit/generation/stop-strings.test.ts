import { expect, test } from "vitest";
import { stopStrings } from "../../../src/main/engines/generation/stop-strings.ts";

/** What may be shown after each piece, and where the text stopped. */
function watch(stops: string[], pieces: string[]) {
  const watcher = stopStrings(stops);
  const safe: number[] = [];
  for (const piece of pieces) {
    const seen = watcher.push(piece);
    safe.push(seen.safe);
    if (seen.stoppedAt !== undefined) return { safe, stoppedAt: seen.stoppedAt };
  }
  return { safe };
}

// Catches showing the first half of a stop string that the second half then completes.
test("holds back what may become a stop string, and lets go when it does not", () => {
  expect(watch(["END"], ["so E", "N", "ough"])).toEqual({ safe: [3, 3, 9] });
});

// Catches a stop string that is missed because it arrives in several tokens.
test("finds a stop string across pieces", () => {
  expect(watch(["\n\n"], ["one\n", "\ntwo"])).toEqual({ safe: [3, 3], stoppedAt: 3 });
});

// Catches offsets that drift once old text is dropped from the window.
test("counts from the start of a long text", () => {
  expect(watch(["STOP"], [...Array.from({ length: 500 }, () => "abcdefghij"), "xxST", "OPyy"])).toMatchObject({ stoppedAt: 5002 });
});

// Catches taking the stop string listed first instead of the one that comes first.
test("stops at the earliest of several", () => {
  expect(watch(["later", "soon"], ["soon or later"]).stoppedAt).toBe(0);
});

// Catches an empty stop string ending every answer at once.
test("ignores empty stop strings", () => {
  expect(watch([""], ["text"])).toEqual({ safe: [4] });
});
