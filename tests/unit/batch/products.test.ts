import { describe, expect, it } from "vitest";
import { findRows } from "../../../src/main/features/batch/extract/rows.ts";
import { productsOf } from "../../../src/main/features/batch/extract/products.ts";
import { Rule, RowSchema } from "../../../src/shared/contract/recipe.ts";
import { sourcesOf, textView } from "../../helpers/batch-sources.ts";

const lines = RowSchema.parse({
  type: "object",
  properties: {
    description: { type: "string", "x-labels": ["description"] },
    quantity: { type: "number", "x-labels": ["qty"] },
    price: { type: "number", "x-kind": "amount", "x-labels": ["price"] },
    amount: { type: "number", "x-kind": "amount", "x-labels": ["amount"] },
  },
});
const product = { result: "amount", factors: ["quantity", "price"] };
const read = (text: string) =>
  findRows("lines", lines, sourcesOf(textView(text, "en"), { total: ["total"] }), [product]).map((row) =>
    Object.fromEntries(Object.entries(row).flatMap(([name, found]) => (found ? [[name, found.value]] : []))),
  );

describe("columns that arithmetic names", () => {
  // Catches: lines without a price, because a shop calls it something that no list has.
  it("are found under headings that nobody knows", () => {
    expect(read("Description | Qty | Each | Ext | Rate\nPipe | 20 | 14.35 | 287.00 | 57.40\nElbow | 60 | 0.89 | 53.40 | 10.68")).toEqual([
      { description: "Pipe", quantity: 20, price: 14.35, amount: 287 },
      { description: "Elbow", quantity: 60, price: 0.89, amount: 53.4 },
    ]);
  });

  // Catches: what was paid with tax taken for the price times the count.
  it("replace one that was read and is wrong in every row", () => {
    expect(read("Description | Qty | Price | Base | Amount\nRail | 6 | 3450.00 | 20700.00 | 25047.00")).toEqual([
      { description: "Rail", quantity: 6, price: 3450, amount: 20_700 },
    ]);
  });

  it("leave what is right", () => {
    expect(read("Description | Qty | Price | Other | Amount\nTea | 2 | 3.50 | 9.00 | 7.00")).toEqual([
      { description: "Tea", quantity: 2, price: 3.5, amount: 7 },
    ]);
  });

  // Catches: any number that equals another taken for the price because one was bought.
  it("are not found where everything is counted once", () => {
    expect(read("Description | Qty | A | B\nTea | 1 | 3.50 | 3.50")).toEqual([{ description: "Tea", quantity: 1 }]);
  });

  it("are not found where one row is wrong", () => {
    expect(read("Description | Qty | A | B\nTea | 2 | 3.50 | 7.00\nMilk | 3 | 2.00 | 9.00")).toEqual([
      { description: "Tea", quantity: 2 },
      { description: "Milk", quantity: 3 },
    ]);
  });

  // Catches: the count and the price exchanged, which the product does not mind.
  it("count in whole numbers, where both factors are unknown", () => {
    expect(read("Description | A | B | Amount\nTea | 3.50 | 2 | 7.00\nMilk | 1.25 | 4 | 5.00")).toEqual([
      { description: "Tea", quantity: 2, price: 3.5, amount: 7 },
      { description: "Milk", quantity: 4, price: 1.25, amount: 5 },
    ]);
  });
});

describe("the products of a recipe", () => {
  it("are those of the list's own columns", () => {
    const rules = [
      { rule: "product", result: "lines.amount", factors: ["lines.quantity", "lines.price"] },
      { rule: "product", result: "total", factors: ["lines.quantity", "rate"] },
      { rule: "required", field: "total" },
    ].map((rule) => Rule.parse(rule));
    expect(productsOf(rules, "lines")).toEqual([product]);
    expect(productsOf(rules, "others")).toEqual([]);
  });
});
