import { describe, expect, it } from "vitest";
import { estimateSkew } from "../../../src/main/engines/ocr/skew.ts";

const width = 400;
const height = 300;

/** White with black lines of words, sloping by so many degrees. */
function linesOfText(degrees: number): Uint8Array {
  const data = new Uint8Array(width * height).fill(255);
  const slope = Math.tan((degrees * Math.PI) / 180);
  for (let line = 60; line < 240; line += 24) {
    for (let x = 40; x < 360; x += 1) {
      if (x % 30 < 6) continue;
      for (let thickness = 0; thickness < 8; thickness += 1) {
        const y = Math.round(line + thickness + (x - width / 2) * slope);
        if (y >= 0 && y < height) data[y * width + x] = 20;
      }
    }
  }
  return data;
}
const degreesOf = (data: Uint8Array) => (estimateSkew({ data, width, height }) * 180) / Math.PI;

describe("the slope of lines", () => {
  it.each([-14, -3, -0.6, 0.6, 2, 11])("of %d degrees is found to a quarter of a degree", (degrees) => {
    expect(Math.abs(degreesOf(linesOfText(degrees)) - degrees)).toBeLessThan(0.25);
  });

  it("is none for level lines, an empty page, a black one and noise (turning a picture would only blur it)", () => {
    let seed = 3;
    const noise = Uint8Array.from({ length: width * height }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed >> 23;
    });
    expect(degreesOf(linesOfText(0))).toBeCloseTo(0, 1);
    for (const data of [new Uint8Array(width * height).fill(255), new Uint8Array(width * height), noise]) expect(degreesOf(data)).toBe(0);
  });

  it("does not depend on the brightness of the paper", () => {
    const dim = linesOfText(4).map((value) => 40 + value / 4);
    expect(Math.abs(degreesOf(dim) - 4)).toBeLessThan(0.25);
  });
});
