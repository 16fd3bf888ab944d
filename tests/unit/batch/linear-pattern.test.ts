import { describe, expect, it } from "vitest";
import { linearPattern } from "../../../src/main/features/batch/validate/linear-pattern.ts";

const alphabet = ["a", "b", "1", "-", " ", "É", "\n", "😀"];
const texts = Array.from({ length: 400 }, (_, seed) =>
  Array.from({ length: seed % 9 }, (_unused, at) => alphabet[(seed * 31 + at * 17 + ((seed * at) % 7)) % alphabet.length]).join(""),
);

describe("patterns in linear time", () => {
  // Catches: a difference from what the platform's own expressions match.
  it.each([
    "a",
    "^a+$",
    "a|b1",
    "(ab)*1",
    "^[^a-b]+$",
    "\\d{2,3}",
    "^(a|b)?-",
    "[a1-]b",
    "^\\w+\\s",
    "a{2}",
    "(?:a1?)+b",
    "^$",
    "",
    "\\S\\W",
    "[\\d\\s]a",
    "b+?$",
    "^(?:a|b|1){3,}$",
    "É.",
  ])("matches %s as RegExp does", (source) => {
    const pattern = linearPattern(source);
    const native = new RegExp(source, "u");
    for (const text of texts) expect([text, pattern.test(text)]).toEqual([text, native.test(text)]);
  });

  // Catches: the denial of service that these patterns are with a backtracking engine.
  it.each(["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*a){20}", "^(([a-z])+.)+[A-Z]([a-z])+$"])("takes no time with %s", (source) => {
    expect(linearPattern(source).test(`${"a".repeat(2_000)}!`)).toBe(source === "(.*a){20}");
  });

  // Catches: a pattern that means something else here than its author thinks.
  it.each([
    "(?=a)",
    "(?<!a)b",
    "(?<name>a)",
    "\\1",
    "a**",
    "(",
    ")",
    "[a",
    "a{3,1}",
    "*",
    "\\",
    "\\p{L}",
    "{",
    "[b-a]",
    "(a{1000}){1000}",
    "(".repeat(300),
  ])("refuses %s", (source) => {
    expect(() => linearPattern(source)).toThrow(SyntaxError);
  });
});
