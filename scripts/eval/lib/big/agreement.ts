import { join } from "node:path";
import Database from "better-sqlite3";
import type { PlannedFile } from "./plan.ts";

export type FileRow = {
  path: string;
  state: string;
  code: string | null;
  documentId: string | null;
  contentHash: string | null;
  /** The file on disk that it lies in, of a file inside another. */
  container: string | null;
};

/** What croft.db says became of every file, by its path below `root`; read beside a running Croft. */
export function fileRows(profile: string, root: string): Map<string, FileRow> {
  return withDatabase(
    join(profile, "croft.db"),
    (db) =>
      new Map(
        db
          .prepare<[], FileRow>(
            "SELECT path, state, json_extract(reason, '$.code') AS code, document_id AS documentId, content_hash AS contentHash, container FROM files",
          )
          .all()
          .map((row) => [row.path.slice(root.length + 1), row]),
      ),
  );
}

export type Count = { what: string; found: number };

/** What must be empty in a sound profile, with how many of it there are; 0 everywhere is the proof. */
export function disagreements(profile: string): Count[] {
  const truth = withDatabase(join(profile, "croft.db"), (db) => {
    const count = (sql: string) => db.prepare<[], number>(`SELECT count(*) FROM (${sql})`).pluck().get() ?? -1;
    const keys = db
      .prepare<[], number>("SELECT k.key FROM chunks k JOIN documents d ON d.id = k.document_id WHERE d.state = 'published'")
      .pluck()
      .all();
    return {
      keys,
      counts: [
        { what: "faults that integrity_check of croft.db finds", found: faults(db) },
        { what: "rows that point to nothing", found: (db.pragma("foreign_key_check") as unknown[]).length },
        { what: "contents stored twice", found: count("SELECT 1 FROM documents GROUP BY content_hash HAVING count(*) > 1") },
        { what: "chunks stored twice", found: count("SELECT 1 FROM chunks GROUP BY document_id, ordinal HAVING count(*) > 1") },
        { what: "files listed twice", found: count("SELECT 1 FROM files GROUP BY source_id, path HAVING count(*) > 1") },
        { what: "documents left half-written", found: count("SELECT 1 FROM documents WHERE state = 'pending'") },
        {
          what: "documents in no collection",
          found: count("SELECT 1 FROM documents WHERE id NOT IN (SELECT document_id FROM collection_documents)"),
        },
        {
          what: "texts of no document",
          found: count("SELECT 1 FROM texts WHERE hash NOT IN (SELECT text_hash FROM documents WHERE text_hash IS NOT NULL)"),
        },
        {
          what: "documents without vectors",
          found: count("SELECT 1 FROM documents WHERE id NOT IN (SELECT document_id FROM document_embeddings)"),
        },
        { what: "indexed files without a document", found: count("SELECT 1 FROM files WHERE state = 'indexed' AND document_id IS NULL") },
        {
          what: "refused files without a reason",
          found: count("SELECT 1 FROM files WHERE state IN ('failed', 'skipped') AND reason IS NULL"),
        },
      ],
    };
  });
  return [...truth.counts, ...withDatabase(join(profile, "index.db"), (db) => indexCounts(db, new Set(truth.keys)))];
}

function indexCounts(db: Database.Database, keys: ReadonlySet<number>): Count[] {
  const differs = (sql: string): number => {
    const indexed = db.prepare<[], number>(sql).pluck().all();
    const extra = indexed.filter((key) => !keys.has(key)).length;
    return extra + (keys.size - (indexed.length - extra));
  };
  const embedders = db.prepare<[], number>("SELECT id FROM embedders").pluck().all();
  return [
    { what: "faults that integrity_check of index.db finds", found: faults(db) },
    { what: "chunks in one database and not in the other", found: differs("SELECT key FROM chunks") },
    { what: "full texts in one database and not in the other", found: differs("SELECT id FROM lexical_docsize") },
    ...embedders.flatMap((id) =>
      ["vectors", "small"].map((name) => ({
        what: `${name === "small" ? "small " : ""}vectors in one database and not in the other`,
        found: differs(`SELECT key FROM ${name}_${id}`),
      })),
    ),
  ];
}

/** Why a file did not end as the plan allows, or undefined. */
export function misfit(file: PlannedFile, row: FileRow | undefined): string | undefined {
  if (!row) return "it is not listed";
  if (row.state === "pending") return "it was left undone";
  const ended = row.state === "indexed" ? "indexed" : (row.code ?? "no reason");
  if (file.expected.includes(ended)) return undefined;
  return `it ended as ${ended} instead of ${file.expected.join(" or ")}`;
}

function faults(db: Database.Database): number {
  return db.pragma("integrity_check", { simple: true }) === "ok" ? 0 : 1;
}

export function withDatabase<Result>(path: string, work: (db: Database.Database) => Result): Result {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    return work(db);
  } finally {
    db.close();
  }
}
