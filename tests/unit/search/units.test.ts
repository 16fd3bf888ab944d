import { expect, it } from "vitest";
import { fold, pairs, tokens } from "../../../src/main/text/analyse.ts";
import { analysisCode, languageCode, loadLanguage } from "../../../src/main/text/languages.ts";

const english = await loadLanguage("en");
const german = await loadLanguage("de");

it.each([
  ["running proteins", ["run", "protein"]],
  ["John's don't", ["john", "don", "t"]],
  ["ERR-4012", ["err_4012", "4012", "err"]],
  ["A/B-12.7", ["a_b_12_7", "12", "7"]],
  ["p53", ["p_53"]],
  ["10,000 and 1.234.567", ["10000", "and", "1234567"]],
  ["the 1990s", ["the", "1990"]],
  ["ＡＢＣ ﬁne", ["abc", "fine"]],
  ["黑豹队 308分", ["黑豹", "豹队", "308", "分"]],
  ["", []],
  ["  \u0000\uD800 ---", []],
])("analyses %j", (text, expected) => {
  expect(tokens(text, english)).toEqual(expected);
});

it("makes no token that could be more than a word in a MATCH expression", () => {
  const odd = Array.from({ length: 0x3000 }, (_, code) => `a${String.fromCharCode(code)}b`).join(" ");
  for (const token of tokens(odd, english)) expect(token).toMatch(/^[\p{L}\p{N}\p{M}_]+$/u);
});

it("bounds the length of a token, so that a file of one line cannot fill the index with it", () => {
  for (const token of tokens(`${"x".repeat(5000)} ${"1a".repeat(5000)} ${"a-1-".repeat(5000)}`, english))
    expect(token.length).toBeLessThan(600);
});

it("stems before it takes accents off", () => {
  expect(tokens("Häuser Müller Straße", german)).toEqual(["haus", "mull", "strass"]);
});

it("keeps vowel signs of Indic scripts and takes Arabic points off", () => {
  expect(fold("हिन्दी")).toBe("हिन्दी");
  expect(fold("مُحَمَّد")).toBe("محمد");
});

it("pairs characters outside the basic plane as characters", () => {
  expect(pairs("𠀀𠀁𠀂")).toEqual(["𠀀𠀁", "𠀁𠀂"]);
});

it("takes hostile language codes as unknown", () => {
  for (const code of [undefined, "", "__proto__", "constructor", "../en", "e", "toolong"]) expect(languageCode(code)).toBe("und");
  expect(languageCode("EN-us")).toBe("en");
  expect(languageCode("nb")).toBe("no");
  expect(analysisCode("zh")).toBe("und");
});

it("knows the short forms among stop words", () => {
  expect(english.stopWords.has("the")).toBe(true);
  expect(german.stopWords.has("welche")).toBe(true);
});
