import { expect, test } from "vitest";
import type { OcrWord } from "../../../src/main/engines/ocr/protocol.ts";
import { recognisedText } from "../../../src/main/features/knowledge/reading/recognised-text.ts";

const word = (text: string, x: number, line: number, block = 0): OcrWord => ({
  text,
  box: [x, line * 40, x + text.length * 20, line * 40 + 30],
  confidence: 0.9,
  line,
  block,
});

test("lines run on where they were wrapped, and end where they ended on purpose", () => {
  const words = [
    word("A", 0, 0),
    word("wrapped", 40, 0),
    word("line", 200, 0),
    word("goes", 0, 1),
    word("on.", 100, 1),
    word("Short", 0, 2),
    word("Ends", 0, 3),
  ];
  expect(recognisedText(words, 2).text).toBe("A wrapped line goes on.\nShort\nEnds");
});

test("a word parted at a line's end is whole, and both parts keep their boxes", () => {
  const { text, geometry } = recognisedText([word("the", 0, 0), word("recog-", 80, 0), word("nition", 0, 1)], 2);
  expect(text).toBe("the recognition");
  expect(Array.from(geometry.starts, (start, index) => text.slice(start, geometry.ends[index]))).toEqual(["the", "recog", "nition"]);
});

test("blocks are paragraphs that hold exactly their words", () => {
  const { text, blocks } = recognisedText([word("One", 0, 0, 0), word("Two", 0, 1, 1), word("more", 80, 1, 1)], 1);
  expect(text).toBe("One\n\nTwo more");
  expect(blocks.map(({ start, end }) => text.slice(start, end))).toEqual(["One", "Two more"]);
});

test("boxes are points: pixels over the scale", () => {
  expect([...recognisedText([word("ab", 100, 2)], 4).geometry.boxes]).toEqual([25, 20, 35, 27.5]);
});

test("words of white space, control characters and half characters do no harm", () => {
  const { text, geometry } = recognisedText([word(" ", 0, 0), word("a\u0000b", 40, 0), word("\ud83d", 120, 0)], 1);
  expect(text).toBe("ab \ufffd");
  expect(geometry.starts).toHaveLength(2);
});
