import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { loadPeer } from "./peers.ts";
import { dimensions, row, type VectorSet } from "./vector-sets.ts";

/** Vectors put into a library, and a question to it: the numbers of the nearest rows, best first. */
export type VectorPeer = {
  name: string;
  nearest(query: Float32Array, wanted: number): Promise<number[]> | number[];
  close(): Promise<void> | void;
};

type OpenPeer = (set: VectorSet) => Promise<VectorPeer | { skipped: string }>;

const rowsOf = ({ vectors }: VectorSet): number => vectors.length / dimensions;
const blob = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

/** Every stored vector compared in float, in a virtual table of SQLite. */
export const openSqliteVec: OpenPeer = (set) =>
  sqliteVec(set, "sqlite-vec, float", `vector float[${dimensions}] distance_metric=cosine`, ["?"], (db) => {
    const nearest = db.prepare<[Buffer, bigint], number>("SELECT rowid FROM v WHERE vector MATCH ? AND k = ?").pluck();
    return (query, wanted) => nearest.all(blob(query), BigInt(wanted)).map(Number);
  });

/** One bit a dimension first, then the best by bits in float: what the library's own guide proposes. */
export const openSqliteVecBits: OpenPeer = (set) =>
  sqliteVec(set, "sqlite-vec, bits, 320 in float", `bits bit[${dimensions}], +vector blob`, ["vec_quantize_binary(?)", "?"], (db) => {
    const nearest = db
      .prepare<[Buffer, Buffer, bigint], number>(
        `WITH near AS (SELECT rowid, vector FROM v WHERE bits MATCH vec_quantize_binary(?) AND k = 320)
         SELECT rowid FROM near ORDER BY vec_distance_cosine(vector, ?) LIMIT ?`,
      )
      .pluck();
    return (query, wanted) => nearest.all(blob(query), blob(query), BigInt(wanted)).map(Number);
  });

async function sqliteVec(
  set: VectorSet,
  name: string,
  columns: string,
  values: readonly string[],
  prepare: (db: Database.Database) => (query: Float32Array, wanted: number) => number[],
): Promise<VectorPeer | { skipped: string }> {
  const loaded = await loadPeer("sqlite-vec");
  if ("skipped" in loaded) return loaded;
  const { getLoadablePath } = loaded.exports as { getLoadablePath(): string };
  const db = new Database(":memory:");
  db.loadExtension(getLoadablePath());
  db.exec(`CREATE VIRTUAL TABLE v USING vec0(${columns})`);
  const names = values.length === 1 ? "vector" : "bits, vector";
  const insert = db.prepare(`INSERT INTO v (rowid, ${names}) VALUES (?, ${values.join(", ")})`);
  db.transaction(() => {
    for (let key = 0; key < rowsOf(set); key++) insert.run(BigInt(key), ...values.map(() => blob(row(set, key))));
  })();
  return { name, nearest: prepare(db), close: () => void db.close() };
}

type Usearch = {
  exactSearch(
    data: Float32Array,
    query: Float32Array,
    dimensions: number,
    wanted: number,
    metric: string,
    threads: number,
  ): { keys: BigUint64Array };
  Index: new (options: {
    dimensions: number;
    metric: string;
    quantization: string;
    connectivity: number;
    expansion_add: number;
    expansion_search: number;
    multi: boolean;
  }) => {
    add(keys: BigUint64Array, vectors: Float32Array, threads: number): void;
    search(query: Float32Array, wanted: number, threads: number): { keys: BigUint64Array };
  };
};

/** Every vector compared in float, one thread: it shares out queries, not rows. */
export const openUsearchExact: OpenPeer = async (set) => {
  const loaded = await loadPeer("usearch");
  if ("skipped" in loaded) return loaded;
  const { exactSearch } = loaded.exports as Usearch;
  return {
    name: "usearch, exact float",
    nearest: (query, wanted) => Array.from(exactSearch(set.vectors, query.slice(), dimensions, wanted, "ip", 1).keys, Number),
    close() {},
  };
};

/** A graph, which takes long to build and little to search. */
export const openUsearchGraph: OpenPeer = async (set) => {
  const loaded = await loadPeer("usearch");
  if ("skipped" in loaded) return loaded;
  const { Index } = loaded.exports as Usearch;
  const index = new Index({
    dimensions,
    metric: "ip",
    quantization: "i8",
    connectivity: 16,
    expansion_add: 128,
    expansion_search: 128,
    multi: false,
  });
  index.add(
    BigUint64Array.from({ length: rowsOf(set) }, (_, key) => BigInt(key)),
    set.vectors,
    2,
  );
  return {
    name: "usearch, graph of int8",
    nearest: (query, wanted) => Array.from(index.search(query.slice(), wanted, 1).keys, Number),
    close() {},
  };
};

type Lance = {
  connect(folder: string): Promise<{
    createTable(name: string, rows: { key: number; vector: number[] }[]): Promise<LanceTable>;
    close(): void;
  }>;
};
type LanceTable = {
  add(rows: { key: number; vector: number[] }[]): Promise<unknown>;
  query(): {
    nearestTo(query: number[]): { select(columns: string[]): { limit(rows: number): { toArray(): Promise<{ key: number }[]> } } };
  };
  close(): void;
};

/** A table on disk without an index, as it is after an insert. */
export const openLance: OpenPeer = async (set) => {
  const loaded = await loadPeer("@lancedb/lancedb");
  if ("skipped" in loaded) return loaded;
  const { connect } = loaded.exports as Lance;
  const folder = mkdtempSync(join(tmpdir(), "croft-lance-"));
  const db = await connect(folder);
  const slice = (from: number) =>
    Array.from({ length: Math.min(10_000, rowsOf(set) - from) }, (_, at) => ({ key: from + at, vector: Array.from(row(set, from + at)) }));
  const table = await db.createTable("v", slice(0));
  for (let from = 10_000; from < rowsOf(set); from += 10_000) await table.add(slice(from));
  return {
    name: "LanceDB, no index",
    nearest: async (query, wanted) =>
      (await table.query().nearestTo(Array.from(query)).select(["key", "_distance"]).limit(wanted).toArray()).map(({ key }) => Number(key)),
    close() {
      table.close();
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
