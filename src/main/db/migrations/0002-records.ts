import type { Migration } from "../migrate.ts";

/** Which documents came from which file of records, so that those which leave the file leave the collection. */
export const records: Migration = {
  version: 2,
  name: "records",
  sql: `
    CREATE TABLE source_documents (
      source_id TEXT NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
      document_id TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
      PRIMARY KEY (source_id, document_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX source_documents_document ON source_documents(document_id);

    -- Records indexed before are those of their collection that name the file.
    INSERT INTO source_documents (source_id, document_id)
      SELECT s.id, cd.document_id FROM sources s
      JOIN collection_documents cd ON cd.collection_id = s.collection_id AND cd.path = s.path
      WHERE s.kind = 'records';
    UPDATE files SET document_id = NULL WHERE source_id IN (SELECT id FROM sources WHERE kind = 'records');
  `,
};
