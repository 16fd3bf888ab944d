import type { Migration } from "../migrate.ts";

/** What a conversation is besides its messages: how it is answered, what was attached, what was read, and its words. */
export const conversations: Migration = {
  version: 4,
  name: "conversations",
  sql: `
    ALTER TABLE threads ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
    -- Who gave it its title: a person's is never replaced.
    ALTER TABLE threads ADD COLUMN titled TEXT NOT NULL DEFAULT 'rule' CHECK (titled IN ('rule', 'model', 'person'));
    ALTER TABLE threads ADD COLUMN forked_from TEXT REFERENCES threads(id) ON DELETE SET NULL;

    CREATE TABLE presets (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL UNIQUE COLLATE NOCASE,
      settings TEXT NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;

    -- What was typed and not sent, by thread id, 'new' for a thread not begun.
    CREATE TABLE drafts (
      thread TEXT PRIMARY KEY,
      text TEXT NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- A collection of one conversation: its attached file. It is in no list and in no search but of its own thread.
    ALTER TABLE collections ADD COLUMN thread_id TEXT REFERENCES threads(id) ON DELETE CASCADE;
    CREATE INDEX collections_thread ON collections(thread_id) WHERE thread_id IS NOT NULL;

    CREATE TABLE attachments (
      id TEXT PRIMARY KEY,
      thread_id TEXT NOT NULL REFERENCES threads(id) ON DELETE CASCADE,
      collection_id TEXT REFERENCES collections(id) ON DELETE SET NULL,
      name TEXT NOT NULL,
      type TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      pages INTEGER NOT NULL,
      path TEXT NOT NULL,
      -- Absent where it is longer than any context.
      text TEXT,
      length INTEGER NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX attachments_thread ON attachments(thread_id);

    -- The passages that an answer was chosen from, without their text: that is sliced from the stored one.
    CREATE TABLE traces (
      message_id TEXT PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
      passages TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX runs_subject ON runs(subject);

    -- Answering again used to ask again in the same words: such a question is one with several answers.
    UPDATE messages SET parent = (
      SELECT first.id FROM messages asked JOIN messages first
        ON first.thread_id = asked.thread_id AND first.role = 'user' AND first.text = asked.text AND first.parent IS asked.parent
      WHERE asked.id = messages.parent ORDER BY first.created_at, first.id LIMIT 1
    ) WHERE role = 'assistant' AND parent IS NOT NULL;
    DELETE FROM messages WHERE role = 'user'
      AND NOT EXISTS (SELECT 1 FROM messages answer WHERE answer.parent = messages.id)
      AND NOT EXISTS (SELECT 1 FROM threads t WHERE t.leaf = messages.id)
      AND EXISTS (
        SELECT 1 FROM messages first WHERE first.thread_id = messages.thread_id AND first.role = 'user'
          AND first.text = messages.text AND first.parent IS messages.parent AND first.id < messages.id
      );

    -- The words of titles and messages. A key of its own, since the row ids of other tables may change.
    CREATE TABLE spoken (
      key INTEGER PRIMARY KEY,
      thread_id TEXT NOT NULL REFERENCES threads(id) ON DELETE CASCADE,
      message_id TEXT UNIQUE REFERENCES messages(id) ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX spoken_thread ON spoken(thread_id);
    CREATE VIRTUAL TABLE spoken_text USING fts5(text, tokenize = "unicode61 remove_diacritics 2");

    CREATE TRIGGER spoken_removed AFTER DELETE ON spoken BEGIN
      DELETE FROM spoken_text WHERE rowid = old.key;
    END;
    CREATE TRIGGER title_given AFTER INSERT ON threads BEGIN
      INSERT INTO spoken (thread_id) VALUES (new.id);
      INSERT INTO spoken_text (rowid, text) VALUES (last_insert_rowid(), new.title);
    END;
    CREATE TRIGGER title_changed AFTER UPDATE OF title ON threads BEGIN
      UPDATE spoken_text SET text = new.title WHERE rowid = (SELECT key FROM spoken WHERE thread_id = new.id AND message_id IS NULL);
    END;
    CREATE TRIGGER message_asked AFTER INSERT ON messages WHEN new.state <> 'streaming' BEGIN
      INSERT INTO spoken (thread_id, message_id) VALUES (new.thread_id, new.id);
      INSERT INTO spoken_text (rowid, text) VALUES (last_insert_rowid(), new.text);
    END;
    -- An answer is written many times and indexed once, when it has ended.
    CREATE TRIGGER message_answered AFTER UPDATE OF state ON messages WHEN old.state = 'streaming' AND new.state <> 'streaming' BEGIN
      INSERT INTO spoken (thread_id, message_id) VALUES (new.thread_id, new.id);
      INSERT INTO spoken_text (rowid, text) VALUES (last_insert_rowid(), new.text);
    END;

    INSERT INTO spoken (thread_id) SELECT id FROM threads;
    INSERT INTO spoken (thread_id, message_id) SELECT thread_id, id FROM messages WHERE state <> 'streaming';
    INSERT INTO spoken_text (rowid, text)
      SELECT s.key, coalesce(m.text, t.title) FROM spoken s JOIN threads t ON t.id = s.thread_id LEFT JOIN messages m ON m.id = s.message_id;
  `,
};
