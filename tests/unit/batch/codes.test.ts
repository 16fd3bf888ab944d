import { describe, expect, it } from "vitest";
import { findCodes, findEmails, findIbans, findPhones, findUrls, findVatIds } from "../../../src/main/features/batch/extract/codes.ts";
import { checkVat, isIban } from "../../../src/main/features/batch/validate/checksums.ts";

const values = (found: readonly { value: string }[]) => found.map(({ value }) => value);

describe("check digits", () => {
  // Examples of the IBAN registry, and each with one digit wrong.
  it.each(["DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606", "NL91ABNA0417164300", "NO9386011117947"])(
    "accepts %s and no neighbour of it",
    (iban) => {
      expect(isIban(iban)).toBe(true);
      for (let at = 4; at < iban.length; at += 1) {
        const digit = iban[at] ?? "";
        if (/\d/u.test(digit)) expect(isIban(`${iban.slice(0, at)}${(Number(digit) + 1) % 10}${iban.slice(at + 1)}`)).toBe(false);
      }
    },
  );

  it("refuses an IBAN of the wrong length for its country", () => {
    expect(isIban("DE8937040044053201300")).toBe(false);
    expect(isIban("XX89370400440532013000")).toBe(false);
    expect(isIban("")).toBe(false);
  });

  // Numbers published by tax offices as examples.
  it.each([
    ["DE136695976", "valid"],
    ["DE136695977", "invalid"],
    ["ATU13585627", "valid"],
    ["ATU13585628", "invalid"],
    ["NL004495445B01", "valid"],
    ["FR40303265045", "valid"],
    ["FR41303265045", "invalid"],
    ["IT00743110157", "valid"],
    ["IT00743110158", "invalid"],
    ["BE0428759497", "valid"],
    ["DK13585628", "valid"],
    ["PL8567346215", "valid"],
    ["LU15027442", "valid"],
    ["SI50223054", "valid"],
    ["FI20774740", "valid"],
    ["SE556188840401", "valid"],
    ["PT501964843", "valid"],
    ["GB980780684", "form-only"],
    ["DE12345", "invalid"],
    ["constructor", "invalid"],
  ])("judges %s as %s", (id, verdict) => {
    expect(checkVat(id)).toBe(verdict);
  });
});

describe("codes in text", () => {
  it("takes the whole IBAN, in groups or not, and not the word behind it", () => {
    expect(findIbans("IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFF")).toMatchObject([{ value: "DE89370400440532013000", strong: true }]);
    expect(findIbans("IBAN: GB29NWBK60161331926819")).toMatchObject([{ strong: true }]);
  });

  it("keeps an IBAN with a wrong digit as what stands there, so that a rule can say so", () => {
    expect(findIbans("IBAN DE89 3704 0044 0532 0130 01")).toMatchObject([{ value: "DE89370400440532013001", strong: false }]);
  });

  it("reads VAT numbers with blanks and without a right check digit", () => {
    expect(findVatIds("UStId DE 136 695 976")).toMatchObject([{ value: "DE136695976", strong: true }]);
    expect(findVatIds("UStId DE136695977")).toMatchObject([{ strong: false }]);
  });

  it("finds addresses, pages and telephones, and no dates or amounts among them", () => {
    expect(values(findEmails("write to Ada.Lovelace@example.org."))).toEqual(["ada.lovelace@example.org"]);
    expect(values(findUrls("see www.example.org/x, or https://example.com)"))).toEqual(["www.example.org/x", "https://example.com"]);
    expect(values(findPhones("Tel. +49 6051 916 44 10"))).toEqual(["+49 6051 916 44 10"]);
    expect(findPhones("12.03.2024 and 1234567,50")).toEqual([]);
  });

  it("takes codes with their marks", () => {
    expect(values(findCodes("Invoice INV/2023/03/0008 of"))).toEqual(["INV/2023/03/0008"]);
    expect(values(findCodes("#A-17, 2024-0007."))).toEqual(["A-17", "2024-0007"]);
  });

  it("ends on long hostile text", () => {
    const hostile = [
      "a@".repeat(20_000),
      "DE".repeat(20_000),
      "DE12 ".repeat(10_000),
      "1 ".repeat(20_000),
      "a.".repeat(20_000),
      "(".repeat(50_000),
    ];
    for (const text of hostile)
      for (const find of [findCodes, findEmails, findIbans, findPhones, findUrls, findVatIds]) expect(Array.isArray(find(text))).toBe(true);
  });
});
