import { expect, test } from "vitest";
import { createTextCache } from "../../../src/main/features/knowledge/search/text-cache.ts";
import { AppError } from "../../../src/shared/errors.ts";

const megabyte = 1024 * 1024;

/** A cache over texts of a length of one's choice, and the hashes it loaded in order. */
function setUp(lengths: Record<string, number>) {
  const loaded: string[] = [];
  const load = (hash: string) => {
    loaded.push(hash);
    const length = lengths[hash];
    if (length === undefined) throw new AppError("NOT_FOUND", "No such text.");
    return hash.repeat(length);
  };
  const text = createTextCache(load, (hash) => lengths[hash] !== undefined);
  return { text, loaded };
}

// Catches a database read for every passage of an answer, which all come from a few documents.
test("a text is loaded once while it is used", () => {
  const { text, loaded } = setUp({ a: 3, b: 2 });
  expect([text("a"), text("b"), text("a"), text("a")]).toEqual(["aaa", "bb", "aaa", "aaa"]);
  expect(loaded).toEqual(["a", "b"]);
});

// Catches a cache that drops what was read last instead of what was read longest ago.
test("what was not used for longest goes first", () => {
  const { text, loaded } = setUp({ a: 6 * megabyte, b: 6 * megabyte, c: 6 * megabyte });
  text("a");
  text("b");
  text("a");
  text("c");
  text("a");
  expect(loaded).toEqual(["a", "b", "c"]);
  text("b");
  expect(loaded).toEqual(["a", "b", "c", "b"]);
});

// Catches a text larger than the cache that throws itself out and is then counted forever, or empties everything for good.
test("a text larger than the whole cache is given, and the cache works on after it", () => {
  const { text, loaded } = setUp({ a: 1, x: 17 * megabyte, b: 1 });
  text("a");
  expect(text("x")).toHaveLength(17 * megabyte);
  text("b");
  text("a");
  text("b");
  text("a");
  expect(loaded).toEqual(["a", "x", "b", "a"]);
});

// Catches an empty text that is taken for one that is not there.
test("an empty text is a text", () => {
  const { text, loaded } = setUp({ a: 0 });
  expect([text("a"), text("a")]).toEqual(["", ""]);
  expect(loaded).toEqual(["a"]);
});

// Catches a failure that is remembered: a document that is indexed again has its text again.
test("a text that is gone is asked for anew", () => {
  const lengths: Record<string, number> = {};
  const { text } = setUp(lengths);
  expect(() => text("a")).toThrowError(expect.objectContaining({ code: "NOT_FOUND" }));
  lengths["a"] = 2;
  expect(text("a")).toBe("aa");
});

// Catches a deleted document whose text is still given out of memory, and one whose length is counted for ever after.
test("a text that was deleted is gone from here, too", () => {
  const lengths: Record<string, number> = { a: 10 * megabyte, b: 10 * megabyte, c: 6 * megabyte };
  const { text, loaded } = setUp(lengths);
  text("a");
  delete lengths["a"];
  expect(() => text("a")).toThrowError(expect.objectContaining({ code: "NOT_FOUND" }));
  text("b");
  text("c");
  text("b");
  expect(loaded).toEqual(["a", "a", "b", "c"]);
});
