import { loadSimdKernel } from "../../src/main/engines/search/kernel.ts";
import { createMirror } from "../../src/main/engines/search/mirror.ts";
import { createPlainKernel } from "../../src/main/engines/search/plain-kernel.ts";
import { dot, quantise } from "../../src/main/engines/search/quantise.ts";
import { createTop } from "../../src/main/engines/search/top.ts";
import { openLance, openSqliteVec, openSqliteVecBits, openUsearchExact, openUsearchGraph, type VectorPeer } from "./lib/vector-peers.ts";
import { dimensions, everything, exact, row, share, type VectorSet, vectorSets } from "./lib/vector-sets.ts";
import { type Figure, type Measurement, quantile } from "./row.ts";

const wanted = 10;
const rescored = 20;

/** Libraries that others search vectors with, on the same vectors in the same run; what cannot be installed is named. */
export async function measure({ quick }: { quick: boolean }): Promise<Measurement> {
  const { makers } = await vectorSets();
  const [make] = makers;
  const set = make?.(quick ? 5000 : 50_000, quick ? 20 : 100);
  if (!set) throw new Error("There is no set of vectors.");
  const expected = set.queries.map((query) => exact(query, set, wanted));
  const left: string[] = [];
  const measured: { name: string; insertS: number; p50: number; p95: number; recall: number }[] = [];
  for (const open of [openOwn, openUsearchExact, openUsearchGraph, openSqliteVec, openSqliteVecBits, openLance]) {
    const started = performance.now();
    const peer = await open(set);
    const insertS = (performance.now() - started) / 1000;
    if ("skipped" in peer) {
      left.push(peer.skipped);
      continue;
    }
    for (const query of set.queries.slice(0, 5)) await peer.nearest(query, wanted);
    const times: number[] = [];
    let found = 0;
    for (const [index, query] of set.queries.entries()) {
      const asked = performance.now();
      const keys = await peer.nearest(query, wanted);
      times.push(performance.now() - asked);
      found += share(keys, expected[index] ?? []);
    }
    await peer.close();
    measured.push({ name: peer.name, insertS, p50: quantile(times, 0.5), p95: quantile(times, 0.95), recall: found / set.queries.length });
  }
  const [own] = measured;
  return {
    title: `Other libraries, ${(set.vectors.length / dimensions).toLocaleString("en")} vectors of ${dimensions} (${set.name})`,
    columns: ["library", "insert s", "p50 ms", "p95 ms", "recall@10", "p95 against Croft's"],
    lines: measured.map(({ name, insertS, p50, p95, recall }) => [
      name,
      insertS.toFixed(1),
      p50.toFixed(2),
      p95.toFixed(2),
      recall.toFixed(3),
      own ? `${(p95 / own.p95).toFixed(1)} ×` : "–",
    ]),
    notes: [
      "The ten nearest by cosine, in the process that asks. onnxruntime, node-llama-cpp and Tesseract alone are in the rows ingest, generation and ocr.",
      ...[...new Set(left)].map((reason) => `Left out: ${reason}`),
    ].join(" "),
    figures: measured.map(({ name, p95 }): Figure => ({ name: `${name}: p95`, value: p95, unit: "ms" })),
  };
}

async function openOwn(set: VectorSet): Promise<VectorPeer> {
  const mirror = createMirror(dimensions, (loadSimdKernel() ?? createPlainKernel)());
  for (let key = 0; key < set.vectors.length / dimensions; key++) mirror.set(key, quantise(row(set, key)), "en");
  return {
    name: "Croft",
    nearest(query, count) {
      const top = createTop(count);
      for (const { key } of mirror.nearest(quantise(query), count + rescored, everything)) top.offer(key, dot(query, row(set, key)));
      return top.take().map(({ key }) => key);
    },
    close() {},
  };
}
