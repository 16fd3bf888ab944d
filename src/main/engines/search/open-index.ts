import { chmodSync, closeSync, existsSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import { loadCosine } from "./load-cosine.ts";
import type { RebuildReason } from "./protocol.ts";

/** Raised when tables or the analysis of texts change: an index of another version is begun anew. */
const indexVersion = 1;

const schema = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE embedders (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, dimensions INTEGER NOT NULL) STRICT;
  -- Chunks with full text. The digest tells whether putting a row again would change anything.
  CREATE TABLE chunks (key INTEGER PRIMARY KEY, language TEXT NOT NULL, digest INTEGER NOT NULL) STRICT;
  -- Tokens come ready from the analysis; this tokenizer only splits at spaces.
  CREATE VIRTUAL TABLE lexical USING fts5(context, body, content='', contentless_delete=1, tokenize="ascii tokenchars '_'");
  CREATE VIRTUAL TABLE vocabulary USING fts5vocab(lexical, 'row');
`;

export type OpenIndex = {
  writer: Database.Database;
  /** A connection of its own, so that a query can be walked through while rows are written. */
  reader: Database.Database;
  begun: { at: number; reason: RebuildReason };
};

/**
 * Opens index.db, or begins it anew where it cannot be used. A damaged file is set aside as `<path>.damaged`, one of
 * another version or another croft.db deleted: all of it can be made again.
 */
export function openIndex(path: string, truth: Database.Database): OpenIndex {
  const reason = existsSync(path) ? whyUnusable(path, truth) : "missing";
  if (reason) begin(path, reason);
  const writer = connect(path);
  const begun: OpenIndex["begun"] = JSON.parse(readMeta(writer, "begun") ?? "");
  const reader = new Database(path, { readonly: true });
  loadCosine(reader);
  return { writer, reader, begun };
}

/** Takes the file out of the way and makes an empty index. */
export function begin(path: string, reason: RebuildReason): void {
  if (reason === "damaged") renameSync(path, `${path}.damaged`);
  for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
  const db = connect(path);
  db.transaction(() => {
    db.exec(schema);
    const insert = db.prepare("INSERT INTO meta (name, value) VALUES (?, ?)");
    insert.run("version", String(indexVersion));
    insert.run("begun", JSON.stringify({ at: Date.now(), reason }));
  })();
  db.close();
}

/** True for the errors by which SQLite says that a file is no sound database. */
export function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && (error.code.startsWith("SQLITE_CORRUPT") || error.code === "SQLITE_NOTADB");
}

/**
 * Notes the last event of croft.db. Row keys can be given out twice when croft.db goes back to an older state, so an
 * index that knows of an event that never was must not be used.
 */
export function noteTruth(index: Database.Database, truth: Database.Database): void {
  const last = truth.prepare("SELECT seq, at FROM events ORDER BY seq DESC LIMIT 1").get();
  if (last)
    index
      .prepare("INSERT INTO meta (name, value) VALUES ('truth', ?) ON CONFLICT DO UPDATE SET value = excluded.value")
      .run(JSON.stringify(last));
}

function connect(path: string): Database.Database {
  // It holds the words of documents: SQLite would make it as the umask says, for everybody to read. What is there keeps its rights.
  closeSync(openSync(path, "a", 0o600));
  if (statSync(path).uid === process.getuid?.()) chmodSync(path, 0o600);
  const db = new Database(path);
  // Five vectors of 384 dimensions fit a page of 8 KB, two one of 4 KB.
  db.pragma("page_size = 8192");
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.pragma("busy_timeout = 5000");
  db.pragma("trusted_schema = OFF");
  db.pragma("secure_delete = ON");
  return db;
}

function whyUnusable(path: string, truth: Database.Database): RebuildReason | undefined {
  let db: Database.Database | undefined;
  try {
    db = connect(path);
    if (readMeta(db, "version") !== String(indexVersion) || readMeta(db, "begun") === undefined) return "version";
    for (const table of ["embedders", "chunks", "lexical_data", "lexical_docsize"]) db.prepare(`SELECT * FROM ${table} LIMIT 1`).get();
    return isForeign(db, truth) ? "foreign" : undefined;
  } catch (error) {
    if (isDamage(error)) return "damaged";
    if (error instanceof Database.SqliteError && error.code === "SQLITE_ERROR") return "version";
    throw error;
  } finally {
    db?.close();
  }
}

function readMeta(db: Database.Database, name: string): string | undefined {
  return db.prepare<[string], string>("SELECT value FROM meta WHERE name = ?").pluck().get(name);
}

/** False also where croft.db has dropped events as old as the one noted. */
function isForeign(index: Database.Database, truth: Database.Database): boolean {
  const noted = readMeta(index, "truth");
  if (noted === undefined) return false;
  const { seq, at }: { seq: number; at: number } = JSON.parse(noted);
  const next = truth
    .prepare<[number], { seq: number; at: number }>("SELECT seq, at FROM events WHERE seq >= ? ORDER BY seq LIMIT 1")
    .get(seq);
  return next === undefined || (next.seq === seq && next.at !== at);
}
