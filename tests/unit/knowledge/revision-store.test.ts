import { describe, expect, test } from "vitest";
import { createCollectionStore } from "../../../src/main/features/knowledge/collections/collection-store.ts";
import { createDocumentStore } from "../../../src/main/features/knowledge/documents/document-store.ts";
import type { DocumentContent } from "../../../src/main/features/knowledge/documents/document-content.ts";
import { createRevisionStore } from "../../../src/main/features/knowledge/pages/revision-store.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const hash = (letter: string) => letter.repeat(64);
const content = (letter: string, text: string): DocumentContent => ({
  contentHash: hash("c"),
  title: `Title ${letter}`,
  type: "pdf",
  bytes: 10,
  metadata: {},
  warnings: [],
  text,
  textHash: hash(letter),
  blocks: [],
  pages: [],
});
const chunk = (start: number, end: number) => ({ start, end, heading: "", tokens: 3, section: { start, end } });
const reading = { mode: "auto" as const, languages: "eng", recognisable: 1, waiting: 0, ocrPages: 1 };

/** A published document of two chunks in one collection. */
function setUp() {
  const truth = temporaryTruth();
  const { id: collectionId } = createCollectionStore(truth).create("notes", "old");
  const documents = createDocumentStore(truth);
  const revisions = createRevisionStore(truth);
  const first = content("a", "one two");
  const id = documents.begin(first);
  documents.storeText(id, first.textHash, first.text);
  documents.storeChunks(id, first.textHash, [chunk(0, 3), chunk(4, 7)], 0);
  documents.publish({ id, embedder: "old#1", collectionId, path: "/a.pdf" });
  const stage = (next: DocumentContent) => {
    revisions.stage(id, next.textHash, next.text);
    return documents.storeChunks(id, next.textHash, [chunk(0, 3), chunk(4, 7), chunk(8, 13)], 0);
  };
  return { truth, documents, revisions, id, collectionId, stage };
}

describe("a document's next text", () => {
  test("is seen by nobody until it takes its place, all of it at once", () => {
    const { documents, revisions, id, collectionId, stage, truth } = setUp();
    const next = content("b", "one two three");
    stage(next);
    expect(documents.get(id)).toMatchObject({ title: "Title a", textHash: hash("a"), chunks: 2 });
    expect(revisions.chunksOf(id, hash("a"))).toHaveLength(2);
    const seq = truth.lastSeq();
    expect(revisions.replace({ documentId: id, content: next, reading, embedders: ["new#1"] })).toBe(hash("a"));
    expect(documents.get(id)).toMatchObject({ id, title: "Title b", textHash: hash("b"), chunks: 3 });
    expect(truth.eventsSince(seq).map(({ kind, subject }) => [kind, subject])).toEqual([["document.published", id]]);
    expect(createCollectionStore(truth).get(collectionId)).toMatchObject({ documents: 1, chunks: 3 });
  });

  test("has vectors of those embedders only that were made of it", () => {
    const { documents, revisions, id, stage } = setUp();
    const next = content("b", "one two three");
    stage(next);
    revisions.replace({ documentId: id, content: next, reading, embedders: ["new#1"] });
    expect([documents.hasEmbedding(id, "old#1"), documents.hasEmbedding(id, "new#1")]).toEqual([false, true]);
  });

  test("leaves the former text for what cites it, and takes both along when the document is deleted", async () => {
    const { documents, revisions, id, stage, truth, collectionId } = setUp();
    const next = content("b", "one two three");
    stage(next);
    revisions.replace({ documentId: id, content: next, reading, embedders: ["old#1"] });
    expect(documents.text(hash("a"))).toBe("one two");
    documents.remove(collectionId, id);
    while (!documents.deleteSome(100).isDone);
    expect(truth.db.prepare("SELECT count(*) AS n FROM texts").get()).toEqual({ n: 0 });
  });

  test("that was left half written is found and can be cleared away; the document stays whole", () => {
    const { documents, revisions, id, stage } = setUp();
    const keys = stage(content("b", "one two three"));
    expect(revisions.leftovers().sort()).toEqual(keys.sort());
    revisions.dropChunks(revisions.leftovers());
    expect(revisions.leftovers()).toEqual([]);
    expect(documents.get(id)).toMatchObject({ textHash: hash("a"), chunks: 2 });
    expect(revisions.chunksOf(id, hash("a"))).toHaveLength(2);
  });

  test("may be one that it had before", () => {
    const { documents, revisions, id, stage } = setUp();
    const next = content("b", "one two three");
    stage(next);
    revisions.replace({ documentId: id, content: next, reading, embedders: ["old#1"] });
    revisions.dropChunks(revisions.leftovers());
    const back = content("a", "one two");
    revisions.stage(id, back.textHash, back.text);
    documents.storeChunks(id, back.textHash, [chunk(0, 7)], 0);
    expect(revisions.replace({ documentId: id, content: back, reading, embedders: ["old#1"] })).toBe(hash("b"));
    expect(documents.get(id)).toMatchObject({ textHash: hash("a"), chunks: 1 });
    expect(documents.text(hash("b"))).toBe("one two three");
  });

  test("does not bring back a document that was removed meanwhile", () => {
    const { documents, revisions, id, stage, collectionId } = setUp();
    const next = content("b", "one two three");
    stage(next);
    documents.remove(collectionId, id);
    while (!documents.deleteSome(100).isDone);
    expect(revisions.replace({ documentId: id, content: next, reading, embedders: ["old#1"] })).toBeUndefined();
    expect(() => documents.get(id)).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
  });
});
