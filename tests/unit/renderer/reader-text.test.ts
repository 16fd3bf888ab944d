import { describe, expect, test } from "vitest";
import type { ChunkBounds, DocumentLayout } from "../../../src/shared/contract/reading.ts";
import { citedText } from "../../../src/renderer/features/reader/cited-text.ts";
import { readerNotes } from "../../../src/renderer/features/reader/reader-notes.ts";
import { textPieces } from "../../../src/renderer/features/reader/text-pieces.ts";
import { nextZoom, useReader } from "../../../src/renderer/view/reader-store.ts";
import { messages } from "../../../src/renderer/features/reader/messages.ts";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";

const say = wordsIn(messages, "en");

const chunk = (number: number, start: number, end: number): ChunkBounds => ({
  id: String(number),
  number,
  start,
  end,
  tokens: 5,
  heading: "",
});

describe("a text in pieces", () => {
  const slice = { start: 100, text: "abcdefghijklmnopqrst" };
  const joined = (...args: Parameters<typeof textPieces>) =>
    textPieces(...args)
      .map(({ text }) => text)
      .join("");

  test("is marked exactly where the mark is", () => {
    expect(textPieces(slice, { start: 103, end: 106 }, []).map(({ text, marked }) => [text, marked])).toEqual([
      ["abc", false],
      ["def", true],
      ["ghijklmnopqrst", false],
    ]);
  });

  test("begins a piece where a chunk begins, inside a mark too, and overlapping ones each where they begin", () => {
    const pieces = textPieces(slice, { start: 103, end: 110 }, [chunk(1, 50, 108), chunk(2, 105, 112), chunk(3, 108, 130)]);
    expect(pieces.filter((piece) => piece.chunk).map((piece) => [piece.start, piece.chunk?.number, piece.marked])).toEqual([
      [105, 2, true],
      [108, 3, true],
    ]);
    expect(
      pieces
        .filter(({ marked }) => marked)
        .map(({ text }) => text)
        .join(""),
    ).toBe("defghij");
  });

  test.each([
    [{}, []],
    [{ start: 0, end: 50 }, []],
    [{ start: 500, end: 600 }, [chunk(1, 100, 120)]],
    [{ start: 90, end: 300 }, [chunk(1, 119, 140), chunk(2, 120, 140)]],
    [{ start: 110, end: 104 }, [chunk(1, 110, 111)]],
  ])("loses and doubles no character: %j", (mark, chunks) => {
    expect(joined(slice, mark, chunks)).toBe(slice.text);
  });

  test("of nothing is nothing", () => {
    expect(textPieces({ start: 5, text: "" }, { start: 0, end: 10 }, [chunk(1, 5, 9)])).toEqual([]);
  });
});

describe("what a person is told", () => {
  const layout = (more: Partial<DocumentLayout> = {}): DocumentLayout => ({
    documentId: "d",
    title: "Deed",
    type: "pdf",
    textHash: "a".repeat(64),
    length: 10,
    original: "present",
    drawable: true,
    pending: false,
    pages: [
      { page: 1, start: 0, end: 10, source: "text" },
      { page: 2, start: 10, end: 10, source: "text" },
    ],
    warnings: [],
    ...more,
  });

  test("nothing where all is as it was read", () => {
    expect(readerNotes(layout(), 1, say)).toEqual([]);
  });

  test("why the page itself is not shown", () => {
    expect(readerNotes(layout({ original: "missing" }), 1, say)[0]).toMatch(/not where it was read.*stored text/);
    expect(readerNotes(layout({ original: "changed" }), 1, say)[0]).toMatch(/changed since/);
    // A text never was a page: nothing is missing.
    expect(readerNotes(layout({ original: "missing", drawable: false }), 1, say)).toEqual([]);
  });

  test("that what is shown is older than the file", () => {
    expect(readerNotes(layout({ pending: true }), 1, say)[0]).toMatch(/waiting to be read again/);
  });

  test("that a page has no text, with the reason where one is known", () => {
    expect(readerNotes(layout(), 2, say)[0]).toMatch(/No text was found on this page/);
    const failed = { code: "OCR_FAILED", message: "The page could not be recognised.", page: 2 };
    expect(readerNotes(layout({ warnings: [failed] }), 2, say)).toEqual([failed.message]);
    expect(readerNotes(layout({ warnings: [{ ...failed, page: 1 }] }), 2, say)[0]).toMatch(/No text was found/);
    expect(readerNotes(layout({ warnings: [{ code: "OCR_PENDING", message: "", page: 2 }] }), 2, say)[0]).toMatch(/still to be recognised/);
  });
});

describe("a copied quote", () => {
  const document = { id: "d", title: "The deed" };

  test("says where it stands, on one line", () => {
    expect(citedText({ document, textHash: "", label: "1", page: 3, quote: " The lamp\n was  lit. " })).toBe(
      "“The lamp was lit.” (The deed, p. 3)",
    );
  });

  test("names no page that nobody knows", () => {
    expect(citedText({ document, textHash: "", label: "1", quote: "Lit." })).toBe("“Lit.” (The deed)");
  });
});

describe("the zoom", () => {
  test("goes through every step and stops at both ends", () => {
    let zoom = 0.4;
    const up: number[] = [];
    for (let step = 0; step < 20; step += 1) up.push((zoom = nextZoom(zoom, 1)));
    expect(new Set(up).size).toBe(9);
    expect(up.toSorted((a, b) => a - b)).toEqual(up);
    for (let step = 0; step < 20; step += 1) zoom = nextZoom(zoom, -1);
    expect(zoom).toBe(0.5);
  });

  test("begins at what is shown, also where the paper fits the reader", () => {
    useReader.setState({ zoom: "fit", shown: 0.72 });
    useReader.getState().zoomBy(1);
    expect(useReader.getState().zoom).toBe(0.8);
    useReader.setState({ zoom: "fit", shown: 0.72 });
    useReader.getState().zoomBy(-1);
    expect(useReader.getState().zoom).toBe(0.67);
    useReader.getState().setZoom("fit");
    expect(useReader.getState().zoom).toBe("fit");
  });

  test("does not stick at a step that is only nearly reached", () => {
    expect(nextZoom(0.999, 1)).toBe(1.25);
    expect(nextZoom(1.001, -1)).toBe(0.8);
  });
});
