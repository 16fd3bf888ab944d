import { expect, test } from "vitest";
import { answerBlocks } from "../../../src/renderer/features/chat/answer/answer-blocks.ts";
import { inlineSpans } from "../../../src/renderer/features/chat/answer/answer-marks.ts";

const shown = (text: string) =>
  answerBlocks(text).map(({ kind, start, end, ordinal }) => [kind, text.slice(start, end), ordinal].filter((part) => part !== undefined));

test("paragraphs, items, headings and code are told apart, without their markers", () => {
  const text = "# Title\nFirst line\nsecond line\n\n- one\n* two\n3. three\n```ts\nconst a = 1;\n\n- no item\n```\nend";
  expect(shown(text)).toEqual([
    ["heading", "Title"],
    ["paragraph", "First line\nsecond line"],
    ["item", "one"],
    ["item", "two"],
    ["item", "three", "3"],
    ["code", "const a = 1;\n\n- no item"],
    ["paragraph", "end"],
  ]);
});

test("code that is still being written is shown as code", () => {
  expect(shown("before\n```\nlet x")).toEqual([
    ["paragraph", "before"],
    ["code", "let x"],
  ]);
  expect(shown("```")).toEqual([]);
});

test("an item goes on over its following lines and ends at an empty one", () => {
  expect(shown("- one\n  still one\n\nnext")).toEqual([
    ["item", "one\n  still one"],
    ["paragraph", "next"],
  ]);
});

test("markup, links and images of a model stay text", () => {
  const hostile = '<img src="https://x.invalid"> [a](javascript:alert(1)) ![i](http://x.invalid/i.png)';
  expect(shown(hostile)).toEqual([["paragraph", hostile]]);
  expect(inlineSpans(hostile)).toEqual([{ kind: "text", text: hostile }]);
});

test("blocks never overlap, never leave the text and lose no word of a long odd one", () => {
  const pieces = ["word ", "\n", "\n\n", "- ", "1. ", "```\n", "# ", "**b**", " ", "\u{1F600}", "\r\n"];
  let seed = 7;
  for (let round = 0; round < 300; round += 1) {
    let text = "";
    for (let n = 0; n < 40; n += 1) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      text += pieces[seed % pieces.length];
    }
    let from = 0;
    for (const { start, end } of answerBlocks(text)) {
      expect(start).toBeGreaterThanOrEqual(from);
      expect(end).toBeGreaterThan(start);
      expect(end).toBeLessThanOrEqual(text.length);
      from = end;
    }
    const left = answerBlocks(text).reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
    expect(left).not.toContain("word");
  }
});

test("inline spans give back every character but the markers", () => {
  expect(inlineSpans("a **b** and `c` *d*")).toEqual([
    { kind: "text", text: "a " },
    { kind: "strong", text: "b" },
    { kind: "text", text: " and " },
    { kind: "code", text: "c" },
    { kind: "text", text: " " },
    { kind: "em", text: "d" },
  ]);
});
