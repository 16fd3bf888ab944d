import { describe, expect, it } from "vitest";
import { fold, pairs, tokens } from "../../../src/main/text/analyse.ts";
import { analysisCode, languageCode, loadLanguage } from "../../../src/main/text/languages.ts";
import { units } from "../../../src/main/text/units.ts";
import { randomText, seeded } from "../../helpers/random-text.ts";

const english = await loadLanguage("en");
const unknown = await loadLanguage("und");
const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const pick = <T>(random: () => number, from: readonly T[]): T => {
  const one = from[Math.floor(random() * from.length)];
  if (one === undefined) throw new Error("nothing to choose from");
  return one;
};
const characters = (random: () => number, from: number, to: number, most: number): string[] =>
  Array.from({ length: 1 + Math.floor(random() * most) }, () => String.fromCodePoint(from + Math.floor(random() * (to - from))));

describe("tokens of any text", () => {
  // Catches: a token with a quote, a star or a space in it, which would be syntax of the full-text table.
  it("are letters, digits, marks and _ only, and never empty", () => {
    for (const seed of seeds(150)) {
      for (const token of tokens(randomText(seeded(seed), 60), english)) expect(token, `seed ${seed}`).toMatch(/^[\p{L}\p{N}\p{M}_]+$/u);
    }
  });

  // Catches: what stands before a word deciding how the word is found: a passage would not be found by its own words.
  it("do not depend on what stands before or behind them", () => {
    for (const seed of seeds(150)) {
      const random = seeded(seed);
      const [first, second] = [randomText(random, 12), randomText(random, 12)];
      expect(tokens(`${first} \n ${second}`, english), `seed ${seed}`).toEqual([...tokens(first, english), ...tokens(second, english)]);
    }
  });

  // Catches: a query in another spelling of the same characters that finds nothing: composed, wide, in capitals.
  it("are the same in every normal form and in capitals", () => {
    const words = ["Zürich", "naïve", "ＡＢＣ１２", "ﬁne", "Ωmega", "Ежик", "東京都", "ガス", "한국어", "e\u0301te\u0301"];
    for (const seed of seeds(60)) {
      const random = seeded(seed);
      const text = Array.from({ length: 8 }, () => pick(random, words)).join(" ");
      const wanted = tokens(text, unknown);
      for (const form of ["NFC", "NFD", "NFKC", "NFKD"] as const) expect(tokens(text.normalize(form), unknown), form).toEqual(wanted);
      expect(tokens(text.toUpperCase(), unknown)).toEqual(wanted);
    }
  });

  // Catches: a file of one line of letters, digits or marks that makes more tokens than it has characters, or long ones.
  it.each([
    ["letters", "x".repeat(20_000)],
    ["digits", "7".repeat(20_000)],
    ["letters and digits in turn", "a1".repeat(10_000)],
    ["parts of a code", "ab-12-".repeat(4_000)],
    ["thousands", "1,234,".repeat(3_000)],
    ["combining marks", `a${"\u0301".repeat(20_000)}`],
    ["Chinese", "語".repeat(20_000)],
    ["surrogates alone", "\ud800".repeat(20_000)],
    ["apostrophes", "a's".repeat(8_000)],
  ])("of nothing but %s stay fewer than its characters, and short", (_what, text) => {
    const found = tokens(text, english);
    expect(found.length).toBeLessThanOrEqual(text.length);
    for (const token of new Set(found)) expect([...token].length).toBeLessThan(600);
  });
});

describe("scripts without spaces", () => {
  const scripts: [name: string, from: number, to: number][] = [
    ["Han", 0x4e00, 0x9fff],
    ["Hiragana", 0x3041, 0x3094],
    ["Katakana", 0x30a1, 0x30f5],
    ["Hangul", 0xac00, 0xd7a3],
    ["Thai", 0x0e01, 0x0e2f],
    ["Han beyond the basic plane", 0x20000, 0x2a6df],
  ];

  // Catches: a word inside a sentence that no query finds, since where it begins decides how it was cut.
  it.each(scripts)("%s: every part of a text of two characters or more is found by its own tokens", (_name, from, to) => {
    for (const seed of seeds(40)) {
      const random = seeded(seed);
      const text = characters(random, from, to, 40);
      const held = new Set(tokens(text.join(""), english));
      const start = Math.floor(random() * (text.length - 1));
      const part = text.slice(start, start + 2 + Math.floor(random() * 6)).join("");
      if ([...part].length < 2) continue;
      for (const token of tokens(part, english)) expect(held.has(token), `${part} in ${text.join("")}`).toBe(true);
    }
  });

  it.each(scripts)("%s: a run of n characters has n − 1 pairs, and a character alone is itself", (_name, from, to) => {
    for (const seed of seeds(20)) {
      const run = characters(seeded(seed), from, to, 30);
      const found = pairs(run.join(""));
      expect(found).toHaveLength(Math.max(1, run.length - 1));
      expect(found.map((pair) => [...pair].length)).toEqual(found.map(() => Math.min(2, run.length)));
      // What the pairs begin with is the text again, but for its last character.
      expect(found.map((pair) => [...pair][0]).join("")).toBe(run.length === 1 ? run[0] : run.slice(0, -1).join(""));
    }
  });

  // Catches: a number or a Latin word inside a Chinese sentence that becomes half of a pair.
  it.each([
    ["価格は1,200円です", ["1200"]],
    ["型番ABC-123を使う", ["abc_123"]],
    ["使用Python语言", ["python"]],
    ["ราคา500บาท", ["500"]],
    ["제품X200출시", ["x_200"]],
  ])("%s keeps what is written in other scripts whole", (text, wanted) => {
    expect(tokens(text, unknown)).toEqual(expect.arrayContaining(wanted));
  });
});

describe("codes", () => {
  const letters = (random: () => number) => characters(random, 0x61, 0x7b, 4).join("");
  const digits = (random: () => number) => `${1 + Math.floor(random() * 9)}${String(Math.floor(random() * 10_000)).padStart(4, "0")}`;

  // Catches: `INV-2024/17` not found by `inv_2024_17`: people write a code in other ways than its document does.
  it("are one and the same whichever marks hold them together, in capitals or not", () => {
    for (const seed of seeds(120)) {
      const random = seeded(seed);
      const parts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => [letters(random), digits(random)]).flat();
      const whole = parts.join("_");
      for (const mark of ["-", "_", "/", ".", ":"]) {
        expect(tokens(parts.join(mark), unknown), mark).toContain(whole);
        expect(tokens(parts.join(mark).toUpperCase(), unknown), mark).toContain(whole);
      }
      expect(tokens(parts.join(""), unknown)).toContain(whole);
    }
  });

  it("are found by each of their parts that holds a digit, and by their words", () => {
    for (const seed of seeds(60)) {
      const random = seeded(seed);
      const [name, number, other] = [`${letters(random)}q`, digits(random), digits(random)];
      expect(tokens(`${name}-${number}-${other}`, unknown)).toEqual(expect.arrayContaining([number, other, name]));
    }
  });

  // Catches: an amount found only in the spelling of its own country.
  it("numbers are the same with and without the marks of thousands", () => {
    for (const seed of seeds(60)) {
      const groups = Array.from({ length: 1 + (seed % 3) }, (_, index) => String(100 + ((seed * 37 + index * 91) % 900)));
      const plain = `${seed}${groups.join("")}`;
      for (const mark of [",", "."]) expect(tokens([String(seed), ...groups].join(mark), english)).toEqual([plain]);
      expect(tokens(plain, english)).toEqual([plain]);
    }
  });

  it.each([
    ["the '90s", "90"],
    ["the 1980’s", "1980"],
    ["in 1900s style", "1900"],
  ])("%s is found by %s", (text, token) => expect(tokens(text, english)).toContain(token));

  // Catches: a code of hundreds of parts whose forms multiply.
  it("of many parts keep a bounded number of forms", () => {
    const [unit] = units(Array.from({ length: 500 }, (_, index) => `a${index}`).join("-"));
    expect(unit?.kind === "code" ? unit.forms.length : 0).toBeLessThanOrEqual(33);
  });
});

describe("folding", () => {
  // Catches: a token that is folded at writing and folded once more at asking, into something else.
  it("done twice is done once", () => {
    for (const seed of seeds(80)) {
      const random = seeded(seed);
      const word = [
        ...characters(random, 0xc0, 0x250, 8),
        ...characters(random, 0x300, 0x340, 3),
        ...characters(random, 0x390, 0x500, 5),
      ].join("");
      expect(fold(fold(word.toLowerCase()))).toBe(fold(word.toLowerCase()));
    }
  });

  it.each([
    ["übergröße", "ubergrosse"],
    ["ærøskøbing", "aeroskobing"],
    ["łódź", "lodz"],
    ["ﬂuß".normalize("NFKC"), "fluss"],
    ["þórður", "thordur"],
    ["ılık", "ilik"],
    ["ёжик", "ежик"],
    ["ής", "ης"],
  ])("makes %s %s", (word, folded) => expect(fold(word)).toBe(folded));
});

describe.each([
  "ar",
  "bg",
  "da",
  "de",
  "el",
  "en",
  "es",
  "fi",
  "fr",
  "hu",
  "hy",
  "id",
  "it",
  "lt",
  "nl",
  "no",
  "pt",
  "ro",
  "ru",
  "sl",
  "sr",
  "sv",
  "tr",
  "uk",
])("the language %s", (code) => {
  // Catches: a stemmer that answers with nothing, or throws, for a word that it does not expect: the chunk would be lost.
  it("stems any word of any script to something", async () => {
    const language = await loadLanguage(code);
    for (const word of ["a", "zz", "q".repeat(64), "слово", "λόγος", "كلمة", "語", "12", "é", "'", "İi", "ß", "aaaaaaaa"]) {
      const stemmed = language.stem(word);
      expect(stemmed.length, word).toBeGreaterThan(0);
      expect(language.stem(word)).toBe(stemmed);
    }
  });

  // Catches: a list of stop words in another form than the words it is asked for.
  it("has stop words, each as units give them", async () => {
    const { stopWords } = await loadLanguage(code);
    expect(stopWords.size).toBeGreaterThan(20);
    for (const word of stopWords) expect(word).toBe(word.normalize("NFKC").toLowerCase());
  });

  it("is known under its code, with any region, and loaded once", async () => {
    expect(analysisCode(languageCode(`${code.toUpperCase()}-XX`))).toBe(code);
    expect(loadLanguage(code)).toBe(loadLanguage(code));
    expect((await loadLanguage(code)).code).toBe(code);
  });
});
