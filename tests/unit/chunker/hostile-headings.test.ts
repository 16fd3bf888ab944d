import { describe, expect, it } from "vitest";
import { chunkText } from "../../../src/main/engines/inference/chunker.ts";
import { markdownBlocks } from "../../../src/main/engines/readers/text/markdown-blocks.ts";

const words = (text: string) => text.split(/\s+/).filter((word) => word !== "").length;
const chunk = (text: string) => chunkText({ text, blocks: markdownBlocks(text), title: "", maxTokens: 40 }, words, async () => {});

describe("headings above a passage", () => {
  it.each([
    ["# A\n\nwords", "A"],
    ["# A ##\n\nwords", "A"],
    ["# A #b\n\nwords", "A #b"],
    ["# C# #\n\nwords", "C#"],
    ["Title\n=====\n\nwords", "Title"],
    ["Title\n---\n\nwords", "Title"],
    ["Two\nlines\n---\n\nwords", "Two lines"],
    ["# A\n\n## B\n\nwords", "A › B"],
    ["# A\n\n## B\n\n# C\n\nwords", "C"],
    ["### Deep\n\n# A\n\nwords", "A"],
    ["#\n\nwords", ""],
    [`# A\n\n| x | y |\n|---|---|\n${"| 1 | 2 |\n".repeat(40)}`, "A › | x | y |"],
  ])("%j is %j", async (text, heading) => {
    expect((await chunk(text)).at(-1)?.heading).toBe(heading);
  });

  // Each made an expression go back over the heading again and again: minutes for one line.
  it.each([
    ["white space", `# a${" ".repeat(150_000)}b\n\nwords`],
    ["marks", `# a${" #".repeat(75_000)} b\n\nwords`],
    ["lines of rules", `a\n${"-\n".repeat(40_000)}x\n---\n\nwords`],
    ["a line of white space in an underlined title", `a\n${" ".repeat(150_000)}x\n---\n\nwords`],
    ["a table's head of white space", `a${" ".repeat(150_000)}|b\n--|--\n1|2`],
  ])("made of %s cost one look", async (_, text) => {
    const began = performance.now();
    expect((await chunk(text)).length).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(8_000);
  });
});
