import { describe, expect, test } from "vitest";
import { boxesFor, packGeometry, unpackGeometry } from "../../../src/main/features/knowledge/reading/index.ts";
import type { Geometry } from "../../../src/main/features/knowledge/reading/index.ts";
import { seeded } from "../../helpers/random-text.ts";

const geometryOf = (words: readonly [start: number, end: number, x0: number, y0: number, x1: number, y1: number][]): Geometry => ({
  starts: Uint32Array.from(words, ([start]) => start),
  ends: Uint32Array.from(words, ([, end]) => end),
  boxes: Float32Array.from(words.flatMap(([, , ...box]) => box)),
});

describe("packed geometry", () => {
  test("comes back as it was, boxes within a thirty-second of a point", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = seeded(seed);
      let at = 0;
      const words = Array.from({ length: Math.floor(random() * 300) }, () => {
        const start = at + Math.floor(random() * 200);
        at = start + Math.floor(random() * 40);
        const [x, y] = [random() * 3000 - 500, random() * 3000 - 500];
        return [start, at, x, y, x + random() * 300, y + random() * 60] as [number, number, number, number, number, number];
      });
      const given = geometryOf(words);
      const confidences = Float32Array.from(words, () => Math.round(random() * 100) / 100);
      const back = unpackGeometry(packGeometry({ ...given, confidences }));
      expect(back.starts).toEqual(given.starts);
      expect(back.ends).toEqual(given.ends);
      for (const [index, edge] of given.boxes.entries())
        expect(Math.abs((back.boxes[index] ?? Number.NaN) - edge)).toBeLessThanOrEqual(0.0626);
      for (const [index, confidence] of confidences.entries()) expect(back.confidences?.[index]).toBeCloseTo(confidence, 4);
    }
  });

  test("takes about ten bytes a word, so that a million words fit a database", () => {
    const words = Array.from(
      { length: 1000 },
      (_, index) =>
        [
          index * 7,
          index * 7 + 6,
          72 + (index % 10) * 45,
          80 + Math.floor(index / 10) * 14,
          110 + (index % 10) * 45,
          91 + Math.floor(index / 10) * 14,
        ] as [number, number, number, number, number, number],
    );
    expect(packGeometry(geometryOf(words)).length / 1000).toBeLessThan(11);
  });

  test("survives what no page has: not a number, endless edges", () => {
    const back = unpackGeometry(packGeometry(geometryOf([[0, 4, Number.NaN, -Infinity, Infinity, 1e30]])));
    expect([...back.boxes].every(Number.isFinite)).toBe(true);
  });

  test("is refused when it is cut off or of another version", () => {
    const packed = packGeometry(
      geometryOf([
        [0, 4, 1, 2, 3, 4],
        [5, 9, 4, 2, 8, 4],
      ]),
    );
    for (let length = 0; length < packed.length; length += 1)
      expect(() => unpackGeometry(packed.subarray(0, length)), `${length} bytes`).toThrow(
        expect.objectContaining({ code: "DATABASE_DAMAGED" }),
      );
    expect(() => unpackGeometry(Buffer.from([9, 0, 0]))).toThrow(expect.objectContaining({ code: "DATABASE_DAMAGED" }));
  });
});

describe("boxes of a range", () => {
  // "One two" on a line, "three" below it, "four" in another column at the height of the first.
  const geometry = geometryOf([
    [0, 3, 10, 10, 30, 20],
    [4, 7, 33, 10.5, 50, 20.5],
    [8, 13, 10, 24, 40, 34],
    [14, 18, 300, 10, 330, 20],
  ]);

  test("merge the words of a line and part lines and columns", () => {
    expect(boxesFor(geometry, 0, 18)).toEqual([
      [10, 10, 50, 20.5],
      [10, 24, 40, 34],
      [300, 10, 330, 20],
    ]);
  });

  test("take words that the range only touches, and none beside it", () => {
    expect(boxesFor(geometry, 2, 5)).toEqual([[10, 10, 50, 20.5]]);
    expect(boxesFor(geometry, 3, 4)).toEqual([]);
    expect(boxesFor(geometry, 7, 8)).toEqual([]);
    expect(boxesFor(geometry, 8, 9)).toEqual([[10, 24, 40, 34]]);
    expect(boxesFor(geometry, 50, 60)).toEqual([]);
  });
});
