import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Harness, openHarness } from "./search-harness.ts";

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(() => harness.close());

const found = async (text: string): Promise<number[]> => harness.keys(text, { mode: "keyword" });

describe("hostile queries", () => {
  it.each([
    '"',
    "''",
    "a AND",
    "NEAR(a b, 5)",
    "context: text",
    "-text",
    "text*",
    "^text",
    "(text",
    "text)",
    "text OR OR",
    "{context body} : text",
    "text + text",
    '" OR "1"="1',
    "'; DROP TABLE chunks; --",
    "text\u0000text",
    "\uD800",
    "\uDC00text",
    "a".repeat(10_000),
    "text ".repeat(5000),
    "🦭",
    "‮text",
    "%s%n",
    "\\",
    "`text`",
    "$(text)",
  ])("takes %j as words", async (query) => {
    await harness.add({ collection: "a", chunks: ["some text"] });
    for (const mode of ["keyword", "hybrid"] as const)
      await expect(harness.query(query, { mode })).resolves.toMatchObject({ hits: expect.any(Array) });
    expect(await found("text")).toHaveLength(1);
  });

  it("survives ten thousand random strings of FTS syntax, quotes and odd characters", async () => {
    await harness.add({ collection: "a", chunks: ["near and or not text"], language: "en" });
    await harness.add({ collection: "a", chunks: ["größe und müller"], language: "de" });
    const pieces = [
      '"',
      "'",
      "*",
      "^",
      ":",
      "(",
      ")",
      "{",
      "}",
      "+",
      "-",
      "AND",
      "OR",
      "NOT",
      "NEAR",
      "context",
      "body",
      " ",
      "text",
      "é",
      "ß",
      "黑",
      "\u0000",
      "\uD83E",
      "\u0301",
      "١",
      "a1",
      ".",
      "/",
      "_",
      "\n",
    ];
    let seed = 42;
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 10_000; round++) {
      const query = Array.from({ length: 1 + next(12) }, () => pieces[next(pieces.length)]).join("");
      await expect(harness.query(query, { mode: "keyword" }), JSON.stringify(query)).resolves.toBeDefined();
    }
  });

  it("indexes odd texts and finds what is sound in them", async () => {
    const { keys } = await harness.add({
      collection: "a",
      chunks: ["\uD800 broken \u0000 surrogate", "x".repeat(100_000), "", "\u0301\u0301", "🦭🦭"],
    });
    expect(await found("surrogate")).toEqual(keys.slice(0, 1));
  });
});

describe("codes", () => {
  it.each([
    ["Error ERR-4012 occurred", "ERR-4012"],
    ["Error ERR-4012 occurred", "err 4012"],
    ["Error ERR-4012 occurred", "ERR4012"],
    ["Error ERR4012 occurred", "err-4012"],
    ["Part A/B-12.7 fits", "A/B-12.7"],
    ["Part A/B-12.7 fits", "a/b-12.7"],
    ["IBAN DE89 3704 0044 0532", "3704"],
    ["It cost 10,000 dollars", "10000"],
    ["Es kostete 10.000 Euro", "10,000"],
    ["In the 1990s", "1990"],
    ["p53 and IL-6", "IL6"],
    ["see foo_bar_2 there", "foo_bar_2"],
  ])("finds %j by %j before near misses", async (text, query) => {
    await harness.add({ collection: "a", chunks: ["Error ERR-4013 and ERR-401 and A/B-12.8 and IL-7 and 1991 and foo_bar_3"] });
    const { keys } = await harness.add({ collection: "a", chunks: [text] });
    expect((await found(query))[0]).toBe(keys[0]);
  });
});

describe("languages", () => {
  it("stems by the language of the document", async () => {
    const english = await harness.add({ collection: "a", chunks: ["The proteins were running through membranes."], language: "en" });
    const german = await harness.add({ collection: "a", chunks: ["Die Häuser am Fluss wurden verkauft."], language: "de" });
    expect(await found("protein membrane run")).toEqual(english.keys);
    expect(await found("Haus")).toEqual(german.keys);
    expect(await found("verkaufen")).toEqual(german.keys);
  });

  it.each(["Müller", "Mueller", "Muller", "MÜLLER", "Mu\u0308ller"])("finds Müller by %s", async (query) => {
    const { keys } = await harness.add({ collection: "a", chunks: ["Herr Müller wohnt hier."], language: "de" });
    await harness.add({ collection: "a", chunks: ["Frau Meier wohnt dort."], language: "de" });
    expect(await found(query)).toEqual(keys);
  });

  it("finds Straße by Strasse and naïve by naive", async () => {
    const { keys } = await harness.add({ collection: "a", chunks: ["Die Straße ist lang, das ist naïve."], language: "de" });
    expect(await found("Strasse")).toEqual(keys);
    expect(await found("naive")).toEqual(keys);
  });

  it("takes a compound apart that the index does not know, and finds one by its beginning", async () => {
    const { keys } = await harness.add({
      collection: "a",
      chunks: ["Der Minister für Verteidigung sprach über die Kraftfahrzeughaftpflicht."],
      language: "de",
    });
    await harness.add({ collection: "a", chunks: ["Etwas ganz anderes."], language: "de" });
    expect(await found("Verteidigungsminister")).toEqual(keys);
    expect(await found("Kraftfahrzeug")).toEqual(keys);
  });

  it("drops stop words of the query's language, unless there is nothing else", async () => {
    const first = await harness.add({ collection: "a", chunks: ["the who"], language: "en" });
    const second = await harness.add({ collection: "a", chunks: ["guitar"], language: "en" });
    expect(await found("what is the guitar")).toEqual(second.keys);
    expect(await found("The Who")).toEqual(first.keys);
  });

  it("finds Chinese, Japanese, Korean and Thai words inside sentences, by one, two and more characters", async () => {
    const chinese = await harness.add({ collection: "a", chunks: ["黑豹队的防守只丢了308分，在联赛中排名第六"], language: "zh" });
    const japanese = await harness.add({ collection: "a", chunks: ["東京タワーは高いです"], language: "ja" });
    const korean = await harness.add({ collection: "a", chunks: ["서울에서는 비가 옵니다"], language: "ko" });
    const thai = await harness.add({ collection: "a", chunks: ["กรุงเทพมหานครเป็นเมืองหลวง"], language: "th" });
    expect(await found("防守")).toEqual(chinese.keys);
    expect(await found("黑")).toEqual(chinese.keys);
    expect(await found("黑豹队 308")).toEqual(chinese.keys);
    expect(await found("タワー")).toEqual(japanese.keys);
    expect(await found("서울")).toEqual(korean.keys);
    expect(await found("เมืองหลวง")).toEqual(thai.keys);
  });
});
