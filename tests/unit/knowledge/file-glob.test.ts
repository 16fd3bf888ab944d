import { describe, expect, it } from "vitest";
import { fileGlob } from "../../../src/main/features/knowledge/sources/file-glob.ts";
import { knowledge } from "../../../src/shared/contract/knowledge.ts";
import { expandBraces, isModest } from "../../../src/shared/glob.ts";

describe("a pattern of files", () => {
  it.each([
    ["*.md", "a.md", true],
    ["*.md", "a.md.txt", false],
    ["*.md", "drafts/a.md", false],
    ["**/*.md", "drafts/old/a.md", true],
    ["**/*.md", "a.md", true],
    ["drafts/**", "drafts/old/a.md", true],
    ["drafts/**", "mydrafts/a.md", false],
    ["drafts/**/a.md", "drafts/a.md", true],
    ["drafts/**/a.md", "drafts/x/y/a.md", true],
    ["**/old/**/*.txt", "x/old/y/z.txt", true],
    ["**/old/**/*.txt", "x/new/y/z.txt", false],
    ["*a*b*c", "xxaxxbxxbxxc", true],
    ["*a*b*c", "xxaxxbxxbxx", false],
    ["a?c", "abc", true],
    ["a?c", "a💧c", true],
    ["a?c", "a/c", false],
    ["report-[0-9][0-9].pdf", "report-17.pdf", true],
    ["report-[!0-9].pdf", "report-7.pdf", false],
    ["report-[!0-9].pdf", "report-x.pdf", true],
    ["[]x].txt", "].txt", true],
    ["[a", "[a", true],
    ["*.{md,txt}", "a.txt", true],
    ["*.{md,txt}", "a.pdf", false],
    ["{a,b{c,d}}.x", "bd.x", true],
    ["{a,b{c,d}}.x", "b.x", false],
    ["{a}.x", "{a}.x", true],
    ["a{b", "a{b", true],
    ["\\*.md", "*.md", true],
    ["\\*.md", "a.md", false],
    ["\\{a,b}", "{a,b}", true],
    ["ünï*", "ünï cödé.txt", true],
    ["", "a", false],
  ])("%j on %j is %s", (pattern, path, expected) => {
    expect(fileGlob(pattern)(path)).toBe(expected);
  });

  // Catches a pattern that holds core: seven stars and a name of sixty letters took 24 s, braces multiply to millions.
  it.each([
    ["stars", "*a".repeat(140) + "b", "a".repeat(250)],
    ["folders", "**/a/".repeat(50) + "b", `${"a/".repeat(1500)}c`],
    ["stars in folders", "**/*a*a*a/".repeat(25) + "b", `${"aaaaaaaaaaaa/".repeat(150)}c`],
    ["braces side by side", "{a,b}".repeat(50), "a".repeat(50)],
    ["braces inside braces", "{a,".repeat(90) + "}".repeat(90), "a"],
    ["braces that never close", "{a,".repeat(95), "a"],
    ["a range of numbers", "{1..1000000000}", "5"],
    ["repetitions", "+(a|aa)*(*(a))@(b)", "a".repeat(250)],
    ["sets", "[[[[".repeat(70), "[".repeat(250)],
  ])("is no burden, whatever it is made of: %s", (_, pattern, path) => {
    const began = performance.now();
    expect(fileGlob(pattern)(path)).toBe(false);
    // Generous: what is caught takes minutes or the memory.
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

describe("patterns of a source", () => {
  // Catches a request that is taken in and makes every later sync of its folder slow.
  it.each([
    ["too many alternatives", ["{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"]],
    ["many of them together", Array.from({ length: 60 }, () => "*.{a,b,c,d}")],
    ["too deep", ["{a,{b,{c,{d,e}}}}"]],
    ["too long", ["a".repeat(301)]],
    ["too many", Array.from({ length: 101 }, () => "a")],
    ["nothing", [""]],
  ])("are refused when they are %s", (_, exclude) => {
    const { inputSchema } = knowledge.addSources["~orpc"];
    const parse = (globs: string[]) => inputSchema?.["~standard"].validate({ collection: "c", paths: ["/docs"], exclude: globs });
    expect(parse(exclude)).toHaveProperty("issues");
    expect(parse(["*.{md,txt}", "**/drafts/**"])).not.toHaveProperty("issues");
  });

  it("stand for all of their alternatives", () => {
    expect(expandBraces("a{b,c{d,e}}f{g,}")).toEqual(["abfg", "abf", "acdfg", "acdf", "acefg", "acef"]);
    expect(expandBraces("{a,b}{a,b}", 3)).toBeUndefined();
    expect(isModest(["{a,{b,{c,d}}}"])).toBe(true);
  });
});
