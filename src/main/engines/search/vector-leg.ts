import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import { bytes, type IndexStore, type StoredEmbedder } from "./index-store.ts";
import type { Kernel } from "./kernel.ts";
import { createMirror, type Mirror, type Selection } from "./mirror.ts";
import { quantise } from "./quantise.ts";
import { createTop, type Scored } from "./top.ts";

export type VectorResult = {
  /** Best first, by cosine. */
  found: Scored[];
  /** The mean cosine of the query and the embedder's vectors of the language it lies nearest to. */
  mean: number;
};

/** The vectors of one embedder. */
export type VectorLeg = {
  search(query: Float32Array, limit: number, selection: Selection): Promise<VectorResult>;
  /** A test for the keys that have a vector. */
  has(): Promise<(key: number) => boolean>;
  set(key: number, vector: Float32Array, language: string): void;
  delete(keys: readonly number[]): void;
};

/** So many more than asked for are taken by int8 and compared in float: of the true ten nearest, none was outside the best thirty. */
const rescored = 20;
const rowsARead = 4096;

/** Searches a mirror in memory, which is filled at first use, and lets sqlite-vec compare the best again in float. */
export function createMirrorLeg(reader: Database, embedder: StoredEmbedder, kernel: Kernel): VectorLeg {
  const part = reader.prepare<[number, number], { key: number; vector: Buffer; language: string }>(
    `SELECT key, vector, language FROM small_${embedder.id} JOIN chunks USING (key) WHERE key > ? ORDER BY key LIMIT ?`,
  );
  const exact = reader.prepare<[Buffer, string], { key: number; score: number | null }>(
    `SELECT key, 1 - vec_distance_cosine(vector, ?) AS score FROM vectors_${embedder.id} WHERE key IN (SELECT value FROM json_each(?))`,
  );
  const mirror = createMirror(embedder.dimensions, kernel);
  let filling: Promise<Mirror> | undefined;

  /** Rows written meanwhile go into the mirror by `set`: reading on until there are no more would chase a writer for ever. */
  async function fill(): Promise<Mirror> {
    for (let after = -1; ;) {
      const rows = part.all(after, rowsARead);
      for (const { key, vector, language } of rows) {
        mirror.set(key, new Int8Array(vector.buffer, vector.byteOffset, vector.byteLength), language);
      }
      const last = rows.at(-1);
      if (!last || rows.length < rowsARead) return mirror;
      after = last.key;
      await nextTurn();
    }
  }
  const filled = (): Promise<Mirror> =>
    (filling ??= fill().catch((error: unknown) => {
      filling = undefined;
      throw error;
    }));

  return {
    async search(query, limit, selection) {
      await filled();
      const top = createTop(limit);
      const nearest = mirror.nearest(quantise(query), limit + rescored, selection).map(({ key }) => key);
      // A vector of zeros has no cosine.
      for (const { key, score } of exact.iterate(bytes(query), JSON.stringify(nearest))) top.offer(key, score ?? 0);
      return { found: top.take(), mean: mirror.meanSimilarity(query) };
    },
    async has() {
      await filled();
      return mirror.has;
    },
    set(key, vector, language) {
      if (filling) mirror.set(key, quantise(vector), language);
    },
    delete(keys) {
      if (filling) for (const key of keys) mirror.delete(key);
    },
  };
}

/** One leg for each embedder of the index, made when it is first needed. */
export function createVectorLegs(store: IndexStore, make: (embedder: StoredEmbedder) => VectorLeg) {
  const legs = new Map<string, VectorLeg>();
  return {
    open(name: string): VectorLeg | undefined {
      const known = legs.get(name);
      if (known) return known;
      const embedder = store.embedder(name);
      if (!embedder) return undefined;
      const leg = make(embedder);
      legs.set(name, leg);
      return leg;
    },
    delete(keys: readonly number[]): void {
      for (const leg of legs.values()) leg.delete(keys);
    },
    forget: (name: string): boolean => legs.delete(name),
  };
}
