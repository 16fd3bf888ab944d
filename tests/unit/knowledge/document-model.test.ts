import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createCollectionStore } from "../../../src/main/features/knowledge/collections/collection-store.ts";
import { createDocumentStore } from "../../../src/main/features/knowledge/documents/document-store.ts";
import { createSourceStore, SourceOptions } from "../../../src/main/features/knowledge/sources/source-store.ts";
import { temporaryTruth } from "../../helpers/profile.ts";
import { seeded } from "../../helpers/random-text.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
/** Two contents may hold one text, as a PDF and its Word file do: `b:one` is another document than `a:one`. */
const textOf = (content: string) => `the text ${content.slice(2)}`;
const contents = ["a:one", "b:one", "a:two", "b:two", "a:three", "a:four"];
const paths = ["/d/1", "/d/2", "/d/3", "/d/4"];

type Known = { id: string; sourceId: string; files: Map<string, string> };

/** A library, and beside it the plainest account of what it must show: which file of which collection holds what. */
function setUp() {
  const truth = temporaryTruth();
  const sources = createSourceStore(truth);
  const collections = createCollectionStore(truth);
  let documents = createDocumentStore(truth);
  const known: Known[] = [];
  let made = 0;

  const write = (content: string, upTo: "begin" | "text" | "chunks") => {
    const text = textOf(content);
    const id = documents.begin({ contentHash: sha256(content), title: content, type: "txt", bytes: 9, metadata: {}, warnings: [] });
    if (upTo === "begin") return id;
    documents.storeText(id, sha256(text), text);
    documents.storePages(
      sha256(text),
      [1, 2, 3].map((page) => ({ page, start: page - 1, end: page, source: "text" as const })),
    );
    if (upTo === "text") return id;
    const chunk = (start: number) => ({ start, end: start + 3, tokens: 1, heading: "", section: { start, end: start + 3 } });
    documents.storeChunks(id, sha256(text), [chunk(0), chunk(3)], 0);
    documents.storeChunks(id, sha256(text), [chunk(6)], 2);
    return id;
  };

  return {
    truth,
    known,
    count: (table: string) => truth.db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? -1,
    documents: () => documents,
    addCollection() {
      const { id } = collections.create(`collection ${(made += 1)}`, "local:bge");
      known.push({ id, sourceId: sources.add(id, "path", "/d", SourceOptions.parse({})).id, files: new Map() });
    },
    index({ id: collectionId, sourceId, files }: Known, path: string, content: string) {
      sources.noteSeen(sourceId, [{ path, size: 9, modifiedAt: 1 }]);
      const found = documents.find(sha256(content));
      const id = found?.state === "published" ? found.id : write(content, "chunks");
      const file = { sourceId, path, contentHash: sha256(content), ocrPages: 0 };
      expect(documents.publish({ id, embedder: "e", collectionId, path, file })).toEqual([true]);
      files.set(path, content);
    },
    /** The process ends in the middle of writing a document. */
    crashWhileWriting(content: string, upTo: "begin" | "text" | "chunks") {
      if (documents.find(sha256(content))?.state !== "published") write(content, upTo);
      documents = createDocumentStore(truth);
      documents.dropPending();
    },
    restart() {
      documents = createDocumentStore(truth);
      documents.dropPending();
    },
    forget({ id, sourceId, files }: Known, path: string) {
      documents.forgetFile(id, sourceId, path);
      files.delete(path);
    },
    removeDocument({ id, files }: Known, content: string) {
      const found = documents.find(sha256(content));
      const isHeld = [...files.values()].includes(content);
      if (!found || !isHeld) return;
      documents.remove(id, found.id);
      for (const [path, held] of files) if (held === content) files.delete(path);
    },
    removeCollection(index: number) {
      const [gone] = known.splice(index, 1);
      if (gone) expect(documents.removeCollection(gone.id)).toBe(new Set(gone.files.values()).size);
    },
    check() {
      for (const { id, files } of known) {
        const listed = documents.list(id, "", 100);
        expect(listed.map(({ title }) => title).sort()).toEqual([...new Set(files.values())].sort());
        for (const document of listed) {
          const text = documents.text(document.textHash);
          expect(text).toBe(textOf(document.title));
          expect(document).toMatchObject({ pages: 3, chunks: 3 });
          const keys = documents.chunksOf(document.id).map(({ key }) => key);
          const rows = documents.chunks(keys, new Set([id]));
          expect(rows.map(({ start, end }) => text.slice(start, end)).join("")).toBe("the text ");
          expect(documents.pagesIn(document.textHash, 0, 3)).toHaveLength(3);
        }
      }
    },
  };
}

describe("a library after any order of changes", () => {
  // Catches a change that shows a half-written or deleted document, loses a shared one, or leaves rows behind: each seed
  // is another order of indexing, changing, removing, deleting in steps, crashes and restarts.
  it.each(Array.from({ length: 24 }, (_, index) => index + 1))("shows what its files hold and nothing else (seed %d)", (seed) => {
    const library = setUp();
    const random = seeded(seed);
    const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)];
    library.addCollection();
    for (let step = 0; step < 90; step += 1) {
      const collection = pick(library.known);
      const path = pick(paths) ?? "";
      const content = pick(contents) ?? "";
      const dice = random();
      if (!collection || dice < 0.05) library.addCollection();
      else if (dice < 0.45) library.index(collection, path, content);
      else if (dice < 0.55) library.forget(collection, path);
      else if (dice < 0.65) library.removeDocument(collection, content);
      else if (dice < 0.7) library.removeCollection(library.known.indexOf(collection));
      else if (dice < 0.78) library.crashWhileWriting(content, pick(["begin", "text", "chunks"]) ?? "begin");
      else if (dice < 0.83) library.restart();
      else library.documents().deleteSome(1 + Math.floor(random() * 4));
      library.check();
    }

    library.restart();
    for (let step = 0; !library.documents().deleteSome(2).isDone; step += 1) expect(step).toBeLessThan(2_000);
    library.check();
    const shown = new Set(library.known.flatMap(({ files }) => [...files.values()]));
    const texts = new Set([...shown].map(textOf));
    expect(
      Object.fromEntries(
        ["documents", "texts", "pages", "chunks", "unlinked_documents", "collections"].map((table) => [table, library.count(table)]),
      ),
    ).toEqual({
      documents: shown.size,
      texts: texts.size,
      pages: texts.size * 3,
      chunks: shown.size * 3,
      unlinked_documents: 0,
      collections: library.known.length,
    });
    expect(library.truth.db.pragma("foreign_key_check")).toEqual([]);
    expect(library.truth.db.pragma("integrity_check", { simple: true })).toBe("ok");
  });
});
