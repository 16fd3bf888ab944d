import { z } from "zod";
import type { Coverage, FileStatus, fileStates } from "../../../shared/contract/knowledge.ts";
import { Reason } from "../../../shared/contract/define.ts";
import { ReadOptions } from "../../../shared/contract/reading.ts";
import { toWire } from "../../../shared/errors.ts";
import { createId } from "../../db/id.ts";
import type { Truth } from "../../db/truth.ts";

export const SourceOptions = z.object({
  include: z.array(z.string()).default([]),
  exclude: z.array(z.string()).default([]),
  watch: z.boolean().default(false),
  reading: ReadOptions.partial().default({}),
});
export type SourceOptions = z.infer<typeof SourceOptions>;

export type Source = { id: string; collectionId: string; kind: "path" | "records"; path: string; options: SourceOptions };

/** A file of a source as last seen. */
export type SourceFile = {
  id: string;
  path: string;
  size: number;
  modifiedAt: number;
  contentHash: string | null;
  documentId: string | null;
  state: (typeof fileStates)[number];
  /** Code of the error for which it failed or was skipped. */
  reason: string | undefined;
  unavailable: boolean;
};

type FileRow = {
  id: string;
  path: string;
  size: number;
  modified_at: number;
  content_hash: string | null;
  document_id: string | null;
  state: SourceFile["state"];
  reason: string | null;
  unavailable: number;
};
type StatusRow = {
  path: string;
  state: SourceFile["state"];
  reason: string | null;
  document_id: string | null;
  unavailable: number;
  ocr_pages: number;
  pages: number | null;
  chunks: number | null;
  language: string | null;
};

export type SourceStore = ReturnType<typeof createSourceStore>;

/** What collections were given, and what became of every file in it. */
export function createSourceStore(truth: Truth) {
  const { db } = truth;
  const bySource = db.prepare<[string], FileRow>("SELECT * FROM files WHERE source_id = ?");
  const sourcesOf = db.prepare<[string], { id: string; collection_id: string; kind: "path" | "records"; path: string; options: string }>(
    "SELECT * FROM sources WHERE collection_id = ? ORDER BY created_at, id",
  );
  const upsertFile = db.prepare(
    `INSERT INTO files (id, source_id, path, size, modified_at, state) VALUES (?, ?, ?, ?, ?, 'pending')
     ON CONFLICT (source_id, path) DO UPDATE SET size = excluded.size, modified_at = excluded.modified_at, unavailable = 0,
       state = CASE WHEN files.size <> excluded.size OR files.modified_at <> excluded.modified_at OR files.unavailable = 1 THEN 'pending' ELSE files.state END`,
  );

  const retryLocked = db.prepare(
    "UPDATE files SET state = 'pending' WHERE source_id = ? AND json_extract(reason, '$.code') IN ('FILE_ENCRYPTED', 'FILE_PASSWORD_WRONG')",
  );

  const list = (collectionId: string): Source[] =>
    sourcesOf.all(collectionId).map((row) => ({
      id: row.id,
      collectionId: row.collection_id,
      kind: row.kind,
      path: row.path,
      options: SourceOptions.parse(JSON.parse(row.options)),
    }));

  return {
    /** Remembers a source; one that is there already gets the new options, and with a new password its locked files another try. */
    add(collectionId: string, kind: Source["kind"], path: string, options: SourceOptions): Source {
      return truth.transact((transaction) => {
        const former = db
          .prepare<[string, string], { id: string; options: string }>(
            "SELECT id, options FROM sources WHERE collection_id = ? AND path = ?",
          )
          .get(collectionId, path);
        const { password } = options.reading;
        if (former && password !== undefined && password !== SourceOptions.parse(JSON.parse(former.options)).reading.password)
          retryLocked.run(former.id);
        db.prepare(
          `INSERT INTO sources (id, collection_id, kind, path, options, created_at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (collection_id, path) DO UPDATE SET options = excluded.options, kind = excluded.kind`,
        ).run(createId(truth.now()), collectionId, kind, path, JSON.stringify(options), truth.now());
        transaction.event("collection.sources", collectionId);
        const { id } = db
          .prepare<[string, string], { id: string }>("SELECT id FROM sources WHERE collection_id = ? AND path = ?")
          .get(collectionId, path) ?? { id: "" };
        return { id, collectionId, kind, path, options };
      });
    },

    list,

    files: (sourceId: string): Map<string, SourceFile> => new Map(bySource.all(sourceId).map((row) => [row.path, toFile(row)])),

    /** Notes files that were seen, as pending where they are new or changed, so that a crash forgets none. Call in slices. */
    noteSeen(sourceId: string, files: readonly { path: string; size: number; modifiedAt: number }[]): void {
      truth.transact(() => {
        for (const file of files) upsertFile.run(createId(truth.now()), sourceId, file.path, file.size, file.modifiedAt);
      });
    },

    /** What was read of the file before stays, and leaves with the next version of it or with the file. */
    noteState(sourceId: string, path: string, state: "failed" | "skipped", error: unknown, contentHash?: string): void {
      truth.transact(() => {
        const { code, message, hint } = toWire(error);
        db.prepare("UPDATE files SET state = ?, reason = ?, content_hash = coalesce(?, content_hash) WHERE source_id = ? AND path = ?").run(
          state,
          JSON.stringify({ code, message, hint }),
          contentHash ?? null,
          sourceId,
          path,
        );
      });
    },

    /** Notes a file that was taken in and is no document itself: a file of records. */
    noteIndexed(sourceId: string, path: string, contentHash: string): void {
      truth.transact(
        () =>
          void db
            .prepare(
              "UPDATE files SET state = 'indexed', reason = NULL, document_id = NULL, content_hash = ?, unavailable = 0 WHERE source_id = ? AND path = ?",
            )
            .run(contentHash, sourceId, path),
      );
    },

    /** Collections and their sources that are to be watched. */
    watched: (): Source[] =>
      db
        .prepare<[], { id: string }>("SELECT DISTINCT collection_id AS id FROM sources")
        .all()
        .flatMap(({ id }) => list(id))
        .filter(({ options }) => options.watch),

    noteUnavailable(sourceId: string, paths: readonly string[]): void {
      truth.transact(() => {
        for (const path of paths) db.prepare("UPDATE files SET unavailable = 1 WHERE source_id = ? AND path = ?").run(sourceId, path);
      });
    },

    coverage(collection: { id: string; name: string; documents: number; chunks: number; bytes: number }): Coverage {
      const rows = db
        .prepare<[string], StatusRow>(
          `SELECT f.path, f.state, f.reason, f.document_id, f.unavailable, f.ocr_pages, d.language,
             d.pages, d.chunks
           FROM files f JOIN sources s ON s.id = f.source_id LEFT JOIN documents d ON d.id = f.document_id
           WHERE s.collection_id = ? ORDER BY f.path`,
        )
        .all(collection.id);
      const totals = { indexed: 0, skipped: 0, failed: 0, pending: 0 };
      for (const { state } of rows) totals[state] += 1;
      return {
        collection: collection.name,
        documents: collection.documents,
        chunks: collection.chunks,
        bytes: collection.bytes,
        files: rows.map(toStatus),
        totals,
      };
    },
  };
}

function toFile(row: FileRow): SourceFile {
  return {
    id: row.id,
    path: row.path,
    size: row.size,
    modifiedAt: row.modified_at,
    contentHash: row.content_hash,
    documentId: row.document_id,
    state: row.state,
    reason: row.reason === null ? undefined : Reason.parse(JSON.parse(row.reason)).code,
    unavailable: row.unavailable === 1,
  };
}

function toStatus(row: StatusRow): FileStatus {
  return {
    path: row.path,
    state: row.state,
    ...(row.reason === null ? {} : { reason: Reason.parse(JSON.parse(row.reason)) }),
    ...(row.document_id === null ? {} : { documentId: row.document_id, pages: row.pages ?? 0, chunks: row.chunks ?? 0 }),
    ...(row.ocr_pages > 0 ? { ocrPages: row.ocr_pages } : {}),
    ...(row.language === null ? {} : { language: row.language }),
    ...(row.unavailable === 1 ? { unavailable: true } : {}),
  };
}
