import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Catalogue, createCatalogue } from "../../../src/main/engines/search/catalogue.ts";
import { type Library, openLibrary } from "../../helpers/search-library.ts";

let folder: string;
let library: Library;
let truth: Database.Database;
let catalogue: Catalogue;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "croft-catalogue-"));
  library = openLibrary(folder);
  truth = new Database(library.config.truthPath, { readonly: true });
  catalogue = createCatalogue(truth);
});
afterEach(() => {
  truth.close();
  library.close();
  rmSync(folder, { recursive: true, force: true });
});

const chunks = (collections: string[] = []): number => {
  catalogue.refresh();
  return catalogue.select(collections.map(library.collection), undefined).chunks;
};

it("follows what happens to documents, one event at a time or many at once", () => {
  expect(chunks()).toBe(0);
  const first = library.add({ collection: "a", chunks: ["1", "2"] });
  expect(chunks()).toBe(2);
  const second = library.add({ collection: "b", chunks: ["3"] });
  library.publish(first.id, "b");
  library.unlink(first.id, "a");
  expect([chunks(), chunks(["a"]), chunks(["b"])]).toEqual([3, 0, 3]);
  library.delete(second.id);
  expect(chunks(["b"])).toBe(2);
  library.removeCollection("b");
  expect(chunks()).toBe(0);
});

it("says the same after following every change as when it is read afresh", () => {
  let seed = 9;
  const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const alive: { id: string; keys: number[]; collection: string }[] = [];
  const every: number[] = [];
  for (let step = 0; step < 150; step++) {
    const collection = ["a", "b", "c"][next(3)] ?? "a";
    const one = alive[next(Math.max(1, alive.length))];
    if (one && next(3) === 0) {
      if (next(2) === 0) library.delete(one.id);
      else library.unlink(one.id, one.collection);
      alive.splice(alive.indexOf(one), 1);
    } else {
      const added = library.add({ collection, chunks: Array.from({ length: 1 + next(4) }, () => "x") });
      alive.push({ ...added, collection });
      every.push(...added.keys);
    }
    if (next(4) === 0) catalogue.refresh();
  }
  catalogue.refresh();
  const fresh = createCatalogue(truth);
  fresh.refresh();
  const of = (view: Catalogue): number[] => every.filter((key) => view.select([], undefined).has(key));
  expect(of(catalogue)).toEqual(of(fresh));
  expect(of(catalogue)).toEqual(alive.flatMap(({ keys }) => keys).toSorted((a, b) => a - b));
});

it("gives the same object for the same question until something changes", () => {
  library.add({ collection: "a", chunks: ["1"] });
  catalogue.refresh();
  const before = catalogue.select([], { types: ["txt"] });
  catalogue.refresh();
  expect(catalogue.select([], { types: ["txt"] })).toBe(before);
  library.add({ collection: "a", chunks: ["2"] });
  catalogue.refresh();
  expect(catalogue.select([], { types: ["txt"] })).not.toBe(before);
});

it("does not find chunks of a text that the document no longer has", () => {
  const { id, keys } = library.add({ collection: "a", chunks: ["old"] });
  expect(chunks()).toBe(1);
  library.truth.transact((transaction) => {
    library.truth.db.prepare("INSERT INTO texts (hash, text, length, created_at) VALUES ('new', 'new', 3, 1)").run();
    library.truth.db.prepare("UPDATE documents SET text_hash = 'new' WHERE id = ?").run(id);
    transaction.event("document.published", id);
  });
  catalogue.refresh();
  expect(catalogue.select([], undefined).has(keys[0] ?? -1)).toBe(false);
});

it("finds no document without a date when dates are asked for", () => {
  library.add({ collection: "a", chunks: ["1"] });
  library.add({ collection: "a", chunks: ["2"], modifiedAt: 50 });
  catalogue.refresh();
  expect(catalogue.select([], { after: 0 }).chunks).toBe(1);
  expect(catalogue.select([], { before: 49 }).chunks).toBe(0);
});
