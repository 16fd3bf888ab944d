import { z } from "zod";
import type { Coverage, FileStatus, fileStates } from "../../../../shared/contract/knowledge.ts";
import { Reason } from "../../../../shared/contract/define.ts";
import { NamedReadOptions } from "../../../../shared/contract/reading.ts";
import { AppError, toWire } from "../../../../shared/errors.ts";
import { createId } from "../../../db/id.ts";
import type { Truth } from "../../../db/truth.ts";
import { collectionRemoved } from "../collections/collection-removed.ts";
import { inPages } from "../slices.ts";

/** Rows of one turn of the event loop: a few milliseconds. */
const FILES_A_PAGE = 500;

export const SourceOptions = z.object({
  include: z.array(z.string()).default([]),
  exclude: z.array(z.string()).default([]),
  watch: z.boolean().default(false),
  /** Without its password, which is a secret. */
  reading: NamedReadOptions.omit({ password: true }).default({}),
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

/** A row of `files`. */
export type FileRow = {
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
  waiting: number | null;
};

export type SourceStore = ReturnType<typeof createSourceStore>;

/** What collections were given, and what became of every file in it. */
export function createSourceStore(truth: Truth) {
  const { db } = truth;
  const filesAfter = db.prepare<[string, string, number], FileRow>(
    "SELECT * FROM files WHERE source_id = ? AND path > ? AND container IS NULL ORDER BY path LIMIT ?",
  );
  const statusAfter = db.prepare<[string, string, number], StatusRow>(
    `SELECT f.path, f.state, f.reason, f.document_id, f.unavailable, f.ocr_pages, d.language, d.pages, d.chunks, r.waiting
     FROM files f LEFT JOIN documents d ON d.id = f.document_id LEFT JOIN document_reading r ON r.document_id = f.document_id
     WHERE f.source_id = ? AND f.path > ? ORDER BY f.path LIMIT ?`,
  );
  const setState = db.prepare(
    "UPDATE files SET state = ?, reason = ?, content_hash = coalesce(?, content_hash) WHERE source_id = ? AND path = ?",
  );
  const setIndexed = db.prepare(
    "UPDATE files SET state = 'indexed', reason = NULL, document_id = NULL, content_hash = ?, unavailable = 0 WHERE source_id = ? AND path = ?",
  );
  const setUnavailable = db.prepare("UPDATE files SET unavailable = 1 WHERE source_id = ? AND path = ?");
  const isHeld = db.prepare<[string], unknown>(
    `SELECT 1 FROM sources s JOIN collections c ON c.id = s.collection_id
     WHERE s.id = ? AND c.removed_at IS NULL AND json_extract(s.options, '$.removed') IS NULL`,
  );
  const setInsideAvailable = db.prepare("UPDATE files SET unavailable = 0 WHERE source_id = ? AND container = ? AND unavailable = 1");
  const oneFile = db.prepare<[string, string], FileRow>("SELECT * FROM files WHERE source_id = ? AND path = ?");
  const sourcesOf = db.prepare<[string], { id: string; collection_id: string; kind: "path" | "records"; path: string; options: string }>(
    "SELECT * FROM sources WHERE collection_id = ? AND json_extract(options, '$.removed') IS NULL ORDER BY created_at, id",
  );
  // To add it again takes the mark away: options are written anew.
  const markRemoved = db.prepare<[string, string]>(
    "UPDATE sources SET options = json_set(options, '$.removed', 1) WHERE collection_id = ? AND id = ?",
  );
  const removedSources = db.prepare<[], { id: string; collectionId: string }>(
    "SELECT id, collection_id AS collectionId FROM sources WHERE json_extract(options, '$.removed') = 1",
  );
  const isMarked = db.prepare<[string], unknown>("SELECT 1 FROM sources WHERE id = ? AND json_extract(options, '$.removed') = 1");
  const deleteSource = db.prepare<[string]>("DELETE FROM sources WHERE id = ? AND json_extract(options, '$.removed') = 1");
  const upsertSource = db.prepare(
    `INSERT INTO sources (id, collection_id, kind, path, options, created_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (collection_id, path) DO UPDATE SET options = excluded.options, kind = excluded.kind`,
  );
  const sourceAt = db.prepare<[string, string], { id: string }>("SELECT id FROM sources WHERE collection_id = ? AND path = ?");
  const upsertFile = db.prepare(
    `INSERT INTO files (id, source_id, path, size, modified_at, state) VALUES (?, ?, ?, ?, ?, 'pending')
     ON CONFLICT (source_id, path) DO UPDATE SET size = excluded.size, modified_at = excluded.modified_at, unavailable = 0,
       state = CASE WHEN files.size <> excluded.size OR files.modified_at <> excluded.modified_at THEN 'pending' ELSE files.state END`,
  );

  const list = (collectionId: string): Source[] => {
    // Files that were dropped together have the same options, and thousands of them would be parsed one by one.
    const parsed = new Map<string, SourceOptions>();
    const parse = (text: string): SourceOptions => {
      const options = parsed.get(text) ?? SourceOptions.parse(JSON.parse(text));
      parsed.set(text, options);
      return options;
    };
    return sourcesOf.all(collectionId).map((row) => ({
      id: row.id,
      collectionId: row.collection_id,
      kind: row.kind,
      path: row.path,
      options: parse(row.options),
    }));
  };

  /** Remembers sources in one transaction; call in slices, since thousands may be dropped at once. @returns their ids, in order */
  const addAll = (collectionId: string, kind: Source["kind"], paths: readonly string[], options: SourceOptions): string[] => {
    const stored = JSON.stringify(options);
    return truth.transact((transaction) => {
      for (const path of paths) upsertSource.run(createId(truth.now()), collectionId, kind, path, stored, truth.now());
      transaction.event("collection.sources", collectionId);
      return paths.map((path) => sourceAt.get(collectionId, path)?.id ?? "");
    });
  };

  return {
    /** Remembers a source; one that is there already gets the new options. */
    add(collectionId: string, kind: Source["kind"], path: string, options: SourceOptions): Source {
      const [id = ""] = addAll(collectionId, kind, [path], options);
      return { id, collectionId, kind, path, options };
    },
    addAll,

    list,

    /** Takes a source out of sight for good, durably; its files and documents are forgotten after that, in steps. @throws NOT_FOUND */
    markRemoved(collectionId: string, sourceId: string): void {
      truth.transact((transaction) => {
        if (!list(collectionId).some(({ id }) => id === sourceId) || markRemoved.run(collectionId, sourceId).changes === 0)
          throw new AppError("NOT_FOUND", `The collection has no source ${sourceId}. Nothing was removed.`);
        transaction.event("collection.sources", collectionId);
      });
    },
    /** Sources that were removed and are still to be forgotten. */
    removed: (): { id: string; collectionId: string }[] => removedSources.all(),
    /** Whether a source is still to be forgotten: one that was added again meanwhile is not. */
    isRemoved: (sourceId: string): boolean => isMarked.get(sourceId) !== undefined,
    /** Ends the removal of a source that holds nothing any more. */
    drop: (sourceId: string): void => truth.transact(() => void deleteSource.run(sourceId)),

    file(sourceId: string, path: string): SourceFile | undefined {
      const row = oneFile.get(sourceId, path);
      return row && toFile(row);
    },

    /** Files on disk by path, a page at a time: there may be a hundred thousand. Those that lie inside others are not among them. */
    async files(sourceId: string, signal: AbortSignal): Promise<Map<string, SourceFile>> {
      const files = new Map<string, SourceFile>();
      const pages = inPages({ path: "" }, signal, ({ path }: { path: string }) => filesAfter.all(sourceId, path, FILES_A_PAGE));
      for await (const page of pages) for (const row of page) files.set(row.path, toFile(row));
      return files;
    },

    /**
     * Notes files that were seen, as pending where they are new or changed, so that a crash forgets none. Call in slices.
     * @throws CONFLICT when the collection was removed meanwhile
     */
    noteSeen(sourceId: string, files: readonly { path: string; size: number; modifiedAt: number }[]): void {
      truth.jot(() => {
        if (!isHeld.get(sourceId)) throw collectionRemoved();
        for (const file of files) {
          upsertFile.run(createId(truth.now()), sourceId, file.path, file.size, file.modifiedAt);
          setInsideAvailable.run(sourceId, file.path);
        }
      });
    },

    /** What was read of the file before stays, and leaves with the next version of it or with the file. */
    noteState(sourceId: string, path: string, state: "failed" | "skipped", error: unknown, contentHash?: string): void {
      const { code, message, hint } = toWire(error);
      truth.jot(() => void setState.run(state, JSON.stringify({ code, message, hint }), contentHash ?? null, sourceId, path));
    },

    /** Notes a file that was taken in and is no document itself: a file of records. */
    noteIndexed(sourceId: string, path: string, contentHash: string): void {
      truth.jot(() => void setIndexed.run(contentHash, sourceId, path));
    },

    /** Collections and their sources that are to be watched. */
    watched: (): Source[] =>
      db
        .prepare<[], { id: string }>("SELECT id FROM collections WHERE removed_at IS NULL")
        .all()
        .flatMap(({ id }) => list(id))
        .filter(({ options }) => options.watch),

    /** Failed files of a collection are pending again, those with one of the codes or all. @returns how many */
    retryFailed(collectionId: string, codes: readonly string[] | undefined): number {
      return truth.transact(
        () =>
          db
            .prepare<[string, string | null, string]>(
              `UPDATE files SET state = 'pending' WHERE source_id IN (SELECT id FROM sources WHERE collection_id = ?) AND state = 'failed'
                 AND (? IS NULL OR json_extract(reason, '$.code') IN (SELECT value FROM json_each(?)))`,
            )
            .run(collectionId, codes ? "some" : null, JSON.stringify(codes ?? [])).changes,
      );
    },

    noteUnavailable(sourceId: string, paths: readonly string[]): void {
      truth.jot(() => {
        for (const path of paths) setUnavailable.run(sourceId, path);
      });
    },

    /**
     * What became of every file of a collection, in the order of its sources' paths and their own: a few hundred files an
     * item, with the totals so far. At least one item.
     */
    async *coverage(
      { id: collectionId, name, documents, chunks, bytes }: { id: string; name: string; documents: number; chunks: number; bytes: number },
      signal: AbortSignal,
    ): AsyncGenerator<Coverage, void> {
      const totals = { indexed: 0, skipped: 0, failed: 0, pending: 0 };
      let files: FileStatus[] = [];
      const part = (): Coverage => ({ collection: name, documents, chunks, bytes, files, totals: { ...totals } });
      for (const { id } of list(collectionId).toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
        const pages = inPages({ path: "" }, signal, ({ path }: { path: string }) => statusAfter.all(id, path, FILES_A_PAGE));
        for await (const page of pages) {
          for (const row of page) {
            totals[row.state] += 1;
            files.push(toStatus(row));
          }
          // A source may be a single file, and there may be ten thousand of them.
          if (files.length >= FILES_A_PAGE) {
            yield part();
            files = [];
          }
        }
      }
      yield part();
    },
  };
}

/** A row as what it tells of a file on disk, or of one inside it. */
export function toFile(row: FileRow): SourceFile {
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
    ...(row.waiting ? { waitingPages: row.waiting } : {}),
    ...(row.language === null ? {} : { language: row.language }),
    ...(row.unavailable === 1 ? { unavailable: true } : {}),
  };
}
