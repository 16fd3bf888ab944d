import { describe, expect, it } from "vitest";
import { createDocumentStore, type StoredPage } from "../../../src/main/features/knowledge/documents/document-store.ts";
import { createPlacing } from "../../../src/main/features/knowledge/pages/placing.ts";
import { packGeometry } from "../../../src/main/features/knowledge/reading/index.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const hash = "a".repeat(64);

/** Words of five units and a space, each 50 points wide, one line a page. */
function wordsAt(count: number): Buffer {
  const indices = Array.from({ length: count }, (_, index) => index);
  return packGeometry({
    starts: Uint32Array.from(indices, (index) => index * 6),
    ends: Uint32Array.from(indices, (index) => index * 6 + 5),
    boxes: Float32Array.from(indices.flatMap((index) => [index * 60, 100, index * 60 + 50, 112])),
  });
}

function setUp(pages: Omit<StoredPage, "source">[]) {
  const truth = temporaryTruth();
  const documents = createDocumentStore(truth);
  const id = documents.begin({ contentHash: "h", title: "t", type: "pdf", bytes: 1, metadata: {}, warnings: [] });
  documents.storeText(id, hash, "words ".repeat(20));
  documents.storePages(
    hash,
    pages.map((page) => ({ ...page, source: "text" })),
  );
  return { place: createPlacing(documents), truth };
}

const twoPages = [
  { page: 1, start: 0, end: 30, width: 600, height: 800, geometry: wordsAt(5) },
  { page: 2, start: 31, end: 60, width: 600, height: 800, geometry: wordsAt(5) },
];

describe("a range of a text", () => {
  // Catches boxes of the wrong words: offsets of the text taken for offsets of the page, or the other way round.
  it("is placed on its page by the boxes of its words", () => {
    const { place } = setUp(twoPages);
    expect(place(hash, 6, 11)).toEqual({ page: 1, boxes: [[60, 100, 110, 112]] });
    expect(place(hash, 31, 36)).toEqual({ page: 2, boxes: [[0, 100, 50, 112]] });
    expect(place(hash, 37, 48)).toEqual({ page: 2, boxes: [[60, 100, 170, 112]] });
  });

  // Catches a highlight that runs on over the next page's words, whose offsets begin anew.
  it("over two pages is placed on the first, to its end only", () => {
    const { place } = setUp(twoPages);
    expect(place(hash, 24, 48)).toEqual({ page: 1, boxes: [[240, 100, 290, 112]] });
  });

  // Catches a range at a seam that is placed on the page before it.
  it("at the seam belongs to the page that it stands on", () => {
    const { place } = setUp(twoPages);
    expect(place(hash, 30, 36).page).toBe(2);
    expect(place(hash, 29, 31).page).toBe(1);
  });

  // Catches an empty list of boxes where only the page is known: the viewer would look for a box that is not there.
  it("without words of its own has the page alone", () => {
    const { place } = setUp(twoPages);
    expect(place(hash, 5, 6)).toEqual({ page: 1 });
    expect(setUp([{ page: 4, start: 0, end: 30, width: 600, height: 800 }]).place(hash, 0, 5)).toEqual({ page: 4 });
  });

  // Catches page 1 of a format that has no pages.
  it("of a text without pages has no place, nor has one outside the text", () => {
    expect(setUp([{ page: 1, start: 0, end: 100 }]).place(hash, 0, 5)).toEqual({});
    expect(setUp([]).place(hash, 0, 5)).toEqual({});
    expect(setUp(twoPages).place(hash, 500, 600)).toEqual({});
    expect(setUp(twoPages).place("b".repeat(64), 0, 5)).toEqual({});
  });

  // Catches damage in one page that shows as nonsense on the screen.
  it("whose stored places are damaged says so", () => {
    const { place } = setUp([{ page: 1, start: 0, end: 30, width: 600, height: 800, geometry: Buffer.from([9, 9, 9]) }]);
    expect(() => place(hash, 0, 5)).toThrowError(expect.objectContaining({ code: "DATABASE_DAMAGED" }));
  });
});
