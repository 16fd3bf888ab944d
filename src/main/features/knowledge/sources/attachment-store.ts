import { z } from "zod";
import type { Truth } from "../../../db/truth.ts";
import { createId } from "../../../db/id.ts";
import { freeName, INSIDE } from "../reading/index.ts";
import { type FileRow, type SourceFile, toFile } from "./source-store.ts";

/** A file inside another, as last seen. */
export type InsideFile = SourceFile & { container: string; places: number[] };

type Row = FileRow & { container: string; places: string };

/** Files inside one file on disk that are indexed at most, however they are nested. */
const MOST_INSIDE = 1000;

const Places = z.array(z.number().int().nonnegative());

export type AttachmentStore = ReturnType<typeof createAttachmentStore>;

/** Files inside files: rows of `files` that name what they lie in. They come and go with it. */
export function createAttachmentStore(truth: Truth) {
  const { db } = truth;
  const byPath = db.prepare<[string, string], { container: string | null }>("SELECT container FROM files WHERE source_id = ? AND path = ?");
  const count = db.prepare<[string, string], { n: number }>("SELECT count(*) AS n FROM files WHERE source_id = ? AND container = ?");
  const upsert = db.prepare(
    `INSERT INTO files (id, source_id, path, size, modified_at, state, container, places) VALUES (?, ?, ?, ?, ?, 'pending', ?, ?)
     ON CONFLICT (source_id, path) DO UPDATE SET size = excluded.size, modified_at = excluded.modified_at, state = 'pending',
       unavailable = 0, places = excluded.places`,
  );
  const pathsIn = db.prepare<[string, string], { path: string }>("SELECT path FROM files WHERE source_id = ? AND container = ?");

  return {
    /** Every file inside another that a source has. */
    list: (sourceId: string): InsideFile[] =>
      db.prepare<[string], Row>("SELECT * FROM files WHERE source_id = ? AND container IS NOT NULL").all(sourceId).map(toInside),

    paths: (sourceId: string, container: string): string[] => pathsIn.all(sourceId, container).map(({ path }) => path),

    /**
     * Notes what lies in a file as pending, before that file itself is published: a crash in between forgets none.
     * `owner` is the path of the file that was listed, `container` that of the file on disk. A name that a file on disk
     * has already is given a number.
     * @returns what is to be read now, and the paths of what the file no longer holds
     */
    note(
      sourceId: string,
      owner: { path: string; container: string; modifiedAt: number; places: readonly number[] },
      held: readonly { place: number; name: string; bytes: number }[],
    ): { inside: { path: string; places: number[]; size: number }[]; gone: string[] } {
      return truth.transact(() => {
        const begin = `${owner.path}${INSIDE}`;
        const before = pathsIn.all(sourceId, owner.container).map(({ path }) => path);
        const known = new Set(before);
        let free = MOST_INSIDE - (count.get(sourceId, owner.container)?.n ?? 0);
        const inside: { path: string; places: number[]; size: number }[] = [];
        for (const { place, name, bytes } of held) {
          const isTaken = (candidate: string) =>
            inside.some(({ path }) => path === begin + candidate) || byPath.get(sourceId, begin + candidate)?.container === null;
          const path = begin + freeName(name, isTaken);
          if (!known.has(path) && free <= 0) continue;
          if (!known.has(path)) free -= 1;
          const places = [...owner.places, place];
          upsert.run(createId(truth.now()), sourceId, path, bytes, owner.modifiedAt, owner.container, JSON.stringify(places));
          inside.push({ path, places, size: bytes });
        }
        const kept = inside.map(({ path }) => path);
        const isKept = (path: string) => kept.some((one) => path === one || path.startsWith(`${one}${INSIDE}`));
        return { inside, gone: before.filter((path) => path.startsWith(begin) && !isKept(path)) };
      });
    },

    /** The file on disk is looked at again, and lists anew what lies in it. */
    lookAgain: (sourceId: string, container: string): void =>
      truth.transact(() => void db.prepare("UPDATE files SET state = 'pending' WHERE source_id = ? AND path = ?").run(sourceId, container)),

    /** Files that lie in the files of a collection whose content is this document. */
    within: (collectionId: string, documentId: string): { sourceId: string; path: string }[] =>
      db
        .prepare<[string, string], { sourceId: string; path: string; owner: string }>(
          `SELECT i.source_id AS sourceId, i.path, o.path AS owner FROM files o JOIN sources s ON s.id = o.source_id
           JOIN files i ON i.source_id = o.source_id AND i.container = coalesce(o.container, o.path)
           WHERE s.collection_id = ? AND o.document_id = ?`,
        )
        .all(collectionId, documentId)
        .filter(({ path, owner }) => path.startsWith(`${owner}${INSIDE}`)),
  };
}

const toInside = (row: Row): InsideFile => ({ ...toFile(row), container: row.container, places: Places.parse(JSON.parse(row.places)) });
