import { describe, expect, it } from "vitest";
import { createCollectionStore } from "../../../src/main/features/knowledge/collections/collection-store.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

function setUp() {
  const truth = temporaryTruth();
  return { truth, collections: createCollectionStore(truth) };
}

describe("the name of a collection", () => {
  // Catches two rules for names: search would find a collection that show and remove do not, or find another one.
  it.each([
    ["Ärzte", "ärzte"],
    ["ÜBUNGEN", "übungen"],
    ["Заметки", "ЗАМЕТКИ"],
    ["Müller", "Mu\u0308ller"],
    ["papers", " papers "],
  ])("means one collection in any case and spelling: %s and %s", (name, again) => {
    const { collections } = setUp();
    const { id } = collections.create(name, "e");
    expect(collections.get(again).id).toBe(id);
    expect(collections.find(again)?.id).toBe(id);
    expect(collections.resolve([again])).toEqual([{ id, name, embedder: "e" }]);
    expect(() => collections.create(again, "e")).toThrowError(expect.objectContaining({ code: "CONFLICT" }));
  });

  // Catches a name that is taken for a part of the query.
  it.each(["'; DROP TABLE collections; --", "%", "_", '"', "../..", "a\nb", "\u202egnirts", "😀", "null", "__proto__"])(
    "may be anything: %j",
    (name) => {
      const { collections } = setUp();
      const other = collections.create("other", "e");
      expect(collections.find(name)).toBeUndefined();
      const { id } = collections.create(name, "e");
      expect(collections.get(name)).toMatchObject({ id, name });
      expect(collections.resolve([name]).map((found) => found.id)).toEqual([id]);
      expect(collections.get("other").id).toBe(other.id);
    },
  );

  // Catches a collection that hides another by being called like its id.
  it("cannot be the id of another", () => {
    const { collections } = setUp();
    const { id } = collections.create("a", "e");
    expect(() => collections.create(id, "e")).toThrowError(expect.objectContaining({ code: "CONFLICT" }));
  });
});

describe("collections", () => {
  // Catches an event of a collection that was never made.
  it("tell of their making once, and not of one that was refused", () => {
    const { collections, truth } = setUp();
    const { id } = collections.create("a", "e");
    expect(() => collections.create("A", "e")).toThrowError();
    expect(truth.eventsSince(0)).toMatchObject([{ kind: "collection.created", subject: id }]);
    expect(collections.list()).toHaveLength(1);
  });

  // Catches counts that are null where there is nothing to count.
  it("that are empty count nothing", () => {
    const { collections } = setUp();
    expect(collections.create("a", "e")).toMatchObject({ documents: 0, chunks: 0, bytes: 0, sources: 0 });
  });

  // Catches a search over nothing that fails, or over all that leaves one out.
  it("without a name are all of them, in the order named otherwise", () => {
    const { collections } = setUp();
    expect(collections.resolve([])).toEqual([]);
    const [a, b] = [collections.create("a", "one").id, collections.create("b", "two").id];
    expect(new Set(collections.resolve([]).map(({ id }) => id))).toEqual(new Set([a, b]));
    expect(collections.resolve(["b", "a"]).map(({ embedder }) => embedder)).toEqual(["two", "one"]);
  });
});
