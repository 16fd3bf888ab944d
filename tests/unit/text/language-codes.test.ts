import { describe, expect, it } from "vitest";
import { analysisCode, languageCode } from "../../../src/main/text/languages.ts";
import { units } from "../../../src/main/text/units.ts";

describe("the code of a language", () => {
  // Catches a region kept in the code: the rows of one language would part into several.
  it.each([
    ["de-AT", "de"],
    ["pt_BR", "pt"],
    ["EN", "en"],
    ["nb", "no"],
    ["nn-NO", "no"],
    ["ckb", "ckb"],
    ["", "und"],
    [undefined, "und"],
    ["e", "und"],
    ["english", "und"],
    ["d3", "und"],
  ])("of %s is %s", (code, expected) => {
    expect(languageCode(code)).toBe(expected);
  });

  // Catches a name of the language itself that is found among the analyses.
  it.each(["constructor", "__proto__", "toString", "ckb", ""])("is unknown to analysis where it has none: %j", (code) => {
    expect(analysisCode(code)).toBe("und");
  });
});

describe("the same thing written in other ways", () => {
  // Catches a text that is found only as its author's keyboard wrote it.
  it.each([
    ["ﬁle", "file"],
    ["ＡＢＣ", "abc"],
    ["Cafe\u0301", "café"],
    ["10,000", "10.000"],
    ["the 1990s", "the 1990's"],
    ["ERR4012", "err4012"],
  ])("is the same unit: %s and %s", (left, right) => {
    const found = [...units(left)];
    expect(found).not.toEqual([]);
    expect(found).toEqual([...units(right)]);
  });
});
