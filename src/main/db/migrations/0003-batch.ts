import type { Migration } from "../migrate.ts";

/**
 * Batch: recipes, runs over folders, the files of a run, what was read of each content, and what people decided.
 * A record belongs to a content and a way of reading it (`key`), never to a file: equal files share it.
 */
export const batch: Migration = {
  version: 3,
  name: "batch",
  sql: `
    -- Every version that was ever saved; runs name theirs.
    CREATE TABLE batch_recipes (
      name TEXT NOT NULL,
      version INTEGER NOT NULL,
      body TEXT NOT NULL,
      hash TEXT NOT NULL,
      removed INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (name, version)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE batch_runs (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL UNIQUE COLLATE NOCASE,
      paths TEXT NOT NULL,
      recipe_name TEXT NOT NULL,
      recipe_version INTEGER NOT NULL,
      -- 'none' for rules alone.
      model TEXT NOT NULL,
      options TEXT NOT NULL,
      watch INTEGER NOT NULL DEFAULT 0,
      job_id TEXT,
      result TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;

    -- The text that a record's places point into, with the boxes of its words.
    CREATE TABLE batch_texts (
      hash TEXT PRIMARY KEY,
      text TEXT NOT NULL
    ) STRICT;
    CREATE TABLE batch_pages (
      text_hash TEXT NOT NULL REFERENCES batch_texts(hash) ON DELETE CASCADE,
      page INTEGER NOT NULL,
      start INTEGER NOT NULL,
      "end" INTEGER NOT NULL,
      width REAL,
      height REAL,
      source TEXT NOT NULL CHECK (source IN ('text', 'ocr')),
      confidence REAL,
      geometry BLOB,
      PRIMARY KEY (text_hash, page)
    ) STRICT, WITHOUT ROWID;

    -- One row a document in a content: a stack of scans has several, each a range of pages.
    CREATE TABLE batch_records (
      id TEXT PRIMARY KEY,
      -- sha256 of file hash, recipe, model, pipeline version and recognition settings: the same work is never done twice.
      key TEXT NOT NULL,
      part INTEGER NOT NULL,
      file_hash TEXT NOT NULL,
      first_page INTEGER NOT NULL,
      last_page INTEGER NOT NULL,
      recipe_name TEXT NOT NULL,
      recipe_version INTEGER NOT NULL,
      model TEXT NOT NULL,
      text_hash TEXT REFERENCES batch_texts(hash),
      -- As read, before any person's decision; and as it is now, with decisions and flags.
      reading TEXT NOT NULL,
      fields TEXT NOT NULL,
      -- Of the document as a whole.
      flags TEXT NOT NULL,
      -- 'sampled' asks a person to look though nothing is flagged.
      state TEXT NOT NULL CHECK (state IN ('done', 'review')),
      sampled INTEGER NOT NULL DEFAULT 0,
      approved INTEGER NOT NULL DEFAULT 0,
      -- What a record is the same business document by, such as vendor and number.
      identity TEXT,
      lowest_sure REAL NOT NULL DEFAULT 1,
      timings TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      UNIQUE (key, part)
    ) STRICT;
    CREATE INDEX batch_records_identity ON batch_records(recipe_name, identity) WHERE identity IS NOT NULL;
    CREATE INDEX batch_records_file ON batch_records(file_hash, recipe_name);

    CREATE TABLE batch_items (
      id TEXT PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES batch_runs(id) ON DELETE CASCADE,
      path TEXT NOT NULL,
      size INTEGER NOT NULL,
      modified_at INTEGER NOT NULL,
      file_hash TEXT,
      key TEXT,
      state TEXT NOT NULL CHECK (state IN ('pending', 'working', 'done', 'dead')),
      reason TEXT,
      pages INTEGER,
      attempts INTEGER NOT NULL DEFAULT 0,
      run_after INTEGER NOT NULL DEFAULT 0,
      -- Who works on it, and until when that is to be believed.
      lease_owner TEXT,
      lease_until INTEGER NOT NULL DEFAULT 0,
      finished_at INTEGER,
      UNIQUE (run_id, path)
    ) STRICT;
    CREATE INDEX batch_items_state ON batch_items(run_id, state, run_after);
    CREATE INDEX batch_items_key ON batch_items(key);

    -- A person's decisions, kept by content and name of the recipe, so that they outlive versions and models.
    CREATE TABLE batch_decisions (
      id TEXT PRIMARY KEY,
      -- Decisions of one act are undone together.
      act TEXT NOT NULL,
      file_hash TEXT NOT NULL,
      part INTEGER NOT NULL,
      recipe_name TEXT NOT NULL,
      -- '' for the document as a whole.
      field TEXT NOT NULL,
      action TEXT NOT NULL CHECK (action IN ('accept', 'correct', 'choose', 'approve', 'flag')),
      before TEXT NOT NULL,
      after TEXT NOT NULL,
      who TEXT NOT NULL,
      at INTEGER NOT NULL,
      undone_at INTEGER
    ) STRICT;
    CREATE INDEX batch_decisions_document ON batch_decisions(file_hash, recipe_name, part, id);

    -- What a page of each kind took on this machine: estimates are learned from it.
    CREATE TABLE batch_costs (
      kind TEXT PRIMARY KEY,
      pages INTEGER NOT NULL,
      ms REAL NOT NULL,
      squares REAL NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
