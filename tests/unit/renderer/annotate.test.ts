import { expect, test } from "vitest";
import type { AnswerSentence } from "../../../src/shared/contract/chat.ts";
import { annotate } from "../../../src/renderer/features/chat/answer/annotate.ts";
import { answerBlocks } from "../../../src/renderer/features/chat/answer/answer-blocks.ts";

const sentence = (start: number, end: number, n: number): AnswerSentence => ({
  text: "",
  start,
  end,
  citations: [n],
  verdict: "supported",
});

/** Every sentence with the text that stands before its numbers, over all blocks. */
function annotated(text: string, sentences: AnswerSentence[]) {
  const blocks = answerBlocks(text);
  return blocks.flatMap((block, index) =>
    annotate(block, sentences, blocks[index + 1]?.start).map(({ start, end, after }) => [text.slice(start, end), after?.citations[0]]),
  );
}

test("citations stand where their sentence ends", () => {
  expect(annotated("One. Two. Rest", [sentence(0, 4, 1), sentence(5, 9, 2)])).toEqual([
    ["One.", 1],
    [" Two.", 2],
    [" Rest", undefined],
  ]);
});

test("a sentence whose end counts the blank lines after it keeps its citation", () => {
  expect(annotated("One.\n\nTwo.", [sentence(0, 6, 1), sentence(6, 10, 2)])).toEqual([
    ["One.", 1],
    ["Two.", 2],
  ]);
});

test("a sentence over several blocks is annotated once, at its end", () => {
  expect(annotated("- a\n- b", [sentence(0, 7, 1)])).toEqual([
    ["a", undefined],
    ["b", 1],
  ]);
});

test("sentences outside the text, reversed or in any order lose no text and add none", () => {
  const text = "One. Two.";
  const pieces = annotated(text, [sentence(5, 9, 2), sentence(0, 4, 1), sentence(-5, -1, 3), sentence(90, 99, 4)]);
  expect(pieces.map(([part]) => part).join("")).toBe(text);
  expect(pieces.map(([, n]) => n)).toEqual([1, 2, 4]);
});
