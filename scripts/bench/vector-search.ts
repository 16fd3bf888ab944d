import { loadSimdKernel } from "../../src/main/engines/search/kernel.ts";
import { createMirror, type Mirror, type Selection } from "../../src/main/engines/search/mirror.ts";
import { createPlainKernel } from "../../src/main/engines/search/plain-kernel.ts";
import { dot, quantise } from "../../src/main/engines/search/quantise.ts";
import { createTop } from "../../src/main/engines/search/top.ts";
import { openSqliteVec } from "./lib/vector-peers.ts";
import { dimensions, exact, everything, row, share, type VectorSet, vectorSets } from "./lib/vector-sets.ts";
import { type Figure, type Measurement, quantile } from "./row.ts";

const wanted = 10;
/** As in vector-leg.ts: so many more than wanted are compared in float. */
const rescored = 20;
const checked = 40;
/** What a collection of a tenth of all chunks leaves. */
const tenth: Selection = { has: (key) => key % 10 === 3 };

/** The mirror with its best compared in float, against every vector compared in float by sqlite-vec. */
export async function measure({ quick }: { quick: boolean }): Promise<Measurement> {
  const makeKernel = loadSimdKernel() ?? createPlainKernel;
  const { makers, skipped } = await vectorSets();
  const lines: string[][] = [];
  const figures: Figure[] = [];
  const without = new Set<string>(skipped ? [skipped] : []);
  for (const { count, queries, reference, allowedMs } of [
    { count: quick ? 20_000 : 200_000, queries: quick ? 50 : 200, reference: true, allowedMs: 8 },
    ...(quick ? [] : [{ count: 1_000_000, queries: 200, reference: false, allowedMs: 30 }]),
  ]) {
    for (const make of makers) {
      const set = make(count, queries);
      const mirror = createMirror(dimensions, makeKernel());
      const started = performance.now();
      for (let key = 0; key < count; key++) mirror.set(key, quantise(row(set, key)), "en");
      const insertUs = ((performance.now() - started) / count) * 1000;
      const all = timed(set, mirror, everything);
      const some = timed(set, mirror, tenth);
      const peer = reference ? await measureReference(set) : undefined;
      const peerMs = typeof peer === "number" ? peer : undefined;
      if (typeof peer === "object") without.add(peer.skipped);
      const name = `vector search, ${count.toLocaleString("en")} ${set.name}`;
      figures.push(
        { name: `${name}, p95`, value: all.p95, unit: "ms", target: { atMost: allowedMs } },
        { name: `${name}, recall@10`, value: all.recall, unit: "", target: { atLeast: 0.99 } },
        { name: `${name}, a tenth selected, recall@10`, value: some.recall, unit: "", target: { atLeast: 0.99 } },
      );
      lines.push([
        `${count.toLocaleString("en")} ${set.name}`,
        all.p50.toFixed(1),
        all.p95.toFixed(1),
        all.recall.toFixed(3),
        some.p95.toFixed(1),
        some.recall.toFixed(3),
        insertUs.toFixed(1),
        peerMs === undefined ? "–" : peerMs.toFixed(0),
        peerMs === undefined ? "–" : `${(peerMs / all.p95).toFixed(1)} ×`,
      ]);
    }
  }
  return {
    title: "Vector search",
    columns: [
      `vectors of ${dimensions}`,
      "p50 ms",
      "p95 ms",
      "recall@10",
      "a tenth selected, p95 ms",
      "recall@10",
      "insert µs",
      "sqlite-vec float p95 ms",
      "ratio",
    ],
    lines,
    notes: [
      "One thread. Texts: SciFact abstracts and XQuAD paragraphs as bge-small embeds them, asked real claims and questions; more than there are texts are made as a + 0.6 (b − c) of three of them.",
      "Clusters: 500 centres with noise around them. Recall is against exact float. Held to: 200,000 p95 ≤ 8 ms, 1,000,000 p95 ≤ 30 ms, recall@10 ≥ 0.99, no build step after insert.",
      ...[...without].map((reason) => `Left out: ${reason}`),
    ].join(" "),
    figures,
  };
}

function timed(set: VectorSet, mirror: Mirror, selection: Selection): { p50: number; p95: number; recall: number } {
  const search = (query: Float32Array): number[] => {
    const top = createTop(wanted);
    for (const { key } of mirror.nearest(quantise(query), wanted + rescored, selection)) top.offer(key, dot(query, row(set, key)));
    return top.take().map(({ key }) => key);
  };
  for (const query of set.queries.slice(0, 20)) search(query);
  const times: number[] = [];
  const found = set.queries.map((query) => {
    const started = performance.now();
    const keys = search(query);
    times.push(performance.now() - started);
    return keys;
  });
  // Spread over all, as the sets put queries of one kind side by side.
  const sample = set.queries
    .map((query, index) => ({ query, index }))
    .filter(({ index }) => index % Math.ceil(set.queries.length / checked) === 0);
  const shares = sample.map(({ query, index }) => share(found[index] ?? [], exact(query, set, wanted, selection)));
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95), recall: shares.reduce((sum, value) => sum + value, 0) / shares.length };
}

async function measureReference(set: VectorSet): Promise<number | { skipped: string }> {
  const peer = await openSqliteVec(set);
  if ("skipped" in peer) return peer;
  const times: number[] = [];
  for (const query of set.queries.slice(0, 20)) {
    const started = performance.now();
    await peer.nearest(query, wanted);
    times.push(performance.now() - started);
  }
  await peer.close();
  return quantile(times, 0.95);
}
