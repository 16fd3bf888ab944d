import { describe, expect, it } from "vitest";
import { loadLanguage } from "../../../src/main/text/languages.ts";
import { matchExpression, queryTerms } from "../../../src/main/engines/search/query-terms.ts";

const english = await loadLanguage("en");
const german = await loadLanguage("de");
const counts = (known: Record<string, number>) => (token: string) => (Object.hasOwn(known, token) ? (known[token] ?? 0) : 0);
const names = (text: string, known: Record<string, number>, languages = [english]) =>
  queryTerms(text, languages, counts(known)).map(({ token }) => token);

describe("query terms", () => {
  it("come rarest first, without what the index does not hold", () => {
    expect(names("protein membrane zinc", { protein: 50, membran: 3 })).toEqual(["membran", "protein"]);
  });

  it("leave stop words out, unless nothing else is left", () => {
    expect(names("what is the protein", { what: 1, is: 1, the: 1, protein: 9 })).toEqual(["protein"]);
    expect(names("to be", { to: 1, be: 2 })).toEqual(["to", "be"]);
  });

  it("take the stop words of the query's own language: die is a word in English", () => {
    expect(names("why do cells die", { die: 4, cell: 9, zell: 1 }, [english, german])).toContain("die");
    expect(names("wie die Zellen sterben", { die: 4, zell: 9 }, [english, german])).not.toContain("die");
  });

  it("leave very frequent terms out beyond what a query may cost, but never the two rarest", () => {
    expect(names("alpha beta gamma", { alpha: 30_000, beta: 30_000, gamma: 100 })).toEqual(["gamma", "alpha"]);
    expect(names("alpha beta", { alpha: 900_000, beta: 900_000 })).toHaveLength(2);
  });

  it("are bounded whatever the length of the query", () => {
    const words = Array.from({ length: 1000 }, (_, index) => `zq${String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26))}x`);
    expect(queryTerms(words.join(" "), [english], () => 1).length).toBeLessThanOrEqual(48);
  });

  it("try umlauts for digraphs, compounds and beginnings only for words that occur nowhere", () => {
    expect(names("Mueller", { muell: 0, mull: 2 }, [german])).toEqual(["mull"]);
    expect(names("Mueller", { muell: 1, mull: 2 }, [german])).toEqual(["muell"]);
    expect(names("Verteidigungsminister", { verteid: 4, minist: 3 }, [german]).toSorted()).toEqual(["minist", "verteid"]);
    expect(queryTerms("Kraftfahrzeug", [german], () => 0)).toEqual([{ token: "kraftfahrzeug", prefix: true, frequency: 1, isCode: false }]);
  });

  it("tell codes from words, so that what a code names can be put first", () => {
    const terms = queryTerms("error ERR-4012", [english], counts({ error: 50, err_4012: 2 }));
    expect(terms.map(({ token, isCode }) => [token, isCode])).toEqual([
      ["err_4012", true],
      ["error", false],
    ]);
  });

  it("stand in quotes, prefixes with a star outside", () => {
    expect(matchExpression(queryTerms('AND "near" zzzzzz', [english], counts({ near: 2 })))).toBe('"zzzzzz" * OR "near"');
  });
});
