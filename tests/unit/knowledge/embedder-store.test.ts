import { describe, expect, it } from "vitest";
import { createCollectionStore } from "../../../src/main/features/knowledge/collections/collection-store.ts";
import { createEmbedderStore } from "../../../src/main/features/knowledge/collections/embedder-store.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const OLD = "local:old";
const NEW = "local:new";
const key = (model: string) => `${model}#1`;

function setUp() {
  const truth = temporaryTruth();
  const { db } = truth;
  const collections = createCollectionStore(truth);
  const store = createEmbedderStore(truth);
  /** A document of the collections, with vectors of these embedders. */
  function document(id: string, collectionIds: readonly string[], embedders: readonly string[]): void {
    db.prepare(
      "INSERT INTO documents (id, content_hash, title, type, bytes, metadata, warnings, state, created_at, indexed_at) VALUES (?, ?, ?, 'txt', 1, '{}', '[]', 'published', 1, 1)",
    ).run(id, `hash of ${id}`, id);
    for (const collectionId of collectionIds)
      db.prepare("INSERT INTO collection_documents (collection_id, document_id, path) VALUES (?, ?, NULL)").run(collectionId, id);
    for (const embedder of embedders) embed(id, embedder);
  }
  const embed = (id: string, embedder: string) =>
    db.prepare("INSERT INTO document_embeddings (document_id, embedder) VALUES (?, ?)").run(id, embedder);
  const publish = (id: string) => truth.transact((transaction) => transaction.event("document.published", id));
  function job(id: string, state: string): void {
    db.prepare(
      "INSERT INTO jobs (id, kind, title, input, state, progress, run_after, created_at) VALUES (?, 'knowledge.embedder', 'x', '{}', ?, '{}', 0, 0) ON CONFLICT (id) DO UPDATE SET state = excluded.state",
    ).run(id, state);
  }
  const embedderOf = (id: string) => collections.get(id).embedder;
  const needed = (embedder: string) => store.page(key(embedder), "").map(({ id, isNeeded }) => [id, isNeeded]);
  return { truth, store, collections, document, embed, publish, job, embedderOf, needed };
}

describe("a collection's change to another embedding model", () => {
  it("is made in one step when all its documents have the new vectors, and listeners are told", () => {
    const { truth, store, collections, document, embedderOf } = setUp();
    const { id } = collections.create("notes", OLD);
    document("d1", [id], [key(OLD), key(NEW)]);
    store.begin(id, NEW, "j");
    const told: string[] = [];
    truth.onEvents((events) => void told.push(...events.map(({ kind, subject }) => `${kind} ${subject}`)));
    expect(store.switchOver(id, { id: NEW, key: key(NEW) }, truth.lastSeq())).toBe(true);
    expect(embedderOf(id)).toBe(NEW);
    expect(told).toEqual([`collection.changed ${id}`]);
  });

  // Catches: a document that was indexed while the last vectors were made, and is found by nobody after the switch.
  it("waits where a document came meanwhile without them, and nothing is changed", () => {
    const { truth, store, collections, document, embed, publish, embedderOf } = setUp();
    const { id } = collections.create("notes", OLD);
    document("d1", [id], [key(OLD), key(NEW)]);
    const seq = truth.lastSeq();
    document("d2", [id], [key(OLD)]);
    publish("d2");
    expect(store.switchOver(id, { id: NEW, key: key(NEW) }, seq)).toBe(false);
    expect(embedderOf(id)).toBe(OLD);
    embed("d2", key(NEW));
    expect(store.switchOver(id, { id: NEW, key: key(NEW) }, seq)).toBe(true);
  });

  it("does not wait for what came to other collections", () => {
    const { truth, store, collections, document, publish } = setUp();
    const { id } = collections.create("notes", OLD);
    const other = collections.create("others", OLD);
    const seq = truth.lastSeq();
    document("d2", [other.id], [key(OLD)]);
    publish("d2");
    expect(store.switchOver(id, { id: NEW, key: key(NEW) }, seq)).toBe(true);
    expect(collections.get(other.id).embedder).toBe(OLD);
  });

  // Catches: a cancelled change whose vectors stay for ever, or a running one whose vectors are swept away under it.
  it.each([
    ["queued", false],
    ["running", false],
    ["paused", false],
    ["failed", false],
    ["cancelled", true],
    ["done", true],
  ])("whose job is %s is abandoned: %s", (state, isAbandoned) => {
    const { store, collections, job } = setUp();
    const { id } = collections.create("notes", OLD);
    job("j", state);
    store.begin(id, NEW, "j");
    expect(store.abandoned()).toEqual(isAbandoned ? [id] : []);
    store.forgetChange(id);
    job("j", "cancelled");
    expect(store.abandoned()).toEqual(isAbandoned ? [] : [id]);
  });

  it("that is begun again goes by its last job", () => {
    const { store, collections, job } = setUp();
    const { id } = collections.create("notes", OLD);
    job("first", "cancelled");
    job("second", "running");
    store.begin(id, NEW, "first");
    store.begin(id, "local:third", "second");
    expect(store.abandoned()).toEqual([]);
  });
});

describe("vectors of documents", () => {
  it("are needed by a collection that has the embedder, and by one that is on its way to it", () => {
    const { store, collections, document, job, needed } = setUp();
    const { id } = collections.create("notes", OLD);
    const moving = collections.create("moving", OLD);
    job("j", "running");
    document("d1", [id], [key(OLD), key(NEW)]);
    document("d2", [moving.id], [key(OLD), key(NEW)]);
    store.begin(moving.id, NEW, "j");
    expect(needed(OLD)).toEqual([
      ["d1", true],
      ["d2", true],
    ]);
    expect(needed(NEW)).toEqual([
      ["d1", false],
      ["d2", true],
    ]);
    job("j", "cancelled");
    expect(needed(NEW)).toEqual([
      ["d1", false],
      ["d2", false],
    ]);
  });

  // Catches: vectors that another collection shares and that leave with the first.
  it("of a document in two collections are needed while one of them has the embedder", () => {
    const { collections, document, needed } = setUp();
    const a = collections.create("a", OLD);
    const b = collections.create("b", NEW);
    document("d", [a.id, b.id], [key(OLD), key(NEW)]);
    expect([needed(OLD), needed(NEW)]).toEqual([[["d", true]], [["d", true]]]);
  });

  it("are listed by id, a page after the other, and forgotten one by one", () => {
    const { truth, store, collections, document } = setUp();
    const { id } = collections.create("notes", OLD);
    const ids = Array.from({ length: 450 }, (_, at) => `d${String(at).padStart(4, "0")}`);
    truth.jot(() => {
      for (const one of ids) document(one, [id], [key(OLD)]);
    });
    const seen: string[] = [];
    for (let page = store.page(key(OLD), ""); page.length > 0; page = store.page(key(OLD), seen.at(-1) ?? ""))
      seen.push(...page.map((row) => row.id));
    expect(seen).toEqual(ids);
    expect(store.keys()).toEqual([key(OLD)]);
    store.forget("d0000", key(OLD));
    expect(store.page(key(OLD), "")[0]?.id).toBe("d0001");
    expect(store.keys()).toEqual([key(OLD)]);
  });
});
