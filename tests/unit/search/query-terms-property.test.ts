import { describe, expect, it } from "vitest";
import { tokens } from "../../../src/main/text/analyse.ts";
import { type Language, loadLanguage } from "../../../src/main/text/languages.ts";
import { matchExpression, queryTerms } from "../../../src/main/engines/search/query-terms.ts";
import { randomText, seeded } from "../../helpers/random-text.ts";

const languages: Language[] = await Promise.all(["en", "de", "und"].map(loadLanguage));
const [english] = languages;
if (!english) throw new Error("there is no English");

/** How often tokens stand in an index of random size: by the token, so that it is the same each time it is asked. */
const counting = (seed: number, most: number) => (token: string) => {
  let hash = seed;
  for (const letter of token) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hash % 3 === 0 ? 0 : hash % most;
};
const seeds = Array.from({ length: 120 }, (_, index) => index + 1);

describe("terms of any query", () => {
  // Catches: a query whose cost nobody bounds: a page of text pasted into the search field.
  it("are at most 48, rarest first, and look at no more rows than a query may but for the two rarest", () => {
    for (const seed of seeds) {
      const terms = queryTerms(randomText(seeded(seed), 200), languages, counting(seed, 90_000));
      expect(terms.length).toBeLessThanOrEqual(48);
      const frequencies = terms.map(({ frequency }) => frequency);
      expect(frequencies).toEqual(frequencies.toSorted((a, b) => a - b));
      const rows = frequencies.slice(2).reduce((sum, count) => sum + count, 0);
      if (frequencies.length > 2) expect(rows).toBeLessThanOrEqual(40_000);
    }
  });

  // Catches: a term that is asked for twice, whose rows would count twice.
  it("are each there once, and stand in the index as often as it says", () => {
    for (const seed of seeds) {
      const count = counting(seed, 500);
      const terms = queryTerms(randomText(seeded(seed), 60), languages, count);
      expect(new Set(terms.map(({ token, prefix }) => `${token}${prefix ? "*" : ""}`)).size).toBe(terms.length);
      for (const { token, prefix, frequency } of terms) {
        expect(frequency).toBeGreaterThan(0);
        if (!prefix) expect(frequency).toBe(count(token));
      }
    }
  });

  // Catches: syntax of the full-text table that a text brings in: quotes, stars, NEAR, column filters.
  it("make an expression of quoted tokens and OR, whatever was asked", () => {
    for (const seed of seeds) {
      const text = `${randomText(seeded(seed), 30)} " * : ^ - + ( ) { } NEAR( AND NOT body: "x" --`;
      const expression = matchExpression(queryTerms(text, languages, counting(seed, 50)));
      if (expression !== "") expect(expression).toMatch(/^"[\p{L}\p{N}\p{M}_]+"( \*)?( OR "[\p{L}\p{N}\p{M}_]+"( \*)?)*$/u);
    }
  });

  // Catches: a word of the index that its own text does not find: the query would be analysed in another way than the text.
  it("ask for tokens of the text itself where the index holds nothing else", () => {
    for (const seed of seeds) {
      const text = randomText(seeded(seed), 25);
      const held = new Set(languages.flatMap((language) => tokens(text, language)));
      for (const { token, prefix } of queryTerms(text, languages, (asked) => (held.has(asked) ? 5 : 0))) {
        if (!prefix) expect(held.has(token), token).toBe(true);
      }
    }
  });

  it("are none where the query has nothing that can be asked for", () => {
    for (const text of ["", " ", "!!! ???", "\u0000", "—", "\ud800", "-_-"]) {
      expect(queryTerms(text, languages, () => 1)).toEqual([]);
      expect(matchExpression([])).toBe("");
    }
  });

  // Catches: a query of stop words alone, such as "to be or not to be", that finds nothing.
  it("keep stop words where there is nothing else, and leave them out where there is", () => {
    const stops = [...english.stopWords].filter((word) => /^[a-z]{3,}$/.test(word)).slice(0, 40);
    for (const word of stops) {
      expect(queryTerms(word, [english], () => 1).length, word).toBeGreaterThan(0);
      const found = queryTerms(`${word} zebra`, [english], () => 1).map(({ token }) => token);
      expect(found, word).toEqual(["zebra"]);
    }
  });

  // Catches: a single Chinese character that finds nothing, since the index holds pairs.
  it("ask for a character alone as the beginning of a pair", () => {
    expect(queryTerms("豹", languages, () => 0)).toEqual([{ token: "豹", prefix: true, frequency: 1, isCode: false }]);
    expect(queryTerms("豹", languages, () => 3)).toEqual([{ token: "豹", prefix: false, frequency: 3, isCode: false }]);
  });

  it("try a beginning only of words of five letters and more, which would else match half of the index", () => {
    const [, , plain = english] = languages;
    expect(queryTerms("abcd", [plain], () => 0)).toEqual([]);
    expect(queryTerms("abcde", [plain], () => 0)).toEqual([{ token: "abcde", prefix: true, frequency: 1, isCode: false }]);
  });
});
