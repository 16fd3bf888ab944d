import Database from "better-sqlite3";
import { getLoadablePath } from "sqlite-vec";
import { createMirror } from "../../src/main/engines/search/mirror.ts";
import { dot, quantise } from "../../src/main/engines/search/quantise.ts";
import { loadSimdScan, plainScan } from "../../src/main/engines/search/scan.ts";
import { createTop } from "../../src/main/engines/search/top.ts";
import { type Figure, type Measurement, quantile } from "./row.ts";

const dimensions = 384;
const wanted = 10;
const rescored = 30;
const everything = { has: () => true };

/**
 * The int8 mirror with its best 30 compared in float, against every vector compared in float by sqlite-vec. Vectors
 * lie around centres, as those of texts do.
 */
export async function measure({ quick }: { quick: boolean }): Promise<Measurement> {
  const scan = (await loadSimdScan()) ?? plainScan;
  const lines: string[][] = [];
  const figures: Figure[] = [];
  for (const { count, queries, reference, allowedMs } of [
    { count: quick ? 20_000 : 200_000, queries: quick ? 50 : 200, reference: true, allowedMs: 8 },
    ...(quick ? [] : [{ count: 1_000_000, queries: 100, reference: false, allowedMs: 30 }]),
  ]) {
    const random = createRandom(count);
    const centres = Array.from({ length: 500 }, () => unit(random));
    const vectors = new Float32Array(count * dimensions);
    const mirror = createMirror(dimensions, scan);
    let filled = 0;
    for (let key = 0; key < count; key++) {
      const vector = near(centres[key % centres.length] ?? unit(random), random);
      vectors.set(vector, key * dimensions);
      const started = performance.now();
      mirror.set(key, quantise(vector), "en");
      filled += performance.now() - started;
    }
    const asked = Array.from({ length: queries }, (_, index) => near(centres[(index * 7) % centres.length] ?? unit(random), random));
    const row = (key: number): Float32Array => vectors.subarray(key * dimensions, (key + 1) * dimensions);
    const search = (query: Float32Array): number[] => {
      const top = createTop(wanted);
      for (const { key } of mirror.nearest(quantise(query), rescored, everything)) top.offer(key, dot(query, row(key)));
      return top.take().map(({ key }) => key);
    };
    for (const query of asked.slice(0, 20)) search(query);
    const times: number[] = [];
    const found = asked.map((query) => {
      const started = performance.now();
      const keys = search(query);
      times.push(performance.now() - started);
      return keys;
    });
    const checked = asked.slice(0, 50);
    const recall = checked.reduce((sum, query, index) => sum + share(found[index] ?? [], exact(query, vectors, count)), 0) / checked.length;
    const other = reference ? measureReference(vectors, count, asked.slice(0, 30)) : undefined;
    const name = `vector search, ${count.toLocaleString("en")}`;
    figures.push(
      { name: `${name}, p95`, value: quantile(times, 0.95), unit: "ms", target: { atMost: allowedMs } },
      { name: `${name}, recall@10`, value: recall, unit: "", target: { atLeast: 0.99 } },
    );
    lines.push([
      count.toLocaleString("en"),
      quantile(times, 0.5).toFixed(1),
      quantile(times, 0.95).toFixed(1),
      recall.toFixed(3),
      ((filled / count) * 1000).toFixed(1),
      other === undefined ? "–" : other.toFixed(0),
      other === undefined ? "–" : `${(other / quantile(times, 0.95)).toFixed(1)} ×`,
    ]);
  }
  return {
    title: "Vector search",
    columns: ["vectors of 384", "p50 ms", "p95 ms", "recall@10", "insert µs", "sqlite-vec float p95 ms", "ratio"],
    lines,
    notes: `Held to: 200,000 p95 ≤ 8 ms, 1,000,000 p95 ≤ 30 ms, recall@10 ≥ 0.99 against exact float, no build step after insert.`,
    figures,
  };
}

function measureReference(vectors: Float32Array, count: number, queries: readonly Float32Array[]): number {
  const db = new Database(":memory:");
  db.loadExtension(getLoadablePath());
  db.exec(`CREATE VIRTUAL TABLE v USING vec0(vector float[${dimensions}] distance_metric=cosine)`);
  const insert = db.prepare("INSERT INTO v (rowid, vector) VALUES (?, ?)");
  db.transaction(() => {
    for (let key = 0; key < count; key++) insert.run(BigInt(key), Buffer.from(vectors.buffer, key * dimensions * 4, dimensions * 4));
  })();
  const nearest = db.prepare("SELECT rowid FROM v WHERE vector MATCH ? AND k = ?");
  const times = queries.map((query) => {
    const started = performance.now();
    nearest.all(Buffer.from(query.buffer, query.byteOffset, query.byteLength), BigInt(wanted));
    return performance.now() - started;
  });
  db.close();
  return quantile(times, 0.95);
}

function exact(query: Float32Array, vectors: Float32Array, count: number): number[] {
  const top = createTop(wanted);
  for (let key = 0; key < count; key++) {
    let product = 0;
    const offset = key * dimensions;
    for (let index = 0; index < dimensions; index++) product += (query[index] ?? 0) * (vectors[offset + index] ?? 0);
    top.offer(key, product);
  }
  return top.take().map(({ key }) => key);
}

function share(found: readonly number[], wanted: readonly number[]): number {
  return wanted.filter((key) => found.includes(key)).length / wanted.length;
}

/** A small linear congruential generator (Park and Miller): the same vectors in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
}

function unit(random: () => number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (let index = 0; index < dimensions; index++) vector[index] = random();
  return normal(vector);
}

function near(centre: Float32Array, random: () => number): Float32Array {
  const vector = unit(random);
  for (let index = 0; index < dimensions; index++) vector[index] = (centre[index] ?? 0) + 0.9 * (vector[index] ?? 0);
  return normal(vector);
}

function normal(vector: Float32Array): Float32Array {
  let square = 0;
  for (const value of vector) square += value * value;
  const length = Math.sqrt(square);
  for (let index = 0; index < vector.length; index++) vector[index] = (vector[index] ?? 0) / length;
  return vector;
}
