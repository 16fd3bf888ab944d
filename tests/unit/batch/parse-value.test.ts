import { describe, expect, it } from "vitest";
import { currencyOf } from "../../../src/main/features/batch/extract/currencies.ts";
import type { Habits } from "../../../src/main/features/batch/extract/habits.ts";
import { kindOf, parseValue } from "../../../src/main/features/batch/extract/parse-value.ts";
import type { Scalar } from "../../../src/shared/contract/batch.ts";
import { type FieldKind, ScalarSchema } from "../../../src/shared/contract/recipe.ts";
import { fieldKinds } from "../../../src/shared/field-kinds.ts";
import { sourcesOf, textView } from "../../helpers/batch-sources.ts";
import { randomText, seeded } from "../../helpers/random-text.ts";

const german: Habits = { decimal: ",", decimalKnown: true, order: "dmy", orderKnown: true, currency: "EUR" };
const american: Habits = { decimal: ".", decimalKnown: true, order: "mdy", orderKnown: true, currency: "USD" };
const choices = ScalarSchema.parse({ type: ["string", "null"], enum: ["Letter", "Invoice", null] });

describe("what a field holds", () => {
  it.each<[object, FieldKind]>([
    [{ type: "string" }, "text"],
    [{ type: "string", "x-kind": "party", format: "date" }, "party"],
    [{ type: ["number", "null"] }, "number"],
    [{ type: "integer" }, "number"],
    [{ type: ["boolean", "null"] }, "boolean"],
    [{ type: "string", format: "date" }, "date"],
    [{ type: "string", format: "email" }, "email"],
    [{ type: "string", format: "uri" }, "url"],
    [{ type: "string", enum: ["a"] }, "choice"],
  ])("%j is %s", (schema, kind) => {
    expect(kindOf(ScalarSchema.parse(schema))).toBe(kind);
  });
});

describe("a text read as its field's kind", () => {
  // Catches: a value typed by a person that becomes another number, another day or another word.
  it.each<[FieldKind, string, Habits, Scalar | undefined]>([
    ["amount", " 1.234,50 € ", german, 1234.5],
    ["amount", "1,234.50", american, 1234.5],
    ["amount", "1.234", german, 1234],
    ["amount", "1.234", american, 1.234],
    ["amount", "12 and 13", german, undefined],
    ["amount", "none", german, undefined],
    ["number", "12 Stk", german, 12],
    ["number", "1 PCS", american, 1],
    ["number", "12 boxes of tea leaves", american, undefined],
    ["number", "about 12", american, undefined],
    ["date", "04/05/2024", german, "2024-05-04"],
    ["date", "04/05/2024", american, "2024-04-05"],
    ["date", "soon", german, undefined],
    ["currency", "€", german, "EUR"],
    ["currency", "eur", german, "EUR"],
    ["currency", "XYZ", german, undefined],
    ["iban", "DE89 3704 0044 0532 0130 00", german, "DE89370400440532013000"],
    ["iban", "my IBAN is DE89 3704 0044 0532 0130 00", german, undefined],
    ["email", "Ada@Example.org", german, "Ada@Example.org"],
    ["email", "ada@example.org, grace@example.org", german, undefined],
    ["url", "not a page", german, undefined],
    ["id", "# 4711", german, "4711"],
    ["id", "", german, undefined],
    ["boolean", "Ja", german, true],
    ["boolean", "no", american, false],
    ["boolean", "maybe", american, undefined],
    ["text", "  a \n b\t c ", american, "a b c"],
    ["text", "   ", american, undefined],
    ["party", "Alder  Ltd", american, "Alder Ltd"],
  ])("%s %j", (kind, text, habits, value) => {
    const read = parseValue(text, kind, habits);
    if (kind === "email" && typeof value === "string") expect(String(read).toLowerCase()).toBe(value.toLowerCase());
    else expect(read).toBe(value);
  });

  // Catches: a choice in another case than the recipe's, which its schema then refuses.
  it("is one of the choices as the recipe writes it, or none", () => {
    expect(parseValue("INVOICE", "choice", german, choices)).toBe("Invoice");
    expect(parseValue("null", "choice", german, choices)).toBeUndefined();
    expect(parseValue("Invoices", "choice", german, choices)).toBeUndefined();
    expect(parseValue("Invoice", "choice", german)).toBeUndefined();
  });

  // Catches: text of a stranger that throws, or whose reading is not of the field's type.
  it("is of the kind's type or nothing, whatever the text", () => {
    const random = seeded(13);
    const type = (kind: FieldKind) => (kind === "amount" || kind === "number" ? "number" : kind === "boolean" ? "boolean" : "string");
    for (let round = 0; round < 60; round += 1) {
      const text = randomText(random, 1 + (round % 5));
      for (const kind of fieldKinds) {
        const value = parseValue(text, kind, round % 2 === 0 ? german : american, choices);
        if (value !== undefined) expect([kind, text, typeof value]).toEqual([kind, text, type(kind)]);
      }
    }
  });

  it("ends on long hostile text", () => {
    for (const text of ["1".repeat(20_000), "a@".repeat(10_000), "DE".repeat(10_000), "# ".repeat(10_000), "1 a".repeat(7_000)])
      for (const kind of fieldKinds) expect(() => parseValue(text, kind, german)).not.toThrow();
  });
});

describe("currencies", () => {
  it.each([
    ["€", undefined, "EUR"],
    ["$", undefined, "USD"],
    ["A$", undefined, "AUD"],
    ["kr", "da", "DKK"],
    ["kr.", "da", "DKK"],
    ["Kr", "nb", "NOK"],
    ["kr", undefined, "SEK"],
    ["kr", "en", "SEK"],
    ["Fr.", undefined, "CHF"],
    ["CHF", undefined, "CHF"],
    ["chf", undefined, undefined],
    ["THE", undefined, undefined],
    ["EURO", undefined, undefined],
    ["", undefined, undefined],
    // Names that every object has are no currencies.
    ["constructor", undefined, undefined],
    ["toString", undefined, undefined],
    ["__proto__", undefined, undefined],
  ])("%s in %s is %s", (sign, language, code) => {
    expect(currencyOf(sign, language)).toBe(code);
  });
});

describe("what the readers find in a document", () => {
  const tokens = (text: string, language = "en") => sourcesOf(textView(text, language)).tokens;
  const values = (text: string, kind: FieldKind) =>
    tokens(text)
      .of(kind)
      .map(({ value }) => value);

  // Catches: the year of a date or the digits of an account taken for money.
  it("is a date or an account before it is an amount", () => {
    const text = "Paid 12.50 on 05.03.2024 to DE89 3704 0044 0532 0130 00";
    expect([values(text, "amount"), values(text, "date"), values(text, "iban")]).toEqual([
      [12.5],
      ["2024-03-05"],
      ["DE89370400440532013000"],
    ]);
  });

  it("leaves rates out of amounts, and telephones out of dates", () => {
    expect(values("VAT 19% of 12.00", "amount")).toEqual([12]);
    expect(values("Call +49 30 901820 before 05.03.2024", "phone")).toHaveLength(1);
  });

  // Catches: a page number that is as good a total as a sum of money.
  it("is strong as money with its cents or its currency alone", () => {
    const strengths = tokens("Items 3, price 12.00, all €7")
      .of("amount")
      .map(({ value, strong }) => [value, strong]);
    expect(strengths).toEqual([
      [3, false],
      [12, true],
      [7, true],
    ]);
  });

  it("says of a date whether it may be another", () => {
    const [open, closed] = tokens("Sent 04/05/2024. Due 25/12/2024.").of("date");
    expect([open?.ambiguous, closed?.ambiguous]).toEqual([true, false]);
  });

  it("is given by cell as it is by kind, and stands there", () => {
    const view = textView("Total 12.00   Tax 2.00\nDue 05.03.2024  ada@example.org");
    const { tokens: found } = sourcesOf(view);
    for (const kind of fieldKinds)
      for (const token of found.of(kind)) {
        expect(found.inCell(kind, token.cell)).toContain(token);
        expect(token.start >= token.cell.start && token.end <= token.cell.end).toBe(true);
      }
    expect(found.of("amount").map(({ cell }) => cell.text)).toEqual(["Total 12.00", "Tax 2.00"]);
  });
});
