import { describe, expect, it } from "vitest";
import { createMirror } from "../../../src/main/engines/search/mirror.ts";
import { quantise, smallLength } from "../../../src/main/engines/search/quantise.ts";
import { loadSimdKernel } from "../../../src/main/engines/search/kernel.ts";
import { createPlainKernel } from "../../../src/main/engines/search/plain-kernel.ts";

const dimensions = 32;
const simd = loadSimdKernel();
const everything = { has: () => true };

function createRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
}

const vector = (random: () => number): Int8Array => quantise(Float32Array.from({ length: dimensions }, random));

/** The cosine, nearly, of two vectors of the length that `quantise` gives. */
const similarity = (a: Int8Array, b: Int8Array): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0) / smallLength(a.length) ** 2;

describe.each([
  { name: "WebAssembly", make: simd ?? createPlainKernel },
  { name: "JavaScript", make: createPlainKernel },
])("mirror over $name", ({ make }) => {
  it("has exactly the nearest selected rows, whatever was added, replaced and deleted, in more than one block", () => {
    const random = createRandom(7);
    const mirror = createMirror(dimensions, make());
    const truth = new Map<number, Int8Array>();
    for (let step = 0; step < 22_000; step++) {
      const key = 5 + Math.floor((random() + 0.5) * 90_000);
      if (step % 7 === 6) {
        const [victim] = truth.keys();
        if (victim === undefined) continue;
        truth.delete(victim);
        mirror.delete(victim);
      } else {
        const made = vector(random);
        truth.set(key, made);
        mirror.set(key, made, "en");
      }
    }
    expect(mirror.size).toBe(truth.size);
    expect([...mirror.keys()].toSorted((a, b) => a - b)).toEqual([...truth.keys()].toSorted((a, b) => a - b));
    const selections = [
      everything,
      { has: (key: number) => key % 500 !== 0 },
      { has: (key: number) => key % 3 === 0 },
      { has: (key: number) => key % 997 === 0 },
      { has: () => false },
    ];
    for (const selection of selections) {
      for (let round = 0; round < 3; round++) {
        const query = vector(random);
        const expected = [...truth]
          .filter(([key]) => selection.has(key))
          .map(([key, made]) => ({ key, similarity: similarity(made, query) }))
          .toSorted((a, b) => b.similarity - a.similarity)
          .slice(0, 10);
        const found = mirror.nearest(query, 10, selection);
        expect(found.map(({ key }) => key).toSorted()).toEqual(expected.map(({ key }) => key).toSorted());
        found.forEach(({ similarity }, index) => expect(similarity).toBeCloseTo(expected[index]?.similarity ?? Number.NaN, 4));
      }
    }
  });

  it("does not answer from what a selection held before a row changed", () => {
    const mirror = createMirror(2, make());
    const odd = { has: (key: number) => key % 2 === 1 };
    for (let key = 0; key < 1000; key++) mirror.set(key, Int8Array.of(1, 100), "en");
    expect(mirror.nearest(Int8Array.of(100, 1), 1, odd)[0]?.key).toBe(1);
    mirror.set(999, Int8Array.of(100, 1), "en");
    expect(mirror.nearest(Int8Array.of(100, 1), 1, odd)[0]?.key).toBe(999);
    mirror.delete(999);
    expect(mirror.nearest(Int8Array.of(100, 1), 1, odd)[0]?.key).toBe(1);
  });

  it("gives fewer where there are fewer, and nothing when empty", () => {
    const mirror = createMirror(2, make());
    expect(mirror.nearest(Int8Array.of(1, 1), 5, everything)).toEqual([]);
    mirror.set(3, Int8Array.of(127, 0), "en");
    expect(mirror.nearest(Int8Array.of(1, 1), 5, everything)).toHaveLength(1);
    mirror.delete(3);
    mirror.delete(3);
    expect(mirror.size).toBe(0);
  });
});

it("knows the mean similarity of the language that lies nearest, and of all when languages are small", () => {
  const mirror = createMirror(2, createPlainKernel());
  for (let key = 0; key < 30; key++) mirror.set(key, Int8Array.of(127, 0), "en");
  for (let key = 30; key < 60; key++) mirror.set(key, Int8Array.of(0, 127), "zh");
  expect(mirror.meanSimilarity(Float32Array.of(1, 0))).toBeCloseTo(1, 5);
  for (let key = 0; key < 30; key++) mirror.delete(key);
  expect(mirror.meanSimilarity(Float32Array.of(1, 0))).toBeCloseTo(0, 5);
  for (let key = 30; key < 58; key++) mirror.delete(key);
  mirror.set(1, Int8Array.of(127, 0), "en");
  mirror.set(2, Int8Array.of(127, 0), "en");
  expect(mirror.meanSimilarity(Float32Array.of(1, 0))).toBeCloseTo(0.5, 5);
});

it("keeps the large component that models put into every vector: without it the mean would be wrong", () => {
  const vector = Float32Array.from({ length: 384 }, (_, index) => (index === 0 ? 0.45 : 0.0457));
  expect((quantise(vector)[0] ?? 0) / (smallLength(384) / Math.hypot(...vector))).toBeCloseTo(0.45, 2);
});

it("quantises to one length, cuts outliers off and leaves zeros alone", () => {
  expect([...quantise(Float32Array.of(0, 0))]).toEqual([0, 0]);
  const random = createRandom(5);
  for (let round = 0; round < 50; round++) {
    const made = quantise(Float32Array.from({ length: 384 }, random));
    expect(Math.hypot(...made) / smallLength(384)).toBeCloseTo(1, 2);
  }
  expect(Math.max(...quantise(Float32Array.from({ length: 384 }, (_, index) => (index === 0 ? 1 : 0))))).toBe(127);
});
