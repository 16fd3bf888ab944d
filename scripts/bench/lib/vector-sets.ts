import { modelFolder } from "../../../tests/helpers/models.ts";
import { testData } from "../../../tests/helpers/test-data.ts";
import type { Selection } from "../../../src/main/engines/search/mirror.ts";
import { createTop } from "../../../src/main/engines/search/top.ts";
import { openEmbedder } from "../../eval/embed.ts";
import { readSet } from "../../eval/sets.ts";
import { missing } from "./needs.ts";

export const dimensions = 384;
const modelId = "bge-small-en-v1.5";
const passages = 500;
const questions = 100;

/** Unit vectors to be searched, one after the other, and what they are asked. */
export type VectorSet = { name: string; vectors: Float32Array; queries: Float32Array[] };

export const row = ({ vectors }: VectorSet, key: number): Float32Array => vectors.subarray(key * dimensions, (key + 1) * dimensions);

export const everything: Selection = { has: () => true };

/** The true nearest, best first, by comparing all. */
export function exact(query: Float32Array, { vectors }: VectorSet, wanted: number, selection: Selection = everything): number[] {
  const top = createTop(wanted);
  for (let key = 0; key * dimensions < vectors.length; key++) {
    if (!selection.has(key)) continue;
    let product = 0;
    const offset = key * dimensions;
    for (let index = 0; index < dimensions; index++) product += (query[index] ?? 0) * (vectors[offset + index] ?? 0);
    top.offer(key, product);
  }
  return top.take().map(({ key }) => key);
}

/** How much of what was expected was found, 0 to 1. */
export const share = (found: readonly number[], expected: readonly number[]): number =>
  expected.filter((key) => found.includes(key)).length / expected.length;

type Maker = (count: number, queries: number) => VectorSet;

/**
 * Sets of any size: texts as an embedding model places them, where it and the texts are there, and clusters of random
 * vectors. Vectors that are random throughout would say nothing: nothing is near anything.
 */
export async function vectorSets(): Promise<{ makers: Maker[]; skipped: string | undefined }> {
  const skipped = missing(modelId, { data: "retrieval/scifact" }, { data: "retrieval/xquad-en" });
  return { makers: [...(skipped ? [] : [await ofTexts()]), clusters], skipped };
}

/**
 * Abstracts and paragraphs as bge-small embeds them. More than there are texts are made as a + 0.6 (b − c) of three of
 * them, which keeps what such vectors have in common: a few components that are large in all, and who lies near whom.
 */
async function ofTexts(): Promise<Maker> {
  const embedder = await openEmbedder(modelFolder(modelId) ?? "");
  const [scifact, xquad] = ["scifact", "xquad-en"].map((name) => readSet(testData(""), name));
  const some = <Item>(items: readonly Item[] = [], count: number): Item[] =>
    items.filter((_, index) => index % Math.max(1, Math.floor(items.length / count)) === 0).slice(0, count);
  const texts = [...some(scifact?.documents, passages), ...some(xquad?.documents, passages)].map(({ title, text }) => `${title} ${text}`);
  const asked = [...some(scifact?.queries, questions), ...some(xquad?.queries, questions)].map(({ text }) => text);
  const known = await embedder.embed(texts, "document");
  const queryVectors = await embedder.embed(asked, "query");
  const passage = (index: number): Float32Array => known.subarray(index * dimensions, (index + 1) * dimensions);
  return (count, queries) => {
    const random = createRandom(count);
    const any = (): Float32Array => passage(Math.min(texts.length - 1, Math.floor((random() + 0.5) * texts.length)));
    return {
      name: "texts",
      vectors: fill(count, (index) => {
        const first = passage(index % texts.length);
        if (index < texts.length) return first;
        const [second, third] = [any(), any()];
        return normal(first.map((value, at) => value + 0.6 * ((second[at] ?? 0) - (third[at] ?? 0))));
      }),
      queries: some(
        asked.map((_, index) => queryVectors.slice(index * dimensions, (index + 1) * dimensions)),
        queries,
      ),
    };
  };
}

const clusters: Maker = (count, queries) => {
  const random = createRandom(count);
  const centres = Array.from({ length: 500 }, () => unit(random));
  const near = (index: number): Float32Array => {
    const centre = centres[index % centres.length] ?? unit(random);
    return normal(unit(random).map((value, at) => (centre[at] ?? 0) + 0.9 * value));
  };
  return { name: "clusters", vectors: fill(count, near), queries: Array.from({ length: queries }, (_, index) => near(index * 7)) };
};

function fill(count: number, make: (index: number) => Float32Array): Float32Array {
  const vectors = new Float32Array(count * dimensions);
  for (let index = 0; index < count; index++) vectors.set(make(index), index * dimensions);
  return vectors;
}

/** A small linear congruential generator (Park and Miller), from −0.5 to 0.5: the same vectors in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
}

const unit = (random: () => number): Float32Array => normal(Float32Array.from({ length: dimensions }, random));

function normal(vector: Float32Array): Float32Array {
  let square = 0;
  for (const value of vector) square += value * value;
  const length = Math.sqrt(square);
  return vector.map((value) => value / length);
}
