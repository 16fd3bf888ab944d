import { expect, test } from "vitest";
import { type MathNode, parseMath } from "../../../src/renderer/features/chat/answer/math.ts";

const names = (node: MathNode | undefined): string[] =>
  node === undefined || typeof node === "string" ? [] : [node.name, ...node.children.flatMap(names)];
const keys = (node: MathNode | undefined): string[] =>
  node === undefined || typeof node === "string" ? [] : [...Object.keys(node.attributes), ...node.children.flatMap(keys)];

test.each([
  ["\\frac{a}{b}", "mfrac"],
  ["\\sqrt[3]{x}", "mroot"],
  ["\\sum_{i=1}^n i^2", "munderover"],
  ["\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "mtable"],
])("%s is set with MathML", (tex, name) => {
  const node = parseMath(tex, true);
  expect(names(node)[0]).toBe("math");
  expect(names(node)).toContain(name);
});

test("what is no formula stays its source", () => {
  expect(parseMath("\\frac{a", false)).toBeUndefined();
  expect(parseMath("\\nosuchcommand{x}", false)).toBeUndefined();
  expect(parseMath("x".repeat(3000), false)).toBeUndefined();
});

// Catches: a formula that links, loads, styles or runs something.
test.each([
  "\\href{javascript:alert(1)}{x}",
  "\\url{https://tracker.invalid}",
  "\\includegraphics{https://tracker.invalid/p.png}",
  "\\class{evil}{x}",
  "\\style{background:url(https://tracker.invalid)}{x}",
  "\\id{root}{x}",
  "\\data{x=1}{y}",
  "\\color{red}{x}",
])("%s has no link, no source, no style and no class", (tex) => {
  expect(keys(parseMath(tex, true)).filter((key) => /^(?:href|src|style|class|id|on|data)/.test(key))).toEqual([]);
  expect(names(parseMath(tex, true)).filter((name) => ["a", "img", "script", "style", "svg"].includes(name))).toEqual([]);
});

test("a formula that expands without end is given up", () => {
  const startedAt = performance.now();
  expect(parseMath("\\def\\a{\\a\\a}\\a", false)).toBeUndefined();
  expect(performance.now() - startedAt).toBeLessThan(2000);
});
