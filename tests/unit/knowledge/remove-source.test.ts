import { expect, it } from "vitest";
import { createCollectionStore } from "../../../src/main/features/knowledge/collections/collection-store.ts";
import { createDocumentStore } from "../../../src/main/features/knowledge/documents/document-store.ts";
import { forgetSource } from "../../../src/main/features/knowledge/sources/remove-source.ts";
import { createSourceStore, SourceOptions } from "../../../src/main/features/knowledge/sources/source-store.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const never = new AbortController().signal;

function setUp(files: number) {
  const truth = temporaryTruth();
  const collection = createCollectionStore(truth).create("notes", "e");
  const sources = createSourceStore(truth);
  const documents = createDocumentStore(truth);
  const source = sources.add(collection.id, "path", "/docs", SourceOptions.parse({ watch: true }));
  sources.noteSeen(
    source.id,
    Array.from({ length: files }, (_, at) => ({ path: `/docs/${at}.txt`, size: 1, modifiedAt: 1 })),
  );
  const left = () => truth.db.prepare<[], number>("SELECT count(*) FROM files").pluck().get();
  return { truth, collection, sources, documents, source, left };
}

it("a removed source is seen by nobody from the first step, and no job may note files of it", () => {
  const { collection, sources, source } = setUp(1);
  sources.markRemoved(collection.id, source.id);
  expect(sources.list(collection.id)).toEqual([]);
  expect(sources.watched()).toEqual([]);
  expect(() => sources.noteSeen(source.id, [{ path: "/docs/new.txt", size: 1, modifiedAt: 1 }])).toThrowError(
    expect.objectContaining({ code: "CONFLICT" }),
  );
  expect(() => sources.markRemoved(collection.id, source.id)).toThrowError(expect.objectContaining({ code: "NOT_FOUND" }));
});

it("what was stopped in the middle is named at the next start and goes on there (a crash would leave rows that nobody forgets)", async () => {
  const { collection, sources, documents, source, left } = setUp(50);
  sources.markRemoved(collection.id, source.id);
  const abort = new AbortController();
  const going = forgetSource({ sources, documents }, source, abort.signal);
  abort.abort();
  await expect(going).rejects.toThrow();
  expect(left()).toBe(30);
  const [again] = sources.removed();
  expect(again).toEqual({ id: source.id, collectionId: collection.id });
  if (again) await forgetSource({ sources, documents }, again, never);
  expect([left(), sources.removed()]).toEqual([0, []]);
});

it("one that is added again while it is forgotten stays a source", async () => {
  const { collection, sources, documents, source } = setUp(50);
  sources.markRemoved(collection.id, source.id);
  const going = forgetSource({ sources, documents }, source);
  sources.add(collection.id, "path", "/docs", SourceOptions.parse({}));
  await going;
  expect(sources.list(collection.id).map(({ id }) => id)).toEqual([source.id]);
});
