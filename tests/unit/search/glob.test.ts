import { expect, it } from "vitest";
import { globTest } from "../../../src/main/engines/search/glob.ts";

it.each([
  ["reports/**", "/home/me/reports/2024/a.pdf", true],
  ["reports/**", "/home/me/myreports/a.pdf", false],
  ["*.pdf", "/home/me/a.pdf", true],
  ["*.pdf", "/home/me/a.pdf.txt", false],
  ["**/a.pdf", "/x/y/a.pdf", true],
  ["**/a.pdf", "a.pdf", true],
  ["me/*/a.pdf", "/home/me/x/a.pdf", true],
  ["me/*/a.pdf", "/home/me/x/y/a.pdf", false],
  ["C:\\Data\\*.txt", "c:/data/B.TXT", true],
  ["a?c", "/x/abc", true],
  ["a?c", "/x/a/c", false],
  ["[a](b).txt", "/x/[a](b).txt", true],
  ["", "/x", false],
])("%j on %j is %s", (pattern, path, expected) => {
  expect(globTest(pattern)(path)).toBe(expected);
});

it("takes no longer for a pattern made to make it go back", () => {
  const started = performance.now();
  expect(globTest(`${"*a".repeat(400)}b`)("a".repeat(2000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(10_000);
});
