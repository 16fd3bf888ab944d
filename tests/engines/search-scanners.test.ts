import { afterEach, expect, it } from "vitest";
import { context, dimensions, type Harness, openHarness, packed } from "./search-harness.ts";

const open: Harness[] = [];
afterEach(async () => {
  for (const harness of open.splice(0)) await harness.close();
});

function createRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
}

function unit(random: () => number): Float32Array {
  const vector = Float32Array.from({ length: dimensions }, random);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

it("WebAssembly and JavaScript give the same results, with and without a filter", async () => {
  const answers: { keys: number[]; scores: number[]; weight: number }[][] = [];
  for (const scanner of ["simd", "plain"] as const) {
    const harness = await openHarness(scanner);
    open.push(harness);
    expect((await harness.engine.methods.stats({}, context())).scanner).toBe(scanner);
    const random = createRandom(11);
    for (const collection of ["a", "b", "c"]) {
      const chunks = Array.from({ length: 400 }, (_, index) => `text ${index}`);
      const { keys } = harness.library.add({ collection, chunks });
      const rows = chunks.map((text, index) => ({ key: keys[index] ?? 0, context: "", text }));
      await harness.engine.methods.put(
        { embedder: "words", dimensions, language: "en", rows, vectors: packed(chunks.map(() => unit(random))) },
        context(),
      );
    }
    await harness.engine.methods.remove({ keys: [5, 6, 7, 600] }, context());
    const answer: (typeof answers)[number] = [];
    for (let round = 0; round < 10; round++) {
      const vectors = [{ embedder: "words", vector: unit(random) }];
      for (const collections of [[], [harness.library.collection("b")]]) {
        const ask = (mode: "vector" | "hybrid") => harness.query("text", { mode, vectors, collections, limit: 10, candidates: 10 });
        const { hits } = await ask("vector");
        answer.push({
          keys: hits.map(({ key }) => key),
          scores: hits.map(({ score }) => score),
          weight: (await ask("hybrid")).keywordWeight,
        });
      }
    }
    answers.push(answer);
  }
  const [first = [], ...others] = answers;
  for (const other of others) {
    other.forEach(({ keys, scores, weight }, index) => {
      expect(keys).toEqual(first[index]?.keys);
      scores.forEach((score, place) => expect(score).toBeCloseTo(first[index]?.scores[place] ?? Number.NaN, 5));
      expect(weight).toBeCloseTo(first[index]?.weight ?? Number.NaN, 1);
    });
  }
  expect(first).toHaveLength(20);
});
