import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findAmounts } from "../../../src/main/features/batch/extract/amounts.ts";
import { findCodes, findEmails, findIbans, findPhones, findUrls, findVatIds } from "../../../src/main/features/batch/extract/codes.ts";
import { findDates } from "../../../src/main/features/batch/extract/dates.ts";
import { viewDocument } from "../../../src/main/features/batch/extract/document-view.ts";
import { extract } from "../../../src/main/features/batch/extract/extract.ts";
import { parseRecipe } from "../../../src/main/features/batch/recipes/parse-recipe.ts";
import { suggestRecipe } from "../../../src/main/features/batch/recipes/suggest.ts";
import { eachValue } from "../../../src/main/features/batch/validate/values.ts";
import { linearPattern } from "../../../src/main/features/batch/validate/linear-pattern.ts";

function recipeOf(name: string) {
  const { recipe } = parseRecipe(readFileSync(join(import.meta.dirname, `../../../resources/recipes/${name}.json`), "utf8"));
  if (!recipe) throw new Error("the recipe is refused");
  return recipe;
}
const viewOf = (text: string) =>
  viewDocument({ text, language: "en", pages: [{ page: 1, start: 0, end: text.length, source: "text" }], geometry: [undefined] });
const invoice = recipeOf("invoice");

/** Texts that a reader which tries every way of parting them would never be done with. */
const floods: [string, string][] = [
  ["a code of one run", `AB12${"A1".repeat(300)}`],
  ["many codes of long runs", `AB12${"A1".repeat(35)}! `.repeat(200)],
  ["codes parted by single blanks", "AB12 1234 ".repeat(2_000)],
  ["capitals before a company", `${"A".repeat(60)}! GmbH and more`],
  ["words before a company", `${"Aa Bb, ".repeat(2_000)}! GmbH and more`],
  ["marks between capitals", `${"A&& B-- ".repeat(40)}! Ltd and more`],
  ["signs of money", `1.00${"$".repeat(20_000)}x`],
  ["brackets", "(".repeat(20_000)],
  ["signs and blanks", "- ".repeat(10_000)],
  ["digits", "1".repeat(20_000)],
  ["groups of digits", "1.111".repeat(4_000)],
  ["digits parted by blanks", "1 ".repeat(10_000)],
  ["addresses that never end", "a.".repeat(10_000)],
  ["signs of addresses", "@".repeat(20_000)],
  ["web names", "www.".repeat(5_000)],
  ["countries and numbers", "DE12 34 ".repeat(2_500)],
  ["days without months", "1 de ".repeat(4_000)],
  ["colons", ":".repeat(20_000)],
  ["bars", "| ".repeat(10_000)],
  ["blanks before a letter", `${" ".repeat(20_000)}x`],
  ["tabs", "a\t".repeat(5_000)],
  ["empty lines", "\n".repeat(20_000)],
  ["labels alone", "invoice date total ".repeat(1_000)],
  ["characters outside the plane", "😀𝟙".repeat(5_000)],
  ["halves of characters", "\ud83d".repeat(10_000)],
  ["marks without letters", "\u0301".repeat(10_000)],
  ["what turns the writing round", "\u202e12.00\u202c ".repeat(2_000)],
  ["NUL", "\0".repeat(10_000)],
];

describe("texts made to keep a reader busy", () => {
  // Catches: an expression that can part one text in exponentially many ways: a page of a stranger stops the whole core.
  it.each(floods)("end: %s", (_, text) => {
    for (const find of [findAmounts, findDates, findCodes, findEmails, findIbans, findPhones, findUrls, findVatIds])
      for (const { start, end } of find(text)) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
      }
    const { fields } = extract(viewOf(text), invoice);
    for (const [path, { start, end, raw, sure }] of eachValue(fields)) {
      expect(sure, path).toBeGreaterThanOrEqual(0);
      expect(sure, path).toBeLessThanOrEqual(1);
      if (start !== undefined) expect(text.slice(start, end), path).toBe(raw);
    }
  });

  // Catches: a proposal from samples that takes a hostile label for a field, or never ends.
  it.each(floods)("make no recipe that is refused: %s", (_, text) => {
    const recipe = suggestRecipe([viewOf(text)], "proposed");
    expect(parseRecipe(JSON.stringify(recipe)).problems).toEqual([]);
  });
});

describe("company names", () => {
  const vendorOf = (text: string) => {
    const vendor = extract(viewOf(text), invoice).fields["vendor"];
    return vendor && !Array.isArray(vendor) ? vendor.value : undefined;
  };
  // Catches: a sentence before the name that becomes a part of it, or a name that loses its first words.
  it.each([
    ["goods were sold by Alder & Finch Ltd under its terms of business today", "Alder & Finch Ltd"],
    ["this was delivered by Van der Berg en Zonen B.V. and is to be paid for", undefined],
    ["invoice issued by Kranich Verlag GmbH, all rights are reserved for now", "Kranich Verlag GmbH"],
    ["payable to Tea-House No.5 Ltd within the days that were agreed upon", "Tea-House No.5 Ltd"],
  ])("are found in: %s", (text, name) => {
    const found = vendorOf(text);
    if (name === undefined) expect(String(found)).toMatch(/B\.V\.$/u);
    else expect(found).toBe(name);
  });

  it("are found behind more text than is looked at", () => {
    expect(String(vendorOf(`${"so it goes on and on ".repeat(30)}sold by Alder & Finch Ltd under its terms`))).toBe("Alder & Finch Ltd");
  });
});

describe("IBANs in running text", () => {
  const iban = "DE89370400440532013000";
  // Catches: an account number that is lost or grown by what stands behind it.
  it.each([
    `IBAN ${iban}`,
    "IBAN DE89 3704 0044 0532 0130 00",
    "IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX",
    "IBAN DE89 3704 0044 0532 0130 00 COMMERZBANKAG FRANKFURT AM MAIN DEUTSCHLAND",
    `IBAN ${iban} COMMERZBANKAGFRANKFURTAMMAINDEUTSCHLANDUNDANDERSWO`,
    "IBAN DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000",
    `(${iban})`,
    `${iban}.`,
    `${iban}, GB12`,
  ])("are found in: %s", (text) => {
    expect(findIbans(text).filter(({ strong }) => strong)).toMatchObject([{ value: iban }]);
  });

  it.each([
    ["NO9386011117947", "the shortest"],
    ["MT84MALT011000012345MTLCAST001S", "one of the longest"],
    ["GB29 NWBK 6016 1331 9268 19", "one with letters"],
    ["FR14 2004 1010 0505 0001 3M02 606", "one whose last group is short"],
  ])("of other countries are found: %s, %s", (text) => {
    expect(findIbans(`Konto ${text} bei der Bank`)).toMatchObject([{ value: text.replaceAll(" ", ""), strong: true }]);
  });

  it.each(["DE89 3704", "AB12 IS A CODE", "DE1", "x" + iban, `${iban}${iban}${iban}${iban}`, "de89370400440532013000"])(
    "are not seen in: %s",
    (text) => {
      expect(findIbans(text).filter(({ strong }) => strong)).toEqual([]);
    },
  );
});

describe("patterns of strangers", () => {
  // Catches: a recipe of thirty characters that is compiled for years, since nothing in it counts as a state.
  it.each(["((((){1000}){1000}){1000}){1000}", "(((((){999}){999}){999}){999}){999}", "(?:(?:(?:(?:){1000}){1000}){1000}){1000}"])(
    "that repeat nothing are compiled at once: %s",
    (source) => {
      const pattern = linearPattern(source);
      expect(pattern.test("")).toBe(true);
      expect(pattern.test("anything")).toBe(true);
    },
  );

  it.each([
    ["(a{0}){1000}b", "b", "a"],
    ["(()a){3}", "aaa", "aa"],
    ["^((a|){2}){2}$", "aaaa", "aaaaa"],
    ["^(a{2}){3}$", "aaaaaa", "aaaaa"],
    ["(){5}x", "x", "y"],
  ])("with empty parts mean what they say: %s", (source, yes, no) => {
    const pattern = linearPattern(source);
    expect([pattern.test(yes), pattern.test(no)]).toEqual([true, false]);
    const native = new RegExp(source, "u");
    expect([native.test(yes), native.test(no)]).toEqual([true, false]);
  });
});
