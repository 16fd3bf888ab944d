import type { Migration } from "../migrate.ts";

/**
 * Documents that are read again: how their pages were read, the texts they had before, files that lie inside other
 * files, and collections that are on their way to another embedding model.
 */
export const revisions: Migration = {
  version: 5,
  name: "revisions",
  sql: `
    -- How a document whose pages can be drawn was read. \`waiting\` pages are pictures whose text is still to be recognised.
    CREATE TABLE document_reading (
      document_id TEXT PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE,
      mode TEXT NOT NULL CHECK (mode IN ('auto', 'never', 'always')),
      languages TEXT NOT NULL,
      recognisable INTEGER NOT NULL,
      waiting INTEGER NOT NULL,
      ocr_pages INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Texts of a document that are not its text: not yet, or no longer, when what points to them still finds them.
    CREATE TABLE revisions (
      document_id TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
      text_hash TEXT NOT NULL REFERENCES texts(hash) ON DELETE CASCADE,
      PRIMARY KEY (document_id, text_hash)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX revisions_text ON revisions(text_hash);
    CREATE TRIGGER revisions_deleted AFTER DELETE ON revisions BEGIN
      DELETE FROM texts WHERE hash = old.text_hash
        AND NOT EXISTS (SELECT 1 FROM documents WHERE text_hash = old.text_hash)
        AND NOT EXISTS (SELECT 1 FROM revisions WHERE text_hash = old.text_hash);
    END;

    -- Of a file inside another: the path of the file on disk, and the places that lead to it, as JSON.
    ALTER TABLE files ADD COLUMN container TEXT;
    ALTER TABLE files ADD COLUMN places TEXT;
    -- The options a file was last read with.
    ALTER TABLE files ADD COLUMN reading TEXT;
    CREATE INDEX files_container ON files(source_id, container) WHERE container IS NOT NULL;

    -- Mails that were indexed without what is attached to them are looked at once more.
    UPDATE files SET state = 'pending' WHERE document_id IN (SELECT id FROM documents WHERE type IN ('eml', 'msg'));

    -- A collection whose vectors are being made by another model; it keeps its own until all are there.
    CREATE TABLE embedder_changes (
      collection_id TEXT PRIMARY KEY REFERENCES collections(id) ON DELETE CASCADE,
      embedder TEXT NOT NULL,
      job_id TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
