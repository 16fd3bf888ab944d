import { join } from "node:path";
import { createId } from "../../src/main/db/id.ts";
import { openDatabase } from "../../src/main/db/open.ts";
import { createTruth, type Truth } from "../../src/main/db/truth.ts";
import type { SearchConfig } from "../../src/main/engines/search/protocol.ts";

export type LibraryDocument = {
  collection: string;
  /** One text a chunk. */
  chunks: string[];
  title?: string;
  type?: string;
  path?: string;
  modifiedAt?: number;
  language?: string;
};

/** A real croft.db with documents and chunks, written the way core writes them, for the search engine to read. */
export type Library = ReturnType<typeof openLibrary>;

export function openLibrary(folder: string) {
  let clock = 1_700_000_000_000;
  const now = () => (clock += 1000);
  const truth: Truth = createTruth(openDatabase(folder, now), folder, now);
  const { db } = truth;
  const config: SearchConfig = { indexPath: join(folder, "index.db"), truthPath: join(folder, "croft.db") };
  const collections = new Map<string, string>();

  const insertDocument = db.prepare(
    `INSERT INTO documents (id, content_hash, title, type, bytes, language, metadata, warnings, text_hash, state, modified_at, created_at)
     VALUES (?, ?, ?, ?, 1, ?, '{}', '[]', ?, 'pending', ?, 1)`,
  );
  const insertText = db.prepare("INSERT INTO texts (hash, text, length, created_at) VALUES (?, ?, ?, 1)");
  const insertChunk = db.prepare(
    `INSERT INTO chunks (id, document_id, text_hash, ordinal, start, "end", heading, tokens, section_start, section_end) VALUES (?, ?, ?, ?, 0, 0, '', 1, 0, 0)`,
  );

  function collection(name: string): string {
    const known = collections.get(name);
    if (known) return known;
    const id = createId();
    collections.set(name, id);
    truth.transact((transaction) => {
      db.prepare("INSERT INTO collections (id, name, embedder, created_at) VALUES (?, ?, 'test', 1)").run(id, name);
      transaction.event("collection.created", id);
    });
    return id;
  }

  /** Writes a document that is not published yet. */
  function begin(document: Omit<LibraryDocument, "collection">): { id: string; keys: number[] } {
    const id = createId();
    const keys: number[] = [];
    db.transaction(() => {
      insertText.run(id, document.chunks.join("\n"), 1);
      insertDocument.run(id, id, document.title ?? "", document.type ?? "txt", document.language ?? null, id, document.modifiedAt ?? null);
      document.chunks.forEach((_, ordinal) => keys.push(Number(insertChunk.run(createId(), id, id, ordinal).lastInsertRowid)));
    })();
    return { id, keys };
  }

  function publish(id: string, name: string, path?: string): void {
    const target = collection(name);
    truth.transact((transaction) => {
      db.prepare("UPDATE documents SET state = 'published' WHERE id = ?").run(id);
      db.prepare("INSERT INTO collection_documents (collection_id, document_id, path) VALUES (?, ?, ?)").run(target, id, path ?? null);
      transaction.event("document.published", id);
    });
  }

  return {
    truth,
    config,
    collection,
    begin,
    publish,
    add(document: LibraryDocument): { id: string; keys: number[] } {
      const begun = begin(document);
      publish(begun.id, document.collection, document.path);
      return begun;
    },
    unlink(id: string, name: string): void {
      truth.transact((transaction) => {
        db.prepare("DELETE FROM collection_documents WHERE document_id = ? AND collection_id = ?").run(id, collection(name));
        transaction.event("document.removed", id);
      });
    },
    delete(id: string): void {
      truth.transact((transaction) => {
        db.prepare("DELETE FROM documents WHERE id = ?").run(id);
        transaction.event("document.deleted", id);
      });
    },
    removeCollection(name: string): void {
      const id = collection(name);
      truth.transact((transaction) => {
        db.prepare("DELETE FROM collections WHERE id = ?").run(id);
        transaction.event("collection.removed", id);
      });
    },
    close: () => truth.close(),
  };
}
