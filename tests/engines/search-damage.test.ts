import { existsSync, openSync, readdirSync, rmSync, statSync, writeFileSync, writeSync, closeSync } from "node:fs";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSearch } from "../../src/main/engines/search/create-search.ts";
import { context, type Harness, openHarness } from "./search-harness.ts";

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(() => harness.close());

const stats = () => harness.engine.methods.stats({}, context());

/** Overwrites everything behind the first page, as a failing disk would. */
function damage(path: string): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(statSync(path).size - 8192, 0x5a), 0, undefined, 8192);
  closeSync(file);
}

it("says that a missing index was begun, and says the same after the next start", async () => {
  const { begun } = await stats();
  expect(begun.reason).toBe("missing");
  await harness.restart();
  expect((await stats()).begun).toEqual(begun);
});

it("begins anew when the file was deleted, and can be filled again", async () => {
  const { keys } = await harness.add({ collection: "a", chunks: ["text"] });
  await harness.engine.dispose();
  for (const name of readdirSync(harness.folder).filter((name) => name.startsWith("index.db"))) rmSync(`${harness.folder}/${name}`);
  harness.engine = await createSearch(harness.library.config);
  expect(await harness.keys("text")).toEqual([]);
  await harness.index(keys, { chunks: ["text"] });
  expect(await harness.keys("text")).toEqual(keys);
});

it("sets a file aside that is no database, and begins anew", async () => {
  await harness.engine.dispose();
  writeFileSync(harness.library.config.indexPath, "this is no database, ".repeat(1000));
  harness.engine = await createSearch(harness.library.config);
  expect((await stats()).begun.reason).toBe("damaged");
  expect(existsSync(`${harness.library.config.indexPath}.damaged`)).toBe(true);
});

it("notices damage while running: the call fails with a code, the next one has an empty index that can be filled", async () => {
  const chunks = Array.from({ length: 300 }, (_, index) => `word${index} common`);
  const { keys } = await harness.add({ collection: "a", chunks });
  await harness.engine.dispose();
  damage(harness.library.config.indexPath);
  // Either the start finds it or the first call does.
  harness.engine = await createSearch(harness.library.config);
  const answer = await harness.query("common").then(
    ({ hits }) => hits.length,
    (error: { code: string }) => error.code,
  );
  expect([0, "DATABASE_DAMAGED"]).toContain(answer);
  expect((await stats()).begun.reason).toBe("damaged");
  await harness.index(keys, { chunks });
  expect((await harness.keys("word7")).at(0)).toBe(keys[7]);
});

it("begins anew when the index was made by another version", async () => {
  await harness.add({ collection: "a", chunks: ["text"] });
  await harness.engine.dispose();
  const db = new Database(harness.library.config.indexPath);
  db.exec("UPDATE meta SET value = '0' WHERE name = 'version'");
  db.close();
  harness.engine = await createSearch(harness.library.config);
  expect(await stats()).toMatchObject({ chunks: 0, begun: { reason: "version" } });
});

it("begins anew when croft.db went back to an older state, where keys would be given out again", async () => {
  await harness.add({ collection: "a", chunks: ["old text"] });
  await harness.add({ collection: "a", chunks: ["the text whose key will be used again"] });
  await harness.engine.dispose();
  harness.library.truth.db.exec("DELETE FROM events WHERE seq > 1");
  harness.engine = await createSearch(harness.library.config);
  expect(await stats()).toMatchObject({ chunks: 0, begun: { reason: "foreign" } });
});

it("keeps the index when croft.db merely dropped old events", async () => {
  await harness.add({ collection: "a", chunks: ["text"] });
  await harness.add({ collection: "a", chunks: ["more"] });
  await harness.add({ collection: "a", chunks: ["most"] });
  harness.library.truth.db.exec("DELETE FROM events WHERE seq <= 3");
  await harness.restart();
  expect(await stats()).toMatchObject({ chunks: 3, begun: { reason: "missing" } });
});

it("does not start without croft.db", async () => {
  await expect(createSearch({ ...harness.library.config, truthPath: `${harness.folder}/nowhere.db` })).rejects.toThrow();
});

it("notices damage of an index in use: each call at that moment ends with a code, and the next ones work", async () => {
  const chunks = Array.from({ length: 100 }, (_, index) => `word${index} common`);
  const { keys } = await harness.add({ collection: "a", chunks });
  expect(await harness.keys("common", { limit: 200, candidates: 200 })).toHaveLength(100);
  const db = new Database(harness.library.config.indexPath);
  db.unsafeMode(true);
  for (const { id, length } of db
    .prepare<[], { id: number; length: number }>("SELECT id, length(block) AS length FROM lexical_data")
    .all()) {
    db.prepare("UPDATE lexical_data SET block = ? WHERE id = ?").run(Buffer.alloc(length, 0xff), id);
  }
  db.close();
  const answers = await Promise.allSettled(Array.from({ length: 5 }, () => harness.query("common", { mode: "keyword" })));
  expect(answers.some(({ status }) => status === "rejected")).toBe(true);
  for (const answer of answers)
    if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "DATABASE_DAMAGED", hint: expect.any(String) });
  expect(await stats()).toMatchObject({ chunks: 0, begun: { reason: "damaged" } });
  await harness.index(keys, { chunks });
  expect(await harness.keys("common", { limit: 200, candidates: 200 })).toHaveLength(100);
  expect(existsSync(`${harness.library.config.indexPath}.damaged`)).toBe(true);
});
