import { describe, expect, it } from "vitest";
import { globTest } from "../../../src/main/engines/search/glob.ts";
import { fileGlob } from "../../../src/main/features/knowledge/sources/file-glob.ts";
import { expandBraces } from "../../../src/shared/glob.ts";
import { seeded } from "../../helpers/random-text.ts";

/** What a pattern means, written down as slowly and plainly as can be: every way to read it is tried. */
function means(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  if (first === "**") return Array.from({ length: path.length + 1 }, (_, taken) => path.slice(taken)).some((left) => means(rest, left));
  const [name, ...others] = path;
  return name !== undefined && nameMeans(first, name) && means(rest, others);
}

function nameMeans(pattern: string, name: string): boolean {
  if (pattern === "") return name === "";
  if (pattern[0] === "*")
    return Array.from({ length: name.length + 1 }, (_, taken) => name.slice(taken)).some((left) => nameMeans(pattern.slice(1), left));
  return name !== "" && (pattern[0] === "?" || pattern[0] === name[0]) && nameMeans(pattern.slice(1), name.slice(1));
}

const pick = <Item>(random: () => number, items: readonly Item[]): Item => {
  const found = items[Math.floor(random() * items.length)];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
};

function randomPath(random: () => number): string {
  return Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, ["a", "b", "."])).join(""),
  ).join("/");
}

function randomPattern(random: () => number): string {
  return Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
    random() < 0.3 ? "**" : Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, ["a", "b", ".", "*", "?"])).join(""),
  )
    .join("/")
    .replaceAll(/(?<=[^/])\*\*|\*\*(?=[^/])/g, "*");
}

describe("patterns of a source", () => {
  // Catches a fast matcher that disagrees with the meaning, in any order of stars and folders.
  it("match what they mean, of thousands of patterns and paths", () => {
    const random = seeded(7);
    let matched = 0;
    for (let round = 0; round < 6_000; round += 1) {
      const [pattern, path] = [randomPattern(random), randomPath(random)];
      const expected = means(pattern.split("/"), path.split("/"));
      expect(fileGlob(pattern)(path), `${pattern} on ${path}`).toBe(expected);
      if (expected) matched += 1;
    }
    // A test of patterns that never match would say nothing.
    expect(matched).toBeGreaterThan(300);
  });

  it("of several alternatives match where one of them does", () => {
    const random = seeded(11);
    for (let round = 0; round < 500; round += 1) {
      const patterns = [randomPattern(random), randomPattern(random), randomPattern(random)];
      const path = randomPath(random);
      const expected = patterns.some((one) => fileGlob(one)(path));
      expect(fileGlob(`{${patterns.join(",")}}`)(path), `${patterns.join()} on ${path}`).toBe(expected);
    }
  });

  it.each<[string, string[] | undefined]>([
    ["a", ["a"]],
    ["{a,b}", ["a", "b"]],
    ["{a,}", ["a", ""]],
    ["{,}", ["", ""]],
    ["x{a,b}y{c,d}z", ["xaycz", "xaydz", "xbycz", "xbydz"]],
    ["{a,{b,c}}", ["a", "b", "c"]],
    ["{a,{b,{c,d}}}", ["a", "b", "c", "d"]],
    ["{a,{b,{c,{d,e}}}}", undefined],
    ["{}", ["{}"]],
    ["{a}", ["{a}"]],
    ["a}b{c", ["a}b{c"]],
    ["{a,b", ["{a,b"]],
    ["\\{a,b}", ["\\{a,b}"]],
    ["{a\\,b,c}", ["a\\,b", "c"]],
    ["{a,b}".repeat(8), undefined],
  ])("with braces: %j", (pattern, alternatives) => {
    expect(expandBraces(pattern)).toEqual(alternatives);
  });
});

describe("patterns of a search", () => {
  // Catches `**/a.pdf` that finds `data.pdf`: folders end at a slash.
  it.each([
    ["**/a.pdf", "/x/ba.pdf", false],
    ["**/a.pdf", "/x/y/a.pdf", true],
    ["**/a.pdf", "a.pdf", true],
    ["docs/**/a.pdf", "/docs/a.pdf", true],
    ["docs/**/a.pdf", "/docs/xa.pdf", false],
    ["docs/**/a.pdf", "/docs/x/y/a.pdf", true],
    ["docs/**/a.pdf", "/docs/x/ya.pdf", false],
    ["docs/**/**/a.pdf", "/docs/x/a.pdf", true],
    ["docs/**/x/**/a.pdf", "/docs/1/x/2/3/a.pdf", true],
    ["docs/**/x/**/a.pdf", "/docs/1/ax/2/a.pdf", false],
    ["docs/**", "/docs/", true],
    ["docs/**", "/docs", false],
    ["**", "/anything/at/all", true],
    ["*", "/x/name", true],
    ["?", "/x/ab", false],
    ["*.PDF", "\\\\server\\share\\A.pdf", true],
    ["a*c", "/x/a/c", false],
    ["a**c", "/x/a/b/c", true],
  ])("%j on %j is %s", (pattern, path, expected) => {
    expect(globTest(pattern)(path)).toBe(expected);
  });

  // The whole path or its end from a folder on, by the same plain meaning.
  it("match what they mean, of thousands of patterns and paths", () => {
    const random = seeded(23);
    let matched = 0;
    for (let round = 0; round < 4_000; round += 1) {
      const pattern = randomPattern(random);
      // A last `**` wants something to stand for, were it only the empty end behind a slash.
      if (pattern.endsWith("**")) continue;
      const path = randomPath(random);
      const names = path.split("/");
      const expected = names.some((_, from) => means(pattern.split("/"), names.slice(from)));
      expect(globTest(pattern)(path), `${pattern} on ${path}`).toBe(expected);
      if (expected) matched += 1;
    }
    expect(matched).toBeGreaterThan(150);
  });

  it("take no longer for folders within folders", () => {
    const began = performance.now();
    expect(globTest(`${"**/a/".repeat(60)}b`)(`${"a/".repeat(400)}c`)).toBe(false);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
