import type { Migration } from "../migrate.ts";

/**
 * The truth. Ids are UUIDv7 text, times milliseconds, offsets UTF-16 units.
 * Vectors and full text are not here: index.db derives them from `chunks`.
 */
export const foundation: Migration = {
  version: 1,
  name: "foundation",
  sql: `
    CREATE TABLE events (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      kind TEXT NOT NULL,
      subject TEXT NOT NULL
    ) STRICT;

    CREATE TABLE collections (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL UNIQUE COLLATE NOCASE,
      embedder TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;

    -- A folder, a file or a file of records that a collection was given. Never copied, never changed.
    CREATE TABLE sources (
      id TEXT PRIMARY KEY,
      collection_id TEXT NOT NULL REFERENCES collections(id) ON DELETE CASCADE,
      kind TEXT NOT NULL CHECK (kind IN ('path', 'records')),
      path TEXT NOT NULL,
      options TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      UNIQUE (collection_id, path)
    ) STRICT;

    -- Revisions of extracted text, named by their sha256.
    CREATE TABLE texts (
      hash TEXT PRIMARY KEY,
      text TEXT NOT NULL,
      length INTEGER NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE pages (
      text_hash TEXT NOT NULL REFERENCES texts(hash) ON DELETE CASCADE,
      page INTEGER NOT NULL,
      start INTEGER NOT NULL,
      "end" INTEGER NOT NULL,
      width REAL,
      height REAL,
      source TEXT NOT NULL CHECK (source IN ('text', 'ocr')),
      confidence REAL,
      geometry BLOB,
      PRIMARY KEY (text_hash, page)
    ) STRICT;

    -- One row a content; 'pending' until chunks and vectors are written, 'published' from then on.
    CREATE TABLE documents (
      id TEXT PRIMARY KEY,
      content_hash TEXT NOT NULL UNIQUE,
      external_id TEXT,
      title TEXT NOT NULL,
      type TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      language TEXT,
      metadata TEXT NOT NULL,
      warnings TEXT NOT NULL,
      text_hash TEXT REFERENCES texts(hash),
      state TEXT NOT NULL CHECK (state IN ('pending', 'published')),
      -- Counted once, when it is published: lists must not count again.
      pages INTEGER NOT NULL DEFAULT 0,
      chunks INTEGER NOT NULL DEFAULT 0,
      modified_at INTEGER,
      created_at INTEGER NOT NULL,
      indexed_at INTEGER
    ) STRICT;
    CREATE INDEX documents_text ON documents(text_hash);

    CREATE TABLE collection_documents (
      collection_id TEXT NOT NULL REFERENCES collections(id) ON DELETE CASCADE,
      document_id TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
      path TEXT,
      PRIMARY KEY (collection_id, document_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX collection_documents_document ON collection_documents(document_id);

    -- What became of every file of a source.
    CREATE TABLE files (
      id TEXT PRIMARY KEY,
      source_id TEXT NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
      path TEXT NOT NULL,
      size INTEGER NOT NULL,
      modified_at INTEGER NOT NULL,
      content_hash TEXT,
      document_id TEXT REFERENCES documents(id) ON DELETE SET NULL,
      state TEXT NOT NULL CHECK (state IN ('indexed', 'skipped', 'failed', 'pending')),
      reason TEXT,
      unavailable INTEGER NOT NULL DEFAULT 0,
      ocr_pages INTEGER NOT NULL DEFAULT 0,
      UNIQUE (source_id, path)
    ) STRICT;
    CREATE INDEX files_document ON files(document_id);

    -- The integer key is the row key of full text and vectors in index.db.
    CREATE TABLE chunks (
      key INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      document_id TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
      text_hash TEXT NOT NULL,
      ordinal INTEGER NOT NULL,
      start INTEGER NOT NULL,
      "end" INTEGER NOT NULL,
      page INTEGER,
      heading TEXT NOT NULL,
      tokens INTEGER NOT NULL,
      section_start INTEGER NOT NULL,
      section_end INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX chunks_document ON chunks(document_id, ordinal);

    -- Which documents index.db holds vectors of, by embedder. Emptied when the index is lost.
    CREATE TABLE document_embeddings (
      document_id TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
      embedder TEXT NOT NULL,
      PRIMARY KEY (document_id, embedder)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE jobs (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      title TEXT NOT NULL,
      input TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),
      progress TEXT NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      run_after INTEGER NOT NULL,
      error TEXT,
      result TEXT,
      created_at INTEGER NOT NULL,
      started_at INTEGER,
      finished_at INTEGER
    ) STRICT;
    CREATE INDEX jobs_ready ON jobs(state, run_after);

    CREATE TABLE threads (
      id TEXT PRIMARY KEY,
      title TEXT NOT NULL,
      collections TEXT NOT NULL,
      leaf TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX threads_updated ON threads(updated_at);

    CREATE TABLE messages (
      id TEXT PRIMARY KEY,
      thread_id TEXT NOT NULL REFERENCES threads(id) ON DELETE CASCADE,
      parent TEXT REFERENCES messages(id) ON DELETE CASCADE,
      role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
      text TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('streaming', 'complete', 'stopped', 'failed')),
      model TEXT,
      answer TEXT,
      error TEXT,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX messages_thread ON messages(thread_id, created_at);
    CREATE INDEX messages_parent ON messages(parent);

    -- What a model did. Attribute names follow OpenTelemetry's GenAI conventions.
    CREATE TABLE runs (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      subject TEXT,
      actor TEXT NOT NULL,
      origin TEXT NOT NULL CHECK (origin IN ('rule', 'model', 'person')),
      pipeline TEXT NOT NULL,
      outcome TEXT,
      started_at INTEGER NOT NULL,
      finished_at INTEGER
    ) STRICT;
    CREATE INDEX runs_started ON runs(started_at);

    CREATE TABLE spans (
      id TEXT PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
      parent TEXT,
      name TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      duration_ms REAL NOT NULL,
      attributes TEXT NOT NULL
    ) STRICT;
    CREATE INDEX spans_run ON spans(run_id);
  `,
};
