import { describe, expect, it } from "vitest";
import { viewDocument } from "../../../src/main/features/batch/extract/document-view.ts";
import { placeOf } from "../../../src/main/features/batch/extract/place.ts";
import { placedText } from "../../helpers/batch-views.ts";
import { textView } from "../../helpers/batch-sources.ts";

const read = placedText([
  [
    [
      [50, "Alder Ltd"],
      [300, "Total 120.00"],
    ],
    [[50, "Thank you"]],
  ],
  [[[80, "Second page"]], [[80, "of the letter"]]],
]);
const view = viewDocument(read);
const placed = (words: string) => {
  const start = read.text.indexOf(words);
  return placeOf(view, start, start + words.length);
};

describe("the place of a value", () => {
  // Catches: a frame drawn around another word than the one that was read.
  it("is the box of its words, on its page", () => {
    expect(placed("120.00")).toEqual({ raw: "120.00", page: 1, box: [336, 40, 372, 50], boxes: [[336, 40, 372, 50]], start: 16, end: 22 });
    expect(placed("Total 120.00").boxes).toEqual([[300, 40, 372, 50]]);
  });

  // Catches: offsets of the second page counted from the beginning of the document.
  it("is on the page where it stands, counted from that page's beginning", () => {
    expect(placed("Second")).toMatchObject({ page: 2, box: [80, 40, 116, 50] });
  });

  it("has a box for each line, and one around them", () => {
    const { boxes, box } = placed("Second page\nof the letter");
    expect(boxes).toEqual([
      [80, 40, 146, 50],
      [80, 56, 158, 66],
    ]);
    expect(box).toEqual([80, 40, 158, 66]);
  });

  it("has a box for each column that is far from the other", () => {
    expect(placed("Alder Ltd\nTotal").boxes).toEqual([
      [50, 40, 104, 50],
      [300, 40, 330, 50],
    ]);
  });

  // Catches: a slice over two pages shown on one of them.
  it("is no page's where it goes over the end of one", () => {
    const across = placed("you\n\n\nSecond");
    expect(across).toEqual({ raw: "you\n\n\nSecond", start: across.start, end: across.end });
  });

  it("is its text alone where the document has no geometry", () => {
    expect(placeOf(textView("Total 12"), 6, 8)).toEqual({ raw: "12", page: 1, start: 6, end: 8 });
  });

  it("has no box where no word stands", () => {
    const gap = read.text.indexOf("\n", 5);
    expect(placeOf(view, gap, gap + 1).box).toBeUndefined();
  });

  // Catches: a part of a stack of which the places are those of the pages before it.
  it("is right in a part of a stack", () => {
    const part = viewDocument(read, 2, 2);
    const start = read.text.indexOf("letter");
    expect(placeOf(part, start, start + 6)).toMatchObject({ raw: "letter", page: 2, box: [122, 56, 158, 66] });
    // What stands before the part is not of it.
    expect(placeOf(part, 0, 5)).toEqual({ raw: "Alder", start: 0, end: 5 });
  });
});

describe("lines and cells of a page", () => {
  // Catches: a label and its value in two lines since the text has their columns one after the other.
  it("are what stands beside each other, in whatever order the text has it", () => {
    const shuffled = placedText([
      [
        [
          [300, "right top"],
          [50, "left top"],
        ],
        [
          [300, "right below"],
          [50, "left below"],
        ],
      ],
    ]);
    expect(viewDocument(shuffled).lines.map(({ cells }) => cells.map(({ text }) => text))).toEqual([
      ["left top", "right top"],
      ["left below", "right below"],
    ]);
  });

  it("are numbered through all pages, and each knows its own", () => {
    expect(view.lines.map(({ index, page }) => [index, page])).toEqual([
      [0, 1],
      [1, 1],
      [2, 2],
      [3, 2],
    ]);
    for (const { cells, index } of view.lines)
      for (const cell of cells) expect([cell.line, read.text.slice(cell.start, cell.end)]).toEqual([index, cell.text]);
  });

  it.each([
    ["a | b | c", ["a", "b", "c"]],
    ["| a |  | c |", ["a", "c"]],
    ["a  b\tc", ["a", "b", "c"]],
    ["one cell of words", ["one cell of words"]],
    ["either|or", ["either|or"]],
    ["   ", []],
  ])("of a text are parted by bars, tabs and wide gaps: %j", (text, cells) => {
    expect(textView(text).lines.flatMap((line) => line.cells.map((cell) => cell.text))).toEqual(cells);
  });

  // Catches: columns of a table under which the wrong values are looked for since an empty cell shifted them.
  it("of a table keep their columns when one is empty", () => {
    const [head, row] = textView("What | Count | Price\nTea |  | 12.00").lines;
    expect(row?.cells.map(({ x0 }) => x0)).toEqual([head?.cells[0]?.x0, head?.cells[2]?.x0]);
  });

  it("are as legible as the worst page that is looked at", () => {
    const pages = [0.9, undefined, 0.4].map((confidence, index) => ({
      page: index + 1,
      start: 0,
      end: 0,
      source: "ocr" as const,
      ...(confidence === undefined ? {} : { confidence }),
    }));
    const document = { text: "", language: undefined, pages, geometry: [undefined, undefined, undefined] };
    expect(viewDocument(document).legibility).toBe(0.4);
    expect(viewDocument(document, 1, 2).legibility).toBe(0.9);
    expect(viewDocument(document, 2, 2).legibility).toBe(1);
  });
});
