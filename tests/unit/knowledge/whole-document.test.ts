import { describe, expect, it } from "vitest";
import { createWholeDocument } from "../../../src/main/features/knowledge/search/whole-document.ts";

const text = "One. Two. Three.";
const row = (key: number, start: number, end: number, page: number | null) => ({
  key,
  id: `00000000-0000-7000-8000-00000000000${key}`,
  documentId: "d",
  textHash: "h",
  start,
  end,
  page,
  heading: "Numbers",
  sectionStart: 0,
  sectionEnd: 16,
  title: "T",
  externalId: null,
  path: "t.pdf",
  language: "en",
});
const rows = [row(1, 0, 4, 1), row(2, 5, 9, null), row(3, 10, 16, 2)];

/** The whole of a document whose chunks are in collection c. */
const whole = createWholeDocument({
  documents: {
    chunksOf: (id) => (id === "d" ? rows.map(({ key, start, end, heading }) => ({ key, start, end, heading })) : []),
    chunks: (keys, collections) => (collections.has("c") ? rows.filter(({ key }) => keys.includes(key)) : []),
  },
  text: () => text,
});

describe("a whole document", () => {
  // Catches a passage that is missing, out of order or cut elsewhere: a summary would say that it read all.
  it("is every passage of it, in its order, cut from its text, with its page", () => {
    const passages = whole("d", ["a", "c"]);
    expect(passages.map((passage) => passage.text)).toEqual(["One.", "Two.", "Three."]);
    expect(passages.map(({ rank }) => rank)).toEqual([1, 2, 3]);
    expect(passages.map(({ chunk }) => chunk.page)).toEqual([1, undefined, 2]);
    expect(passages[0]).toMatchObject({ document: { id: "d", title: "T", path: "t.pdf" }, language: "en" });
  });

  // Catches a document of another collection that is read out to somebody who did not ask there.
  it("is nothing outside of the collections that are asked, or when it is gone", () => {
    expect(whole("d", ["other"])).toEqual([]);
    expect(whole("gone", ["c"])).toEqual([]);
  });
});
