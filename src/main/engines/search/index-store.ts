import { crc32 } from "node:zlib";
import Database from "better-sqlite3";
import { AppError } from "../../../shared/errors.ts";
import { quantise } from "./quantise.ts";

export type StoredEmbedder = { id: number; name: string; dimensions: number };

/** A row as it is written: its texts analysed. */
export type AnalysedRow = { key: number; language: string; context: string; body: string; vector: Float32Array };

/** Statements on index.db. Every function is one transaction. */
export type IndexStore = ReturnType<typeof createIndexStore>;

export function createIndexStore(db: Database.Database) {
  const known = db.prepare<[number], { digest: number }>("SELECT digest FROM chunks WHERE key = ?");
  const putChunk = db.prepare(
    "INSERT INTO chunks (key, language, digest) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET language = excluded.language, digest = excluded.digest",
  );
  const dropChunk = db.prepare("DELETE FROM chunks WHERE key = ?");
  const putText = db.prepare("INSERT INTO lexical (rowid, context, body) VALUES (?, ?, ?)");
  const dropText = db.prepare("DELETE FROM lexical WHERE rowid = ?");
  const findEmbedder = db.prepare<[string], StoredEmbedder>("SELECT id, name, dimensions FROM embedders WHERE name = ?");
  const listEmbedders = db.prepare<[], StoredEmbedder>("SELECT id, name, dimensions FROM embedders ORDER BY id");

  const write = db.transaction((embedder: StoredEmbedder, rows: readonly AnalysedRow[], alongside: () => void) => {
    alongside();
    const putVector = db.prepare(`INSERT OR REPLACE INTO vectors_${embedder.id} (key, vector) VALUES (?, ?)`);
    const putSmall = db.prepare(`INSERT OR REPLACE INTO small_${embedder.id} (key, vector) VALUES (?, ?)`);
    for (const { key, language, context, body, vector } of rows) {
      const digest = crc32(`${language}\n${context}\n${body}`);
      const before = known.get(key);
      if (before?.digest !== digest) {
        if (before) dropText.run(key);
        putText.run(key, context, body);
        putChunk.run(key, language, digest);
      }
      putVector.run(key, bytes(vector));
      putSmall.run(key, bytes(quantise(vector)));
    }
  });

  const drop = db.transaction((keys: readonly number[]) => {
    const tables = listEmbedders.all().flatMap(({ id }) => [`vectors_${id}`, `small_${id}`]);
    const dropVectors = tables.map((table) => db.prepare(`DELETE FROM ${table} WHERE key = ?`));
    for (const key of keys) {
      if (dropChunk.run(key).changes > 0) dropText.run(key);
      for (const statement of dropVectors) statement.run(key);
    }
  });

  const addEmbedder = db.transaction((name: string, dimensions: number): StoredEmbedder => {
    const id = Number(db.prepare("INSERT INTO embedders (name, dimensions) VALUES (?, ?)").run(name, dimensions).lastInsertRowid);
    // Int8 beside float: read at start without touching the eight times larger rows.
    db.exec(
      `CREATE TABLE vectors_${id} (key INTEGER PRIMARY KEY, vector BLOB NOT NULL) STRICT; CREATE TABLE small_${id} (key INTEGER PRIMARY KEY, vector BLOB NOT NULL) STRICT;`,
    );
    return { id, name, dimensions };
  });

  const dropVectors = db.transaction(({ id }: StoredEmbedder, keys: readonly number[]) => {
    const statements = [`vectors_${id}`, `small_${id}`].map((table) => db.prepare<[number]>(`DELETE FROM ${table} WHERE key = ?`));
    for (const key of keys) for (const statement of statements) statement.run(key);
  });

  const dropEmbedder = db.transaction(({ id }: StoredEmbedder) => {
    db.exec(`DROP TABLE vectors_${id}; DROP TABLE small_${id};`);
    db.prepare("DELETE FROM embedders WHERE id = ?").run(id);
  });

  return {
    embedders: () => listEmbedders.all(),
    embedder: (name: string) => findEmbedder.get(name),
    /** @throws INVALID_INPUT when the embedder is known with other dimensions */
    ensureEmbedder(name: string, dimensions: number): StoredEmbedder {
      const found = findEmbedder.get(name) ?? guard(() => addEmbedder(name, dimensions));
      if (found.dimensions !== dimensions) {
        throw new AppError(
          "INVALID_INPUT",
          `Vectors of ${name} have ${found.dimensions} dimensions in the index, not ${dimensions}. Nothing was changed.`,
        );
      }
      return found;
    },
    /** `alongside` is written in the same transaction. */
    write: (embedder: StoredEmbedder, rows: readonly AnalysedRow[], alongside: () => void = () => {}) =>
      guard(() => write(embedder, rows, alongside)),
    drop: (keys: readonly number[]) => guard(() => drop(keys)),
    dropVectors: (embedder: StoredEmbedder, keys: readonly number[]) => guard(() => dropVectors(embedder, keys)),
    dropEmbedder: (embedder: StoredEmbedder) => guard(() => dropEmbedder(embedder)),
  };
}

/** The typed array's bytes, for a BLOB. Little-endian on every platform Croft runs on. */
export function bytes(values: Float32Array | Int8Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

function guard<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw storageError(error);
  }
}

/** SQLite's storage errors as ours; others are returned as they are. */
export function storageError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (error.code === "SQLITE_FULL") {
    return new AppError("DISK_FULL", "The disk is full. The search index keeps what it held before this write.", {
      cause: error,
      hint: "Free some space and try again.",
    });
  }
  if (error.code.startsWith("SQLITE_READONLY") || error.code.startsWith("SQLITE_IOERR") || error.code === "SQLITE_CANTOPEN") {
    return new AppError("STORAGE_READONLY", "The search index cannot be written. It keeps what it held before.", {
      cause: error,
      hint: "Check the rights and the disk of the profile folder.",
      data: { sqlite: error.code },
    });
  }
  return error;
}
