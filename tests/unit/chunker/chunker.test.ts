import { describe, expect, onTestFinished, test, vi } from "vitest";
import { chunkText } from "../../../src/main/engines/inference/chunker.ts";
import type { Block, Chunk } from "../../../src/main/engines/inference/protocol.ts";
import { markdownBlocks } from "../../../src/main/engines/readers/text/markdown-blocks.ts";
import { randomText, seeded } from "../../helpers/random-text.ts";

/** Like a subword tokenizer: words, every mark and every ideograph, long words in pieces. */
const countTokens = (text: string) =>
  (text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]{1,6}|[^\s]/gu) ?? []).length;

const chunk = (text: string, maxTokens = 50, blocks: Block[] = markdownBlocks(text)) =>
  chunkText({ text, blocks, title: "", maxTokens }, countTokens, async () => {});
const textsOf = (text: string, chunks: readonly Chunk[]) => chunks.map(({ start, end }) => text.slice(start, end));

const sentences = (count: number) => Array.from({ length: count }, (_, index) => `Sentence number ${index} says little.`).join(" ");

describe("any text", () => {
  test("keeps every bound: a lost character, a chunk over the limit or half a character would show", async () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const random = seeded(seed);
      const text = randomText(random, 40 + Math.floor(random() * 400));
      const maxTokens = 16 + Math.floor(random() * 120);
      const chunks = await chunk(text, maxTokens, random() < 0.5 ? [] : markdownBlocks(text));
      const covered = new Uint8Array(text.length);
      let before: Chunk | undefined;
      for (const found of chunks) {
        const { start, end, tokens, section } = found;
        const slice = text.slice(start, end);
        expect(slice.trim(), `seed ${seed}`).toBe(slice);
        expect(slice).not.toBe("");
        expect(slice.isWellFormed(), `seed ${seed}: a surrogate pair is cut`).toBe(true);
        expect(tokens).toBe(countTokens(slice));
        expect(tokens, `seed ${seed}`).toBeLessThanOrEqual(maxTokens);
        expect(section.start).toBeLessThanOrEqual(start);
        expect(section.end).toBeGreaterThanOrEqual(end);
        if (before) {
          expect(start, `seed ${seed}: no progress`).toBeGreaterThan(before.start);
          expect(end).toBeGreaterThan(before.end);
        }
        covered.fill(1, start, end);
        before = found;
      }
      for (let at = 0; at < text.length; at += 1) {
        if (covered[at] === 0)
          expect(text.charAt(at).trim(), `seed ${seed}: ${JSON.stringify(text.slice(at - 5, at + 5))} at ${at} is in no chunk`).toBe("");
      }
    }
  });

  test.each([
    ["", "nothing"],
    ["\n\n \t\n", "only white space"],
  ])("has no chunks when it holds %j (%s)", async (text) => {
    expect(await chunk(text)).toEqual([]);
  });

  test("is split although one line has no space in it", async () => {
    const text = "あ".repeat(5000);
    const chunks = await chunk(text, 100, []);
    expect(chunks.length).toBeGreaterThan(45);
    expect(textsOf(text, chunks).join("").length).toBeGreaterThanOrEqual(5000);
  });

  test("does not part a family emoji where another border is near", async () => {
    const text = "👩‍👩‍👧‍👦".repeat(60);
    for (const part of textsOf(text, await chunk(text, 40, []))) expect(part.length % "👩‍👩‍👧‍👦".length).toBe(0);
  });

  test("is the same for blocks that overlap or run over the end", async () => {
    const text = "One. Two. Three.";
    const chunks = await chunk(text, 50, [
      { kind: "paragraph", start: 0, end: 9 },
      { kind: "paragraph", start: 5, end: 9000 },
    ]);
    expect(textsOf(text, chunks)).toEqual([text]);
  });
});

describe("structure", () => {
  test("begins a chunk at every heading and knows its path", async () => {
    const text = "# Guide\n\nIntro.\n\n## Install\n\nRun it.\n\n### Linux\n\nUse apt.\n\n## Use\n\nCall it.";
    const chunks = await chunk(text);
    expect(chunks.map(({ heading }) => heading)).toEqual(["Guide", "Guide › Install", "Guide › Install › Linux", "Guide › Use"]);
    expect(textsOf(text, chunks)[2]).toBe("### Linux\n\nUse apt.");
  });

  test("keeps headings that follow each other together with the text below", async () => {
    const text = "# Book\n\n## Chapter\n\nIt begins.";
    expect(await chunk(text)).toMatchObject([{ start: 0, end: text.length, heading: "Book › Chapter" }]);
  });

  test("ends at sentences, never inside one that fits", async () => {
    const text = sentences(60);
    for (const part of textsOf(text, await chunk(text, 50))) expect(part).toMatch(/^Sentence .*little\.$/s);
  });

  test("repeats 10 to 15 % of a chunk in the next one of the same section", async () => {
    const text = sentences(200);
    const chunks = await chunk(text, 100);
    const shares = chunks.slice(1).map((next, index) => {
      const before = chunks[index];
      return before ? countTokens(text.slice(next.start, before.end)) / 100 : 0;
    });
    for (const share of shares) {
      expect(share).toBeGreaterThan(0.05);
      expect(share).toBeLessThanOrEqual(0.15);
    }
  });

  test("repeats nothing over a heading", async () => {
    const text = `# A\n\n${sentences(20)}\n\n# B\n\n${sentences(20)}`;
    const border = text.indexOf("# B");
    for (const { start, end } of await chunk(text, 60)) expect(end <= border || start >= border).toBe(true);
  });

  test("ends at a paragraph's end when the chunk is well filled by then", async () => {
    const text = `${sentences(6)}\n\n${sentences(6)}`;
    expect(textsOf(text, await chunk(text, 50))[0]).toBe(sentences(6));
  });

  test("keeps a code fence whole where it fits", async () => {
    const code = "```js\nconst a = 1;\n\n// A sentence. Another one.\nrun(a);\n```";
    const text = `${sentences(4)}\n\n${code}\n\n${sentences(4)}`;
    expect(textsOf(text, await chunk(text, 60)).some((part) => part.includes(code))).toBe(true);
  });

  test("parts long code at its lines", async () => {
    const lines = Array.from({ length: 60 }, (_, index) => `call(${index}); // Done. Next.`);
    const text = `\`\`\`\n${lines.join("\n")}\n\`\`\``;
    for (const part of textsOf(text, await chunk(text, 60))) for (const line of part.split("\n")) expect([...lines, "```"]).toContain(line);
  });

  test("parts a table at its rows and names the header's columns in those below", async () => {
    const rows = Array.from({ length: 40 }, (_, index) => `Item ${index} | ${index * 2}.50 | yes`);
    const text = `Article | Price | Stock\n${rows.join("\n")}`;
    const chunks = await chunk(text, 60, [{ kind: "table", start: 0, end: text.length, headerEnd: 23 }]);
    expect(chunks.length).toBeGreaterThan(3);
    for (const part of textsOf(text, chunks))
      for (const line of part.split("\n")) expect([...rows, "Article | Price | Stock"]).toContain(line);
    for (const { heading } of chunks.slice(1)) expect(heading).toBe("Article | Price | Stock");
  });
});

describe("sections", () => {
  test("hold 500 to 1,000 tokens where the text has them", async () => {
    const text = `# A\n\n${sentences(300)}\n\n# B\n\n${sentences(5)}\n\n# C\n\n${sentences(300)}`;
    for (const { section } of await chunk(text, 100)) {
      const tokens = countTokens(text.slice(section.start, section.end));
      expect(tokens).toBeGreaterThanOrEqual(500);
      expect(tokens).toBeLessThanOrEqual(1000);
    }
  });

  test("are the heading's own text where it is long enough", async () => {
    const text = `# A\n\n${sentences(100)}\n\n# B\n\n${sentences(100)}`;
    const border = text.indexOf("# B");
    for (const { start, section } of await chunk(text, 100))
      expect(start < border ? section.end <= border : section.start >= border).toBe(true);
  });
});

test("counts a long text a bounded number of times, since counting is what takes the time", async () => {
  const text = Array.from({ length: 40 }, (_, index) => `## Part ${index}\n\n${sentences(400)}`).join("\n\n");
  let units = 0;
  const counted = (part: string) => {
    units += part.length;
    return countTokens(part);
  };
  await chunkText({ text, blocks: markdownBlocks(text), title: "", maxTokens: 200 }, counted, async () => {});
  expect(units).toBeLessThan(text.length * 2.6);
});

describe("a long text", () => {
  /** A clock that each count of tokens moves by 10 ms, and what it showed between two checkpoints. */
  function slowCounting() {
    let clock = 0;
    let rested = 0;
    const spans: number[] = [];
    const now = vi.spyOn(performance, "now").mockImplementation(() => clock);
    onTestFinished(() => now.mockRestore());
    return {
      spans,
      count(part: string) {
        clock += 10;
        return countTokens(part);
      },
      rest() {
        spans.push(clock - rested);
        rested = clock;
      },
    };
  }

  test.each([
    ["sentences", sentences(400), undefined],
    ["one line without a space", "あ".repeat(20_000), [] as Block[]],
    ["code", `\`\`\`\n${"call(1);\n".repeat(800)}\`\`\``, undefined],
  ])("of %s never holds the thread for over 100 ms (a search would wait behind it for seconds)", async (_, text, blocks) => {
    const { spans, count, rest } = slowCounting();
    const chunks = await chunkText({ text, blocks: blocks ?? markdownBlocks(text), title: "", maxTokens: 60 }, count, async () => rest());
    expect(spans.length).toBeGreaterThan(20);
    expect(Math.max(...spans)).toBeLessThanOrEqual(100);
    const atOnce = await chunk(text, 60, blocks ?? markdownBlocks(text));
    expect(chunks).toEqual(atOnce);
  });

  test("is left off at the next checkpoint once its caller gave up", async () => {
    const { count } = slowCounting();
    let counted = 0;
    const text = sentences(4000);
    const work = chunkText(
      { text, blocks: [], title: "", maxTokens: 60 },
      (part) => {
        counted += 1;
        return count(part);
      },
      () => Promise.reject(new Error("given up")),
    );
    await expect(work).rejects.toThrow("given up");
    expect(counted).toBeLessThan(20);
  });
});
