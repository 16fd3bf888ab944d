import { expect, it, onTestFinished } from "vitest";
import { migrations } from "../../../src/main/db/migrations/index.ts";
import { openDatabase } from "../../../src/main/db/open.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

// Catches collections of a former version that are shown as empty, and documents that none of them held and nobody deletes.
it("a profile from before counts what its collections hold, and lists what none of them does", () => {
  const profile = temporaryFolder();
  const former = openDatabase(profile, Date.now, migrations.slice(0, 5));
  former.exec(`
    INSERT INTO collections (id, name, embedder, created_at) VALUES ('full', 'Full', 'e', 1), ('empty', 'Empty', 'e', 1);
    INSERT INTO documents (id, content_hash, title, type, bytes, metadata, warnings, state, chunks, created_at) VALUES
      ('a', 'ha', 'A', 'txt', 10, '{}', '[]', 'published', 2, 1),
      ('b', 'hb', 'B', 'txt', 20, '{}', '[]', 'published', 3, 1),
      ('orphan', 'ho', 'O', 'txt', 40, '{}', '[]', 'published', 5, 1),
      ('begun', 'hp', 'P', 'txt', 80, '{}', '[]', 'pending', 0, 1);
    INSERT INTO collection_documents (collection_id, document_id, path) VALUES ('full', 'a', '/a'), ('full', 'b', NULL);
  `);
  former.close();

  const db = openDatabase(profile, Date.now);
  onTestFinished(() => void db.close());
  const held = () => db.prepare("SELECT id, documents, chunks, bytes, removed_at FROM collections ORDER BY id").raw().all();
  expect(held()).toEqual([
    ["empty", 0, 0, 0, null],
    ["full", 2, 5, 30, null],
  ]);
  expect(db.prepare("SELECT document_id FROM unlinked_documents").pluck().all()).toEqual(["orphan"]);
  db.exec("DELETE FROM collection_documents WHERE document_id = 'a'");
  expect(held()[1]).toEqual(["full", 1, 3, 20, null]);
  expect(db.prepare("SELECT document_id FROM unlinked_documents").pluck().all()).toEqual(["a", "orphan"]);
});
