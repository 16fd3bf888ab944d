import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createCollectionStore } from "../../../src/main/features/knowledge/collection-store.ts";
import { createDocumentStore } from "../../../src/main/features/knowledge/document-store.ts";
import { createSourceStore, SourceOptions } from "../../../src/main/features/knowledge/source-store.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

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
  const count = (table: string) => truth.db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n;
  return { truth, collections, documents, sources, collection, source, index, count };
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

  it("of a changed file replace the former one in the same transaction", () => {
    const { index, documents, collection, sources, collections, truth } = setUp();
    index("/docs/a.txt", "old");
    const before = truth.lastSeq();
    const id = index("/docs/a.txt", "new");
    expect(documents.list(collection.id, "", 10).map((document) => document.id)).toEqual([id]);
    expect(truth.eventsSince(before).map(({ kind }) => kind)).toEqual(["document.removed", "document.published"]);
    expect(sources.coverage(collections.get("notes")).totals).toEqual({ indexed: 1, skipped: 0, failed: 0, pending: 0 });
  });

  it("shared by two files stay until the last of them is forgotten, then go with text and chunks", () => {
    const { index, documents, collection, source, sources, count } = setUp();
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
    expect(documents.purge(10)).toEqual({ documents: 1, keys: [1] });
    expect([count("documents"), count("texts"), count("pages"), count("chunks")]).toEqual([0, 0, 0, 0]);
  });

  it("of two collections survive the removal of one", () => {
    const { index, documents, collections, collection } = setUp();
    const id = index("/docs/a.txt", "text");
    const other = collections.create("other", "local:bge");
    documents.publish({ id, embedder: "e", collectionId: other.id, path: "/docs/a.txt" });
    expect(documents.removeCollection(collection.id)).toBe(1);
    expect(documents.purge(10).documents).toBe(0);
    expect(documents.list(other.id, "", 10)).toHaveLength(1);
  });

  it("keep a text that another document shares", () => {
    const { index, documents, collection, truth, source } = setUp();
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
    documents.purge(10);
    expect(documents.text(sha256("text"))).toBe("text");
    expect(truth.db.pragma("foreign_key_check")).toEqual([]);
  });

  it("removed by a person are marked so in the coverage, not lost from it", () => {
    const { index, documents, collection, sources, collections } = setUp();
    documents.remove(collection.id, index("/docs/a.txt", "text"));
    expect(sources.coverage(collections.get("notes")).files).toEqual([
      { path: "/docs/a.txt", state: "skipped", reason: { code: "REMOVED", message: "Removed by you." } },
    ]);
    expect(() => documents.remove(collection.id, "none")).toThrowError(expect.objectContaining({ code: "NOT_FOUND" }));
  });

  it("without vectors of an embedder are found, so that a lost index is made again", () => {
    const { index, documents, collection } = setUp();
    const id = index("/docs/a.txt", "text");
    expect(documents.missingEmbeddings(collection.id, "e")).toEqual([]);
    expect(documents.missingEmbeddings(collection.id, "another")).toEqual([id]);
    expect(documents.embeddedChunks()).toEqual([{ embedder: "e", chunks: 1 }]);
    documents.forgetEmbeddings([id], "e");
    expect(documents.collectionsLackingEmbeddings()).toEqual([collection.id]);
  });
});

describe("files of a source", () => {
  it("are pending again as soon as they changed, so that a crash before re-reading forgets nothing", () => {
    const { index, sources, source } = setUp();
    index("/docs/a.txt", "text");
    sources.noteSeen(source.id, [{ path: "/docs/a.txt", size: 4, modifiedAt: 1 }]);
    expect(sources.files(source.id).get("/docs/a.txt")?.state).toBe("indexed");
    sources.noteSeen(source.id, [{ path: "/docs/a.txt", size: 4, modifiedAt: 2 }]);
    expect(sources.files(source.id).get("/docs/a.txt")?.state).toBe("pending");
  });

  it("keep the reason of a failure, with what to do", () => {
    const { sources, source, collections } = setUp();
    sources.noteSeen(source.id, [{ path: "/docs/x.pdf", size: 1, modifiedAt: 1 }]);
    sources.noteState(source.id, "/docs/x.pdf", "failed", Object.assign(new Error("boom"), {}));
    const [file] = sources.coverage(collections.get("notes")).files;
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
