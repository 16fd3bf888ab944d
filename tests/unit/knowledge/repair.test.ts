import { describe, expect, it } from "vitest";
import { fakeHost } from "../../../src/main/engines/fakes/fake-host.ts";
import type { SearchProtocol, SearchStats } from "../../../src/main/engines/search/protocol.ts";
import { createCollectionStore } from "../../../src/main/features/knowledge/collections/collection-store.ts";
import { createDocumentStore } from "../../../src/main/features/knowledge/documents/document-store.ts";
import { findMissing } from "../../../src/main/features/knowledge/indexing/repair.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const never = new AbortController().signal;

/** Documents of two chunks each, and an index that holds the vectors in `index`: keys by embedder. */
function setUp() {
  const truth = temporaryTruth();
  const documents = createDocumentStore(truth);
  const collections = createCollectionStore(truth);
  const index = new Map<string, Set<number>>();
  const asked: string[] = [];
  const stats = (): SearchStats => ({
    chunks: 0,
    vectors: Object.fromEntries([...index].map(([embedder, keys]) => [embedder, keys.size])),
    bytes: 0,
    begun: { at: 0, reason: "missing" },
    scanner: "plain",
  });
  const unasked = () => Promise.reject(new Error("Nobody asked for this."));
  const search = fakeHost<SearchProtocol>("search", async () => ({
    methods: {
      put: unasked,
      remove: unasked,
      query: unasked,
      forget: unasked,
      erase: unasked,
      stats: async () => stats(),
      present: async ({ embedder }) => {
        asked.push(`present ${embedder}`);
        return Uint32Array.from(index.get(embedder) ?? []);
      },
      sweep: async () => {
        asked.push("sweep");
        const known = new Set(truth.db.prepare<[], number>("SELECT key FROM chunks").pluck().all());
        for (const keys of index.values()) for (const key of keys) if (!known.has(key)) keys.delete(key);
        return { removed: 0 };
      },
    },
    dispose: async () => {},
  }));
  function add(collection: string, title: string, embedder = "e"): { id: string; keys: number[] } {
    const { id: collectionId } = collections.find(collection) ?? collections.create(collection, `local:${embedder}`);
    const id = documents.begin({ contentHash: title, title, type: "txt", bytes: 1, metadata: {}, warnings: [] });
    documents.storeText(id, title, title);
    const chunk = { start: 0, end: 1, tokens: 1, heading: "", section: { start: 0, end: 1 } };
    const keys = documents.storeChunks(id, title, [chunk, chunk], 0);
    documents.publish({ id, embedder, collectionId, path: title });
    index.set(embedder, new Set([...(index.get(embedder) ?? []), ...keys]));
    return { id, keys };
  }
  const missing = (signal = never) =>
    findMissing(
      documents,
      collections.list().map(({ id, embedder }) => ({ id, embedder: embedder.replace("local:", "") })),
      search,
      signal,
    );
  return { truth, documents, collections, index, asked, search, add, missing };
}

describe("what the index lacks", () => {
  // Catches a start that reads all keys of a sound index, which takes seconds in a large library.
  it("is nothing where the counts agree, and no keys are read for that", async () => {
    const { missing, add, asked } = setUp();
    add("a", "one");
    expect(await missing()).toEqual([]);
    expect(asked).toEqual(["sweep"]);
  });

  // Catches a whole library that is embedded again for one lost document, or a document that lost one of its chunks.
  it("is made again for the documents that lost a chunk, and for no other", async () => {
    const { documents, missing, add, index, collections } = setUp();
    const kept = add("a", "kept");
    const torn = add("b", "torn");
    index.get("e")?.delete(torn.keys[1] ?? 0);
    expect(await missing()).toEqual([collections.get("b").id]);
    expect([documents.hasEmbedding(kept.id, "e"), documents.hasEmbedding(torn.id, "e")]).toEqual([true, false]);
  });

  // Catches a deleted index whose documents stay marked as embedded: nothing would ever be found by meaning again.
  it("is everything where the index is gone, each collection once", async () => {
    const { documents, missing, add, index, collections } = setUp();
    for (const title of ["one", "two", "three"]) add("a", title);
    add("b", "four");
    index.clear();
    const lacking = await missing();
    expect(lacking.toSorted()).toEqual([collections.get("a").id, collections.get("b").id].toSorted());
    expect([...(await documents.embeddedChunks(never))]).toEqual([]);
  });

  // Catches vectors of one model that stand in for those of another.
  it("is looked for by embedder", async () => {
    const { documents, missing, add, index, asked } = setUp();
    add("a", "one", "e");
    const other = add("b", "two", "f");
    index.set("f", new Set());
    await missing();
    expect(asked).toEqual(["sweep", "present f"]);
    expect(documents.hasEmbedding(other.id, "f")).toBe(false);
  });

  // Catches an index with more than it should hold that is taken for damage: rows of a document that is being written.
  it("is nothing where the index holds more", async () => {
    const { documents, missing, add, index } = setUp();
    const { id } = add("a", "one");
    index.get("e")?.add(999);
    expect(await missing()).toEqual([]);
    expect(documents.hasEmbedding(id, "e")).toBe(true);
  });

  // Catches vectors of deleted chunks that make up for the count of those that are missing.
  it("is found although the index holds as many that it should not", async () => {
    const { documents, missing, add, index, collections } = setUp();
    const torn = add("a", "torn");
    index.set("e", new Set([torn.keys[0] ?? 0, 999]));
    expect(await missing()).toEqual([collections.get("a").id]);
    expect(documents.hasEmbedding(torn.id, "e")).toBe(false);
  });

  // Catches a document that another collection's model embedded and its own did not: it would never be found by meaning.
  it("is looked for by the embedder of each collection", async () => {
    const { documents, missing, add, collections } = setUp();
    const { id } = add("a", "one", "e");
    const other = collections.create("b", "local:f");
    documents.publish({ id, embedder: "e", collectionId: other.id, path: undefined });
    expect(await missing()).toEqual([other.id]);
  });

  // Catches a shutdown that waits for the repair, or embeddings that are forgotten after it.
  it("is not looked for after an abort", async () => {
    const { documents, missing, add, index } = setUp();
    const { id } = add("a", "one");
    index.clear();
    await expect(missing(AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
    expect(documents.hasEmbedding(id, "e")).toBe(true);
  });
});
