import { joinCoverage } from "../../../src/shared/client/join-coverage.ts";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createCollectionStore } from "../../../src/main/features/knowledge/collections/collection-store.ts";
import { createDocumentStore } from "../../../src/main/features/knowledge/documents/document-store.ts";
import { createSourceStore, SourceOptions } from "../../../src/main/features/knowledge/sources/source-store.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const never = new AbortController().signal;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

function setUp() {
  const truth = temporaryTruth();
  const collections = createCollectionStore(truth);
  const documents = createDocumentStore(truth);
  const sources = createSourceStore(truth);
  const collection = collections.create("notes", "local:bge");
  const source = sources.add(collection.id, "path", "/docs", SourceOptions.parse({}));

  /** A file of the source, indexed with the given text. */
  function index(path: string, text: string, publish = true): string {
    sources.noteSeen(source.id, [{ path, size: text.length, modifiedAt: 1 }]);
    const contentHash = sha256(`bytes of ${text}`);
    const id = documents.begin({ contentHash, title: path, type: "txt", bytes: text.length, metadata: {}, warnings: [] });
    documents.storeText(id, sha256(text), text);
    documents.storePages(sha256(text), [{ page: 1, start: 0, end: text.length, source: "text" }]);
    documents.storeChunks(
      id,
      sha256(text),
      [{ start: 0, end: text.length, tokens: 3, heading: "", section: { start: 0, end: text.length } }],
      0,
    );
    if (publish)
      documents.publish({
        id,
        embedder: "e",
        collectionId: collection.id,
        path,
        file: { sourceId: source.id, path, contentHash, ocrPages: 0 },
      });
    return id;
  }
  /** Deletes what nobody sees, so many rows at a time. @returns keys that the index may drop */
  function purge(rows = 10): number[] {
    const keys: number[] = [];
    for (let step = documents.deleteSome(rows); ; step = documents.deleteSome(rows)) {
      keys.push(...step.keys);
      if (step.isDone) return keys;
    }
  }
  const count = (table: string) => truth.db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n;
  return { truth, collections, documents, sources, collection, source, index, count, purge };
}

describe("documents", () => {
  it("are not seen before they are published", () => {
    const { documents, collection, index, collections } = setUp();
    const id = index("/docs/a.txt", "text", false);
    expect(() => documents.get(id)).toThrowError(expect.objectContaining({ code: "NOT_FOUND" }));
    expect(documents.list(collection.id, "", 10)).toEqual([]);
    expect(documents.chunks([1], new Set([collection.id]))).toEqual([]);
    expect(collections.get("notes").documents).toBe(0);
  });

  it("that a crash left pending are started over without a trace of the first try", () => {
    const { index, count, documents, collection } = setUp();
    index("/docs/a.txt", "text", false);
    const id = index("/docs/a.txt", "text");
    expect(count("documents")).toBe(1);
    expect(count("chunks")).toBe(1);
    expect(documents.list(collection.id, "", 10).map((document) => document.id)).toEqual([id]);
  });

  it("of a changed file replace the former one in the same transaction", async () => {
    const { index, documents, collection, sources, collections, truth } = setUp();
    index("/docs/a.txt", "old");
    const before = truth.lastSeq();
    const id = index("/docs/a.txt", "new");
    expect(documents.list(collection.id, "", 10).map((document) => document.id)).toEqual([id]);
    expect(truth.eventsSince(before).map(({ kind }) => kind)).toEqual(["document.removed", "document.published"]);
    expect((await joinCoverage(sources.coverage(collections.get("notes"), never))).totals).toEqual({
      indexed: 1,
      skipped: 0,
      failed: 0,
      pending: 0,
    });
  });

  it("shared by two files stay until the last of them is forgotten, then go with text and chunks", () => {
    const { index, documents, collection, source, sources, count, purge } = setUp();
    const id = index("/docs/a.txt", "same");
    sources.noteSeen(source.id, [{ path: "/docs/copy.txt", size: 4, modifiedAt: 1 }]);
    documents.publish({
      id,
      embedder: "e",
      collectionId: collection.id,
      path: "/docs/copy.txt",
      file: { sourceId: source.id, path: "/docs/copy.txt", contentHash: sha256("bytes of same"), ocrPages: 0 },
    });
    documents.forgetFile(collection.id, source.id, "/docs/a.txt");
    expect(documents.get(id).id).toBe(id);
    documents.forgetFile(collection.id, source.id, "/docs/copy.txt");
    expect(purge()).toEqual([1]);
    expect([count("documents"), count("texts"), count("pages"), count("chunks")]).toEqual([0, 0, 0, 0]);
  });

  it("of two collections survive the removal of one", () => {
    const { index, documents, collections, collection, purge } = setUp();
    const id = index("/docs/a.txt", "text");
    const other = collections.create("other", "local:bge");
    documents.publish({ id, embedder: "e", collectionId: other.id, path: "/docs/a.txt" });
    expect(documents.removeCollection(collection.id)).toBe(1);
    expect(purge()).toEqual([]);
    expect(documents.list(other.id, "", 10)).toHaveLength(1);
  });

  it("keep a text that another document shares", () => {
    const { index, documents, collection, truth, source, purge } = setUp();
    index("/docs/a.txt", "text");
    const other = documents.begin({
      contentHash: sha256("other bytes, same text"),
      title: "b",
      type: "md",
      bytes: 4,
      metadata: {},
      warnings: [],
    });
    documents.storeText(other, sha256("text"), "text");
    documents.publish({ id: other, embedder: "e", collectionId: collection.id, path: "/docs/b.md" });
    documents.forgetFile(collection.id, source.id, "/docs/a.txt");
    purge();
    expect(documents.text(sha256("text"))).toBe("text");
    expect(truth.db.pragma("foreign_key_check")).toEqual([]);
  });

  it("removed by a person are marked so in the coverage, not lost from it", async () => {
    const { index, documents, collection, sources, collections } = setUp();
    documents.remove(collection.id, index("/docs/a.txt", "text"));
    expect((await joinCoverage(sources.coverage(collections.get("notes"), never))).files).toEqual([
      { path: "/docs/a.txt", state: "skipped", reason: { code: "REMOVED", message: "Removed by you." } },
    ]);
    expect(() => documents.remove(collection.id, "none")).toThrowError(expect.objectContaining({ code: "NOT_FOUND" }));
  });

  it("without vectors of their collection's embedder are found, so that a lost index is made again", async () => {
    const { index, documents, collection } = setUp();
    const id = index("/docs/a.txt", "text");
    expect(await documents.missingEmbeddings(collection.id, "e", never)).toEqual([]);
    expect(await documents.missingEmbeddings(collection.id, "another", never)).toEqual([id]);
    expect([...(await documents.embeddedChunks(never))]).toEqual([["e", 1]]);
    expect(await documents.documentsEmbeddedBy("e", never)).toEqual([id]);
    expect(await documents.lacksEmbeddings(collection.id, "e", never)).toBe(false);
    expect(await documents.lacksEmbeddings(collection.id, "another", never)).toBe(true);
    documents.forgetEmbeddings([id], "e");
    expect(await documents.lacksEmbeddings(collection.id, "e", never)).toBe(true);
  });
});

describe("deleting", () => {
  // Catches a collection that is deleted in one stretch, and one that is still seen while it is deleted step by step.
  it("a collection takes it from sight at once, and step by step leaves nothing of it", () => {
    const { index, documents, collections, collection, purge, count, sources } = setUp();
    for (let file = 0; file < 5; file += 1) index(`/docs/${file}.txt`, `text ${file}`);
    expect(documents.removeCollection(collection.id)).toBe(5);
    expect(collections.find("notes")).toBeUndefined();
    expect(collections.find(collection.id)).toBeUndefined();
    expect(collections.list()).toEqual([]);
    expect(sources.watched()).toEqual([]);
    collections.create("notes", "local:bge");
    const steps = [documents.deleteSome(2), documents.deleteSome(2)];
    expect(steps.map(({ isDone }) => isDone)).toEqual([false, false]);
    expect(count("collection_documents")).toBe(1);
    expect(purge(2)).toHaveLength(5);
    expect(["documents", "texts", "pages", "chunks", "files", "sources", "document_embeddings", "unlinked_documents"].map(count)).toEqual(
      Array.from({ length: 8 }, () => 0),
    );
    expect(collections.list().map(({ name, documents: held }) => [name, held])).toEqual([["notes", 0]]);
  });

  // Catches a crash in the middle of a deletion after which the rest is kept for ever: the next start goes on with it.
  it("that a crash ended is gone on with by the next start", () => {
    const { index, documents, collection, count, truth, purge } = setUp();
    for (let file = 0; file < 5; file += 1) index(`/docs/${file}.txt`, `text ${file}`);
    documents.removeCollection(collection.id);
    for (let step = 0; step < 8; step += 1) documents.deleteSome(2);
    expect(count("documents")).toBeGreaterThan(0);
    const next = createDocumentStore(truth);
    next.dropPending();
    purge();
    expect([count("documents"), count("texts"), count("collections")]).toEqual([0, 0, 0]);
    expect(truth.db.pragma("foreign_key_check")).toEqual([]);
  });

  // Catches a document that is linked again while its chunks are being deleted: it would be found with half of its text.
  it("a document keeps it from being published again", () => {
    const { documents, collections, collection, index } = setUp();
    const id = index("/docs/a.txt", "text");
    const other = collections.create("other", "local:bge");
    documents.removeCollection(collection.id);
    // Its chunk is deleted in one step, the document itself in a later one.
    while (documents.find(sha256("bytes of text"))?.state === "published") documents.deleteSome(1);
    expect(documents.publish({ id, embedder: "e", collectionId: other.id, path: undefined })).toEqual([false]);
    expect(documents.list(other.id, "", 10)).toEqual([]);
    const again = { contentHash: sha256("bytes of text"), title: "a", type: "txt", bytes: 4, metadata: {}, warnings: [] };
    expect(documents.begin(again)).not.toBe(id);
  });

  // Catches the foreign key error that ended a whole run when a document was purged between its finding and its linking.
  it("a document that is to be linked makes it new, not an error", () => {
    const { documents, collections, collection, index, purge } = setUp();
    const id = index("/docs/a.txt", "text");
    const other = collections.create("other", "local:bge");
    documents.removeCollection(collection.id);
    purge();
    expect(documents.publish({ id, embedder: "e", collectionId: other.id, path: undefined })).toEqual([false]);
    documents.noteEmbedded(id, "e");
    expect(documents.hasEmbedding(id, "e")).toBe(false);
  });

  // Catches documents that are deleted although they were put into another collection before their turn came.
  it("spares a document that is in a collection again", () => {
    const { documents, collections, collection, index, purge } = setUp();
    const id = index("/docs/a.txt", "text");
    const other = collections.create("other", "local:bge");
    documents.remove(collection.id, id);
    expect(documents.publish({ id, embedder: "e", collectionId: other.id, path: undefined })).toEqual([true]);
    expect(purge()).toEqual([]);
    expect(documents.list(other.id, "", 10).map((document) => document.id)).toEqual([id]);
  });

  // Catches an INTERNAL error, or a document in a collection that nobody can see, where it was removed during a run.
  it("a collection ends the run over it with a reason", () => {
    const { documents, sources, source, collection, index, count } = setUp();
    const id = index("/docs/a.txt", "text", false);
    documents.removeCollection(collection.id);
    expect(() => sources.noteSeen(source.id, [{ path: "/docs/b.txt", size: 1, modifiedAt: 1 }])).toThrowError(
      expect.objectContaining({ code: "CONFLICT" }),
    );
    expect(() => documents.publish({ id, embedder: "e", collectionId: collection.id, path: undefined })).toThrowError(
      expect.objectContaining({ code: "CONFLICT" }),
    );
    expect(count("collection_documents")).toBe(0);
  });

  // Catches the text of a file that stays in the database after its writing was given up.
  it("takes what was given up or left by a crash, with its text", () => {
    const { documents, index, count, purge } = setUp();
    documents.abandon(index("/docs/a.txt", "text", false));
    expect(purge()).toEqual([1]);
    documents.abandon(index("/docs/b.txt", "published"));
    expect(purge()).toEqual([]);
    expect(count("texts")).toBe(1);
  });
});

describe("what a collection holds", () => {
  // Catches counts that drift from what is there: they are kept with every change and never counted again.
  it("is counted as it changes", () => {
    const { documents, collections, collection, index, truth } = setUp();
    const counts = () => {
      const { documents: held, chunks, bytes } = collections.get("notes");
      const counted = truth.db
        .prepare(
          `SELECT count(*) AS held, coalesce(sum(chunks), 0) AS chunks, coalesce(sum(bytes), 0) AS bytes
           FROM collection_documents cd JOIN documents d ON d.id = cd.document_id WHERE cd.collection_id = ?`,
        )
        .get(collection.id);
      expect({ held, chunks, bytes }).toEqual(counted);
      return [held, chunks, bytes];
    };
    expect(counts()).toEqual([0, 0, 0]);
    const id = index("/docs/a.txt", "four");
    index("/docs/b.txt", "eleven");
    expect(counts()).toEqual([2, 2, 10]);
    documents.publish({ id, embedder: "e", collectionId: collection.id, path: "/docs/again.txt" });
    expect(counts()).toEqual([2, 2, 10]);
    index("/docs/a.txt", "sixteen");
    expect(counts()).toEqual([2, 2, 13]);
    truth.db.prepare("UPDATE documents SET chunks = 7 WHERE bytes = 7").run();
    expect(counts()).toEqual([2, 8, 13]);
    for (const document of documents.list(collection.id, "", 10)) documents.remove(collection.id, document.id);
    expect(counts()).toEqual([0, 0, 0]);
  });
});

describe("files of a source", () => {
  it("are pending again as soon as they changed, so that a crash before re-reading forgets nothing", async () => {
    const { index, sources, source } = setUp();
    const stateOf = async () => (await sources.files(source.id, never)).get("/docs/a.txt")?.state;
    index("/docs/a.txt", "text");
    sources.noteSeen(source.id, [{ path: "/docs/a.txt", size: 4, modifiedAt: 1 }]);
    expect(await stateOf()).toBe("indexed");
    sources.noteSeen(source.id, [{ path: "/docs/a.txt", size: 4, modifiedAt: 2 }]);
    expect(await stateOf()).toBe("pending");
    expect(sources.file(source.id, "/docs/a.txt")?.state).toBe("pending");
  });

  // Catches a listing that ends with its first page, or that reads all rows of a large source in one stretch.
  it("are all listed, however many, and not after an abort", async () => {
    const { sources, source, collections } = setUp();
    const paths = Array.from({ length: 2500 }, (_, index) => `/docs/${String(index).padStart(5, "0")}.txt`);
    sources.noteSeen(
      source.id,
      paths.map((path) => ({ path, size: 1, modifiedAt: 1 })),
    );
    expect([...(await sources.files(source.id, never)).keys()]).toEqual(paths);
    const coverage = await joinCoverage(sources.coverage(collections.get("notes"), never));
    expect(coverage.files.map(({ path }) => path)).toEqual(paths);
    expect(coverage.totals.pending).toBe(2500);
    const stop = new AbortController();
    const listing = sources.files(source.id, stop.signal);
    stop.abort();
    await expect(listing).rejects.toMatchObject({ name: "AbortError" });
  });

  it("keep the reason of a failure, with what to do", async () => {
    const { sources, source, collections } = setUp();
    sources.noteSeen(source.id, [{ path: "/docs/x.pdf", size: 1, modifiedAt: 1 }]);
    sources.noteState(source.id, "/docs/x.pdf", "failed", Object.assign(new Error("boom"), {}));
    const [file] = (await joinCoverage(sources.coverage(collections.get("notes"), never))).files;
    expect(file).toMatchObject({ state: "failed", reason: { code: "INTERNAL" } });
    expect(JSON.stringify(file)).not.toContain("boom");
  });
});

describe("collections", () => {
  it("are found by name whatever its case, and by id", () => {
    const { collections, collection } = setUp();
    expect(collections.get("NOTES").id).toBe(collection.id);
    expect(collections.resolve([collection.id, "Notes"]).map(({ id }) => id)).toEqual([collection.id, collection.id]);
    expect(() => collections.resolve(["nope"])).toThrowError(expect.objectContaining({ code: "NOT_FOUND" }));
  });

  it("have one name each", () => {
    const { collections } = setUp();
    expect(() => collections.create("Notes", "e")).toThrowError(expect.objectContaining({ code: "CONFLICT" }));
  });
});
