import { describe, expect, it } from "vitest";
import type { Candidate } from "../../../src/main/features/batch/extract/candidates.ts";
import { choose, LEAST_SCORE } from "../../../src/main/features/batch/extract/choose.ts";
import type { Cell } from "../../../src/main/features/batch/extract/document-view.ts";
import type { Token } from "../../../src/main/features/batch/extract/tokens.ts";
import type { Recipe } from "../../../src/shared/contract/recipe.ts";
import { Rule } from "../../../src/shared/contract/recipe.ts";
import { builtInRecipe } from "../../helpers/batch-views.ts";
import { seeded } from "../../helpers/random-text.ts";

const cell: Cell = { start: 0, end: 9, text: "", page: 1, x0: 0, x1: 9, y0: 0, y1: 9, line: 0 };
let place = 0;
/** A place of its own that holds the value. */
const at = (value: number | string, score: number): Candidate => {
  place += 10;
  return { value, score, cell, start: place, end: place + 5, evidence: { relation: "right", exactness: 1, strong: true } };
};
const amount = (value: number, strong = true): Token => ({ kind: "amount", value, start: 9_000 + value, end: 9_001 + value, cell, strong });
const recipeWith = (...rules: unknown[]): Recipe => ({ ...builtInRecipe("generic"), rules: rules.map((rule) => Rule.parse(rule)) });
const sum = { rule: "sum", total: "total", parts: ["net", "tax"] };

function chosenBy(recipe: Recipe, lists: Record<string, Candidate[]>, amounts: Token[] = []) {
  const { chosen, agreed } = choose(recipe, new Map(Object.entries(lists)), amounts);
  return { values: Object.fromEntries([...chosen].map(([field, { value }]) => [field, value])), agreed: [...agreed].sort() };
}

describe("the choice of each field alone", () => {
  // Catches: a guess without grounds that is written into a record.
  it("is its first place that is more than a guess", () => {
    const { values } = chosenBy(recipeWith(), {
      sure: [at("a", 0.9), at("b", 0.8)],
      weak: [at("c", LEAST_SCORE - 0.01)],
      edge: [at("d", LEAST_SCORE)],
      none: [],
    });
    expect(values).toEqual({ sure: "a", edge: "d" });
  });
});

describe("fields that a sum joins", () => {
  // Catches: the subtotal of a page taken for that of the invoice although another one makes the sum right.
  it("are chosen together where their best places do not add up", () => {
    expect(
      chosenBy(recipeWith(sum), { total: [at(120, 0.9)], net: [at(40, 0.8), at(60, 0.78), at(100, 0.7)], tax: [at(20, 0.8)] }),
    ).toEqual({ values: { total: 120, net: 100, tax: 20 }, agreed: ["net", "tax", "total"] });
  });

  it("are the best of several that add up", () => {
    const { values } = chosenBy(recipeWith(sum), {
      total: [at(30, 0.5), at(120, 0.9)],
      net: [at(100, 0.8), at(25, 0.5)],
      tax: [at(20, 0.8), at(5, 0.5)],
    });
    expect(values).toEqual({ total: 120, net: 100, tax: 20 });
  });

  // Catches: three chance numbers that add up and push out what stands beside clear labels.
  it("stay as they are where what adds up is far worse", () => {
    const worst = LEAST_SCORE + 0.01;
    const { values, agreed } = chosenBy(recipeWith(sum), {
      total: [at(119, 1.3), at(30, worst)],
      net: [at(100, 1.3), at(25, worst)],
      tax: [at(20, 1.3), at(5, worst)],
    });
    expect([values, agreed]).toEqual([{ total: 119, net: 100, tax: 20 }, []]);
  });

  // Catches: a record that says that its sum is right though nothing was added.
  it("are not agreed where they do not add up, and their own best are kept", () => {
    expect(chosenBy(recipeWith(sum), { total: [at(121, 0.9)], net: [at(100, 0.9)], tax: [at(20, 0.9)] })).toEqual({
      values: { total: 121, net: 100, tax: 20 },
      agreed: [],
    });
  });

  it.each([
    [120.02, true],
    [119.98, true],
    [120.03, false],
    [119.97, false],
  ])("may differ by what the recipe allows: %s", (total, agrees) => {
    expect(chosenBy(recipeWith(sum), { total: [at(total, 0.9)], net: [at(100, 0.9)], tax: [at(20, 0.9)] }).agreed).toHaveLength(
      agrees ? 3 : 0,
    );
  });

  // Catches: floating point that makes ten and twenty cents differ from thirty.
  it("are added as money is", () => {
    const strict = { ...sum, tolerance: 0 };
    expect(chosenBy(recipeWith(strict), { total: [at(0.3, 0.9)], net: [at(0.1, 0.9)], tax: [at(0.2, 0.9)] }).agreed).toHaveLength(3);
  });

  it("add up below zero, too", () => {
    expect(chosenBy(recipeWith(sum), { total: [at(-120, 0.9)], net: [at(-100, 0.9)], tax: [at(-20, 0.9)] }).agreed).toHaveLength(3);
  });

  // Catches: a tax without a label that is left empty although the sum says which number it is.
  it("find one that has no label among the amounts that are money", () => {
    const lists = { total: [at(120, 0.9)], net: [at(100, 0.9)], tax: [] };
    expect(chosenBy(recipeWith(sum), lists, [amount(7), amount(20), amount(33)])).toEqual({
      values: { total: 120, net: 100, tax: 20 },
      agreed: ["net", "tax", "total"],
    });
    // A plain number may be anything.
    expect(chosenBy(recipeWith(sum), lists, [amount(20, false)]).values).toEqual({ total: 120, net: 100 });
  });

  // Catches: two unknown numbers of which any pair that fits is believed.
  it("find no more than one without a label", () => {
    const lists = { total: [at(120, 0.9)], net: [], tax: [] };
    expect(chosenBy(recipeWith(sum), lists, [amount(100), amount(20)])).toEqual({ values: { total: 120 }, agreed: [] });
  });

  it("are left alone where a column of a table is meant, which is no single value", () => {
    const lines = { rule: "sum", total: "total", parts: ["lines.amount"] };
    expect(chosenBy(recipeWith(lines), { total: [at(120, 0.9)] }).values).toEqual({ total: 120 });
  });

  // Catches: the tax of one rate, or of the line above, that passes for the whole because it happens to fit a guess.
  it("do not agree on a guess", () => {
    const { values, agreed } = chosenBy(recipeWith(sum), {
      total: [at(33, 0.9), at(15, LEAST_SCORE - 0.05)],
      net: [at(10, 0.9)],
      tax: [at(5, 0.9)],
    });
    expect({ values, agreed }).toEqual({ values: { total: 33, net: 10, tax: 5 }, agreed: [] });
  });

  it("are told nowhere where several of one field make up the total", () => {
    const rates = { total: [at(33, 0.9)], net: [at(10, 0.9), at(18, 0.9)], tax: [at(2, 0.9), at(3, 0.9)] };
    expect(chosenBy(recipeWith(sum), rates)).toEqual({ values: { total: 33 }, agreed: ["total"] });
    const one = { total: [at(33, 0.9)], net: [at(28, 0.9)], tax: [at(2, 0.9), at(3, 0.9)] };
    expect(chosenBy(recipeWith(sum), one)).toEqual({ values: { total: 33, net: 28 }, agreed: ["net", "total"] });
  });

  // Catches: ten parts with dozens of places each, whose combinations take until tomorrow.
  it("are tried with a few places each", () => {
    const best = Array.from({ length: 60 }, (_, index) => at(index + 0.5, 0.9 - index * 0.001));
    const { agreed, values } = chosenBy(recipeWith(sum), { total: [...best, at(1_000, 0.5)], net: [at(400, 0.9)], tax: [at(600, 0.9)] });
    expect(agreed).toEqual([]);
    expect(values["total"]).toBe(0.5);
  });

  // Catches: fields said to agree although they do not, whatever the places are.
  it("agree only where their values do add up", () => {
    const random = seeded(5);
    const pick = () => Array.from({ length: 1 + Math.floor(random() * 5) }, () => at(Math.floor(random() * 20), 0.3 + random() * 0.6));
    let agreements = 0;
    for (let round = 0; round < 400; round += 1) {
      const lists = { total: pick(), net: pick(), tax: pick() };
      for (const list of Object.values(lists)) list.sort((a, b) => b.score - a.score);
      const { values, agreed } = chosenBy(recipeWith(sum), lists);
      // The total alone agrees where it is made up of several of one field.
      if (!agreed.includes("net") || !agreed.includes("tax")) continue;
      agreements += 1;
      expect(Number(values["net"]) + Number(values["tax"])).toBeCloseTo(Number(values["total"]), 1);
    }
    expect(agreements).toBeGreaterThan(50);
  });
});

describe("dates that follow each other", () => {
  const order = { rule: "date-order", fields: ["date", "due"] };

  // Catches: a day to pay before the invoice was written, with the right one standing second.
  it("take the next place that is not before the first", () => {
    expect(
      chosenBy(recipeWith(order), { date: [at("2024-03-05", 0.9)], due: [at("2024-02-01", 0.9), at("2024-04-04", 0.85)] }).values,
    ).toEqual({
      date: "2024-03-05",
      due: "2024-04-04",
    });
  });

  it.each([
    ["far less likely", at("2024-04-04", 0.6)],
    ["earlier as well", at("2024-03-04", 0.89)],
  ])("stay as they were where the next place is %s", (_, next) => {
    expect(chosenBy(recipeWith(order), { date: [at("2024-03-05", 0.9)], due: [at("2024-02-01", 0.9), next] }).values["due"]).toBe(
      "2024-02-01",
    );
  });

  it("may be one day", () => {
    expect(
      chosenBy(recipeWith(order), { date: [at("2024-03-05", 0.9)], due: [at("2024-03-05", 0.8), at("2024-04-01", 0.79)] }).values["due"],
    ).toBe("2024-03-05");
  });

  it("say nothing where one of them is missing", () => {
    expect(chosenBy(recipeWith(order), { due: [at("2024-02-01", 0.9), at("2024-04-04", 0.9)], date: [] }).values).toEqual({
      due: "2024-02-01",
    });
  });

  // Catches: a third date compared with a second one that was replaced a moment before.
  it("are settled one after the other", () => {
    const three = { rule: "date-order", fields: ["a", "b", "c"] };
    expect(
      chosenBy(recipeWith(three), {
        a: [at("2024-03-01", 0.9)],
        b: [at("2024-01-01", 0.9), at("2024-05-01", 0.88)],
        c: [at("2024-04-01", 0.9), at("2024-06-01", 0.88)],
      }).values,
    ).toEqual({ a: "2024-03-01", b: "2024-05-01", c: "2024-06-01" });
  });
});
