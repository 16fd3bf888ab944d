import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createIndexStore } from "../../../src/main/engines/search/index-store.ts";
import { openIndex } from "../../../src/main/engines/search/open-index.ts";
import { openLibrary } from "../../helpers/search-library.ts";

let folder: string;
let close: () => void;
let reopen: () => void;
let db: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "croft-store-"));
  const library = openLibrary(folder);
  const { writer, reader } = openIndex(library.config.indexPath, library.truth.db);
  db = writer;
  reopen = () => {
    const again = openIndex(library.config.indexPath, library.truth.db);
    again.reader.close();
    again.writer.close();
  };
  close = () => {
    reader.close();
    writer.close();
    library.close();
  };
});
afterEach(() => {
  close();
  rmSync(folder, { recursive: true, force: true });
});

const row = (key: number, body: string) => ({ key, language: "en", context: "", body, vector: Float32Array.of(1, 0) });
const matches = (word: string) =>
  db.prepare<[string], number>("SELECT rowid FROM lexical WHERE lexical MATCH ? ORDER BY rowid").pluck().all(word);

it.skipIf(process.platform === "win32")("lets nobody else read the words of documents", () => {
  for (const suffix of ["", "-wal"]) expect(statSync(db.name + suffix).mode & 0o077).toBe(0);
  // As a Croft before this rule made it.
  chmodSync(db.name, 0o644);
  reopen();
  expect(statSync(db.name).mode & 0o077).toBe(0);
});

it("gives DISK_FULL when the disk is full, keeps what was there, and writes again once there is room", () => {
  const store = createIndexStore(db);
  const embedder = store.ensureEmbedder("words", 2);
  store.write(embedder, [row(1, "kept")]);
  db.pragma(`max_page_count = ${Number(db.pragma("page_count", { simple: true })) + 2}`);
  const large = Array.from({ length: 500 }, (_, index) =>
    row(index, Array.from({ length: 200 }, (_, word) => `w${index * 200 + word}`).join(" ")),
  );
  expect(() => store.write(embedder, large)).toThrowError(expect.objectContaining({ code: "DISK_FULL" }));
  expect(matches("kept")).toEqual([1]);
  expect(matches("w5")).toEqual([]);
  expect(db.prepare("SELECT count(*) AS n FROM chunks").get()).toEqual({ n: 1 });
  db.pragma("max_page_count = 1000000");
  store.write(embedder, large.slice(0, 2));
  expect(matches("w5")).toEqual([0]);
  expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
});

it("rolls a write back wholly when one row of it fails", () => {
  const store = createIndexStore(db);
  const embedder = store.ensureEmbedder("words", 2);
  expect(() => store.write(embedder, [row(1, "first"), { ...row(2, "second"), key: 1.5 }])).toThrow();
  expect(matches("first")).toEqual([]);
});

it("does not touch the full text of a row whose words are the same", () => {
  const store = createIndexStore(db);
  store.write(store.ensureEmbedder("one", 2), [row(1, "same")]);
  const before = db.prepare("SELECT count(*) AS n FROM lexical_data").get();
  store.write(store.ensureEmbedder("two", 2), [row(1, "same")]);
  expect(db.prepare("SELECT count(*) AS n FROM lexical_data").get()).toEqual(before);
  expect(matches("same")).toEqual([1]);
});

it("drops rows of every embedder, and an embedder with all its vectors", () => {
  const store = createIndexStore(db);
  const one = store.ensureEmbedder("one", 2);
  const two = store.ensureEmbedder("two", 2);
  for (const embedder of [one, two]) store.write(embedder, [row(1, "a1"), row(2, "a2")]);
  store.drop([1, 77]);
  for (const { id } of [one, two]) expect(db.prepare(`SELECT key FROM vectors_${id}`).pluck().all()).toEqual([2]);
  expect(matches("a1")).toEqual([]);
  store.dropEmbedder(one);
  expect(store.embedders().map(({ name }) => name)).toEqual(["two"]);
  expect(store.ensureEmbedder("one", 3).dimensions).toBe(3);
});
