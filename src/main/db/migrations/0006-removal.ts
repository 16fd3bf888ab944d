import type { Migration } from "../migrate.ts";

/**
 * What deletes and counts in a few rows at a time. A removed collection keeps its row, without its name, until the last
 * of it is gone; documents that lost a collection are listed, so that nobody has to look for them; and what a
 * collection holds is counted as it changes, since lists must not count again.
 */
export const removal: Migration = {
  version: 6,
  name: "removal",
  sql: `
    ALTER TABLE collections ADD COLUMN removed_at INTEGER;
    ALTER TABLE collections ADD COLUMN documents INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE collections ADD COLUMN chunks INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE collections ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX collections_removed ON collections(removed_at) WHERE removed_at IS NOT NULL;

    -- Documents that lost a collection and may be in none any more.
    CREATE TABLE unlinked_documents (document_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE INDEX documents_pending ON documents(state) WHERE state = 'pending';

    UPDATE collections SET (documents, chunks, bytes) = (
      SELECT count(*), coalesce(sum(d.chunks), 0), coalesce(sum(d.bytes), 0)
      FROM collection_documents cd JOIN documents d ON d.id = cd.document_id WHERE cd.collection_id = collections.id
    );
    INSERT INTO unlinked_documents (document_id)
      SELECT id FROM documents d
      WHERE state = 'published' AND NOT EXISTS (SELECT 1 FROM collection_documents cd WHERE cd.document_id = d.id);

    CREATE TRIGGER collection_documents_added AFTER INSERT ON collection_documents BEGIN
      UPDATE collections SET
        documents = documents + 1,
        chunks = chunks + coalesce((SELECT chunks FROM documents WHERE id = NEW.document_id), 0),
        bytes = bytes + coalesce((SELECT bytes FROM documents WHERE id = NEW.document_id), 0)
      WHERE id = NEW.collection_id;
    END;
    CREATE TRIGGER collection_documents_removed AFTER DELETE ON collection_documents BEGIN
      INSERT OR IGNORE INTO unlinked_documents (document_id) VALUES (OLD.document_id);
      UPDATE collections SET
        documents = documents - 1,
        chunks = chunks - coalesce((SELECT chunks FROM documents WHERE id = OLD.document_id), 0),
        bytes = bytes - coalesce((SELECT bytes FROM documents WHERE id = OLD.document_id), 0)
      WHERE id = OLD.collection_id AND removed_at IS NULL;
    END;
    CREATE TRIGGER documents_counted AFTER UPDATE OF chunks, bytes ON documents WHEN OLD.chunks <> NEW.chunks OR OLD.bytes <> NEW.bytes BEGIN
      UPDATE collections SET chunks = chunks + NEW.chunks - OLD.chunks, bytes = bytes + NEW.bytes - OLD.bytes
      WHERE id IN (SELECT collection_id FROM collection_documents WHERE document_id = NEW.id);
    END;
  `,
};
