import { describe, expect, it } from "vitest";
import { markdown } from "../../../src/main/engines/readers/formats/markdown.ts";
import { markdownBlocks, splitFrontMatter } from "../../../src/main/engines/readers/text/markdown-blocks.ts";
import { normaliseText } from "../../../src/main/engines/readers/text/normalise-text.ts";
import type { ReadItem } from "../../../src/main/engines/readers/protocol.ts";
import { limits } from "../../helpers/readers.ts";
import { randomText, seeded } from "../../helpers/random-text.ts";

const shown = (text: string) =>
  markdownBlocks(text).map(({ kind, level, start, end }) => `${kind}${level ?? ""}: ${text.slice(start, end)}`);

async function read(text: string) {
  const items: ReadItem[] = [];
  const source = {
    path: "/a.md",
    bytes: Buffer.from(text),
    fileType: { type: "md", mime: "text/markdown" },
    password: undefined,
    limits,
    config: {},
  };
  const output = await markdown.read(source, {
    signal: new AbortController().signal,
    checkpoint: async () => {},
    emit: (item) => items.push(item),
  });
  const head = items.flatMap((item) => (item.kind === "head" ? item.head : []))[0];
  return { head, output };
}

describe("blocks of Markdown", () => {
  it.each<[string, string[]]>([
    ["", []],
    ["\n\n  \n", []],
    ["one\ntwo\n\nthree", ["paragraph: one\ntwo", "paragraph: three"]],
    ["# A\ntext", ["heading1: # A", "paragraph: text"]],
    ["###### six\n####### seven", ["heading6: ###### six", "paragraph: ####### seven"]],
    ["#no space", ["paragraph: #no space"]],
    ["#", ["heading1: #"]],
    ["   ## indented", ["heading2:    ## indented"]],
    ["Title\n=====\ntext", ["heading1: Title\n=====", "paragraph: text"]],
    ["Title\n---\ntext", ["heading2: Title\n---", "paragraph: text"]],
    ["one\ntwo\n---", ["heading2: one\ntwo\n---"]],
    ["text\n# heading", ["paragraph: text", "heading1: # heading"]],
    ["```\n# no heading\n\n- no item\n```\nafter", ["code: ```\n# no heading\n\n- no item\n```", "paragraph: after"]],
    ["````\n```\n````\nafter", ["code: ````\n```\n````", "paragraph: after"]],
    ["~~~\n```\n~~~", ["code: ~~~\n```\n~~~"]],
    ["```js\nopen to the end\n\nx", ["code: ```js\nopen to the end\n\nx"]],
    ["    code\n    more\ntext", ["code:     code\n    more", "paragraph: text"]],
    ["\tcode", ["code: \tcode"]],
    ["- a\n- b\n  more of b\n- c", ["list: - a", "list: - b\n  more of b", "list: - c"]],
    ["- a\n\n  a's second paragraph\n\nb", ["list: - a\n\n  a's second paragraph", "paragraph: b"]],
    ["1. a\n2) b\n10. c", ["list: 1. a", "list: 2) b", "list: 10. c"]],
    ["1234567890. too long a number", ["paragraph: 1234567890. too long a number"]],
    ["-no item", ["paragraph: -no item"]],
    ["- a\n# heading", ["list: - a", "heading1: # heading"]],
    ["| a | b |\n|---|---|\n| 1 | 2 |\ntext", ["table: | a | b |\n|---|---|\n| 1 | 2 |", "paragraph: text"]],
    ["a | b\n--|:-:\n1 | 2", ["table: a | b\n--|:-:\n1 | 2"]],
    ["a | b\nno rule", ["paragraph: a | b\nno rule"]],
    ["a \\| b\n--|--", ["paragraph: a \\| b\n--|--"]],
    ["text\n- item", ["paragraph: text", "list: - item"]],
  ])("of %j", (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  it("say where a table's head ends, so that it can go with every chunk", () => {
    const text = "x\n\n| a | b |\n|---|---|\n| 1 | 2 |";
    const table = markdownBlocks(text)[1];
    expect(text.slice(table?.start, table?.headerEnd)).toBe("| a | b |\n|---|---|");
  });

  // Catches text that no block holds, held twice or cut inside of a line.
  it("hold every letter of a text, in order", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seeded(seed);
      const marks = [
        "# ",
        "- ",
        "1. ",
        "```\n",
        "~~~\n",
        "    ",
        "| a | b |\n",
        "|---|---|\n",
        "---\n",
        "===\n",
        "\n",
        "\n\n",
        "word ",
        "|",
        "\t",
      ];
      const text = normaliseText(
        seed % 3 === 0 ? randomText(random, 60) : Array.from({ length: 60 }, () => marks[Math.floor(random() * marks.length)]).join(""),
      );
      let end = 0;
      for (const block of markdownBlocks(text)) {
        expect(block.start).toBeGreaterThanOrEqual(end);
        expect(text.slice(end, block.start).trim()).toBe("");
        expect(block.end).toBeGreaterThan(block.start);
        expect(block.headerEnd ?? block.start).toBeLessThanOrEqual(block.end);
        ({ end } = block);
      }
      expect(text.slice(end).trim()).toBe("");
    }
  });
});

describe("hostile Markdown", () => {
  const blank = " ".repeat(150_000);
  // Each made an expression go back over a line again and again: the square of 150,000 is minutes.
  it.each([
    ["white space below a row of bars", `a | b\n${blank}x`],
    ["white space behind a rule of bars", `a | b\n---${blank}x`],
    ["white space between bars", `a | b\n|${blank}x`],
    ["rules without an end", `a | b\n${"-|".repeat(75_000)}x`],
    ["a heading of white space", `# a${blank}b`],
    ["a heading of marks", `# ${" #".repeat(75_000)} x`],
    ["a table of white space", `a | b\n--|--\n|${blank}|x\n${blank}|`],
    ["an underline of white space", `a\n=${blank}x`],
    ["an item of white space", `-${blank}`],
    ["a fence without an end", `${"`".repeat(150_000)}\nx`],
    ["fences that never close", "```\n~~~\n".repeat(20_000)],
    ["front matter of white space", `---\na:${blank}b\n${blank}\n---\nx`],
    ["front matter that never ends", `---\n${"a: b\n".repeat(30_000)}`],
  ])("is read at once: %s", async (_, text) => {
    const began = performance.now();
    await read(text);
    // A thousand times what it takes on a busy machine.
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe("front matter", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["---\ntitle: A\n---\nbody", { title: "A" }, "body"],
    ["---\ntitle: A\n...\nbody", { title: "A" }, "body"],
    ["---\ntitle: \"A: b\"\nn: 'x'\n---\n", { title: "A: b", n: "x" }, ""],
    ['---\ntags: [a, "b", c ]\n---\nx', { tags: ["a", "b", "c"] }, "x"],
    ["---\ntags:\n  - a\n  - 'b'\n---\nx", { tags: ["a", "b"] }, "x"],
    ["---\n# remark\n\na: 1\n---\nx", { a: "1" }, "x"],
    ["---\nno front matter at all\n---\nx", {}, "---\nno front matter at all\n---\nx"],
    ["---\na: 1\nnever closed", {}, "---\na: 1\nnever closed"],
    ["\n---\na: 1\n---\n", {}, "\n---\na: 1\n---\n"],
    ["text\n---\na: 1\n---\n", {}, "text\n---\na: 1\n---\n"],
    ["---\n---\nx", {}, "---\n---\nx"],
  ])("of %j", (text, metadata, body) => {
    const found = splitFrontMatter(text);
    expect(found.metadata).toEqual(metadata);
    expect(found.body).toBe(body);
  });

  it("cannot reach what every object shares", () => {
    const { metadata } = splitFrontMatter("---\n__proto__: x\nconstructor: y\ntoString: z\n---\n");
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
    expect(Object.keys(metadata)).toEqual(["constructor", "toString"]);
  });

  it("gives the title, else the first heading does", async () => {
    expect((await read("---\ntitle: Given\n---\n# Other")).head?.title).toBe("Given");
    expect((await read("text\n\n## First ##\n\n# Second")).head?.title).toBe("First");
    expect((await read("Under\n=====\nx")).head?.title).toBe("Under");
    expect((await read("only text")).head?.title).toBeUndefined();
    await expect(read("---\n---\n   ".slice(8))).rejects.toMatchObject({ code: "FILE_EMPTY" });
  });
});

describe("a table of Markdown", () => {
  it.each<[string, string[][]]>([
    [
      "| a | b |\n|---|---|\n| 1 | 2 |",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "a | b\n--|--\n1 | 2",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "| a \\| x | b |\n|---|---|\n| 1 | 2 \\| |",
      [
        ["a | x", "b"],
        ["1", "2 |"],
      ],
    ],
    ["| a | b |\n|---|---|", [["a", "b"]]],
    [
      "| a | b |\n|---|---|\n| | |",
      [
        ["a", "b"],
        ["", ""],
      ],
    ],
  ])("%j", async (text, rows) => {
    expect((await read(text)).output.tables.map((table) => table.rows)).toEqual([rows]);
  });
});
