import { describe, expect, it } from "vitest";
import { amountOf, findAmounts, parseAmount } from "../../../src/main/features/batch/extract/amounts.ts";
import { learnHabits } from "../../../src/main/features/batch/extract/habits.ts";

describe("amounts", () => {
  // Catches: an amount that is a hundred or a thousand times too large because its marks were misread.
  it.each([
    ["1.234,56", ",", 1234.56],
    ["1,234.56", ".", 1234.56],
    ["1 234,56", ",", 1234.56],
    ["1'234.50", ".", 1234.5],
    ["1.234.567", ",", 1234567],
    ["12,5", ",", 12.5],
    ["1.234", ",", 1234],
    ["1.234", ".", 1.234],
    ["1,234", ".", 1234],
    ["0,75 €", ",", 0.75],
    ["€ 399,00", ",", 399],
    ["$4.11", ".", 4.11],
    ["EUR 49,99", ",", 49.99],
    ["-9,32", ",", -9.32],
    ["− 12.50", ".", -12.5],
    ["12.50-", ".", -12.5],
    ["(12.50)", ".", -12.5],
    ["CHF 1'200.00", ".", 1200],
    ["0", ".", 0],
  ] as const)("reads %s as %s marks decimals", (text, mark, value) => {
    expect(parseAmount(text, mark)).toBe(value);
  });

  // Catches: parts of codes, dates and versions taken for money.
  it.each(["INV-2024", "a12", "12.03.2024", "v1.2.3", "12:30", "AB/12"])("finds no amount in %s", (text) => {
    expect(findAmounts(text).filter(({ isPercent }) => !isPercent)).toEqual([]);
  });

  // Catches: a tax rate taken for the tax.
  it("tells a percentage from an amount", () => {
    expect(findAmounts("VAT 19% 12,00").map(({ digits, isPercent }) => [digits, isPercent])).toEqual([
      ["19", true],
      ["12,00", false],
    ]);
  });

  // Catches: places that do not enclose what was read.
  it("points at the very text that it read", () => {
    const text = "Total: USD 1,250.00 (net)";
    const [amount] = findAmounts(text);
    expect(amount && text.slice(amount.start, amount.end)).toBe("USD 1,250.00");
    expect(amount?.currency).toBe("USD");
    expect(amount && amountOf(amount, ".")).toBe(1250);
  });

  // Catches: expressions that take exponential time on hostile text.
  it("ends on long hostile text", () => {
    for (const text of ["1".repeat(50_000), "1,".repeat(20_000), "( -".repeat(20_000), "1 ".repeat(20_000), "$".repeat(50_000)])
      expect(Array.isArray(findAmounts(text))).toBe(true);
  });
});

describe("habits", () => {
  // Catches: one country's marks and order of dates forced on another's documents.
  it.each([
    ["Summe 1.234,50 EUR am 03.04.2024", "de", ",", "dmy"],
    ["Total $1,234.50 on 03/25/2024, due 04/05/2024", "en", ".", "mdy"],
    ["Total £1,234.50 on 25/03/2024, due 05/04/2024", "en", ".", "dmy"],
    ["Montant 45,93 € le 28/11/2022", "fr", ",", "dmy"],
    ["Total $12.00 on 04/05/2024", "en", ".", "mdy"],
  ])("learns from %s", (text, language, decimal, order) => {
    expect(learnHabits(text, language)).toMatchObject({ decimal, order });
  });

  // Catches: certainty about what the document leaves open.
  it("says that it does not know", () => {
    expect(learnHabits("Total 12 on 04/05/2024", undefined)).toMatchObject({ decimalKnown: false, orderKnown: false });
  });
});
