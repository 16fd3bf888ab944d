import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkRecipe } from "../../../src/main/features/batch/recipes/parse-recipe.ts";
import { loadLookups, parseCsv } from "../../../src/main/features/batch/validate/lookup.ts";
import { checkRule } from "../../../src/main/features/batch/validate/rules.ts";
import { compileSchema } from "../../../src/main/features/batch/validate/schema.ts";
import { judge } from "../../../src/main/features/batch/validate/verdict.ts";
import type { Fields, FieldValue, Scalar } from "../../../src/shared/contract/batch.ts";
import { Rule } from "../../../src/shared/contract/recipe.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const value = (of: Scalar, sure = 0.99): FieldValue => ({ value: of, sure, origin: "rule", flags: [] });
const record = (values: Record<string, Scalar>, lines: Record<string, Scalar>[] = []): Fields => ({
  ...Object.fromEntries(Object.entries(values).map(([name, of]) => [name, value(of)])),
  lines: lines.map((row) => Object.fromEntries(Object.entries(row).map(([name, of]) => [name, value(of)]))),
});
const broken = (rule: unknown, fields: Fields) => checkRule(Rule.parse(rule), fields, new Map()).flatMap(({ paths }) => paths);

const sum = { rule: "sum", total: "total", parts: ["net", "tax"] };
const lines = { rule: "sum", total: "net", parts: ["lines.amount"], or: ["total"] };

describe("rules", () => {
  // Each row: the rule, the record, the values that it names. Catches: a wrong sum that passes, a right one that does not, and silence where something is missing.
  it.each([
    ["a right sum", sum, record({ total: 120, net: 100, tax: 20 }), []],
    ["a rounded sum", sum, record({ total: 120.01, net: 100, tax: 20 }), []],
    ["a wrong sum", sum, record({ total: 121, net: 100, tax: 20 }), ["total", "net", "tax"]],
    ["a sum of a credit note", sum, record({ total: -120, net: -100, tax: -20 }), []],
    ["a sum with a part missing", sum, record({ total: 120, net: null, tax: 20 }), []],
    ["lines that add up to the net sum", lines, record({ net: 30, total: 36 }, [{ amount: 10 }, { amount: 20 }]), []],
    ["lines that add up to the total", lines, record({ net: 30, total: 36 }, [{ amount: 12 }, { amount: 24 }]), []],
    [
      "lines that add up to neither",
      lines,
      record({ net: 30, total: 36 }, [{ amount: 12 }, { amount: 20 }]),
      ["net", "total", "lines.0.amount", "lines.1.amount"],
    ],
    ["no lines", lines, record({ net: 30, total: 36 }), []],
    [
      "a right product in each row",
      { rule: "product", result: "lines.amount", factors: ["lines.quantity", "lines.price"] },
      record({}, [{ amount: 6, quantity: 2, price: 3 }]),
      [],
    ],
    [
      "a wrong product in one row",
      { rule: "product", result: "lines.amount", factors: ["lines.quantity", "lines.price"] },
      record({}, [
        { amount: 6, quantity: 2, price: 3 },
        { amount: 7, quantity: 2, price: 3 },
      ]),
      ["lines.1.amount"],
    ],
    ["dates in order", { rule: "date-order", fields: ["a", "b"] }, record({ a: "2024-01-01", b: "2024-01-01" }), []],
    ["dates out of order", { rule: "date-order", fields: ["a", "b"] }, record({ a: "2024-02-01", b: "2024-01-01" }), ["a", "b"]],
    [
      "dates too far apart",
      { rule: "date-order", fields: ["a", "b"], mostDays: 30 },
      record({ a: "2024-01-01", b: "2025-01-01" }),
      ["a", "b"],
    ],
    ["what is required and there", { rule: "required", field: "a" }, record({ a: 0 }), []],
    ["what is required and null", { rule: "required", field: "a" }, record({ a: null }), ["a"]],
    ["what is required when another is there", { rule: "required", field: "a", when: { field: "b" } }, record({ a: null, b: 1 }), ["a"]],
    [
      "what is not required, since the other is null",
      { rule: "required", field: "a", when: { field: "b" } },
      record({ a: null, b: null }),
      [],
    ],
    [
      "what is required when another has a value",
      { rule: "required", field: "a", when: { field: "b", equals: "x" } },
      record({ a: null, b: "y" }),
      [],
    ],
    ["a pattern that holds", { rule: "pattern", field: "a", pattern: "^\\d{3}$" }, record({ a: "123" }), []],
    ["a pattern that does not", { rule: "pattern", field: "a", pattern: "^\\d{3}$" }, record({ a: "1234" }), ["a"]],
    ["a broken IBAN", { rule: "iban", field: "a" }, record({ a: "DE89370400440532013001" }), ["a"]],
    ["a broken VAT number", { rule: "vat", field: "a" }, record({ a: "DE136695977" }), ["a"]],
    ["a comparison", { rule: "compare", left: "a", operator: "<=", right: "b" }, record({ a: 2, b: 1 }), ["a", "b"]],
    ["a range", { rule: "range", field: "a", minimum: 0 }, record({ a: -1 }), ["a"]],
  ])("judge %s", (_, rule, fields, paths) => {
    expect(broken(rule, fields)).toEqual(paths);
  });
});

describe("lookups", () => {
  const recipeWith = (file: string, same: Record<string, string> = {}) => {
    const { recipe } = checkRecipe({
      format: "croft.recipe/1",
      name: "x",
      title: "x",
      schema: { type: "object", properties: { vendor: { type: "string" }, iban: { type: ["string", "null"] } } },
      rules: [{ rule: "lookup", field: "vendor", file, column: "Name", same }],
    });
    if (!recipe) throw new Error("the recipe is refused");
    return recipe;
  };

  it("finds a value without regard to case and marks, and compares the rest of its row", async () => {
    const file = join(temporaryFolder(), "vendors.csv");
    writeFileSync(file, '\ufeffName;IBAN\n"Alder & Finch, Ltd.";DE89370400440532013000\n');
    const recipe = recipeWith(file, { iban: "IBAN" });
    const tables = await loadLookups(recipe);
    const check = (fields: Fields) => recipe.rules.flatMap((rule) => checkRule(rule, fields, tables)).flatMap(({ paths }) => paths);
    expect(check(record({ vendor: "ALDER & FINCH LTD", iban: "DE89 3704 0044 0532 0130 00" }))).toEqual([]);
    expect(check(record({ vendor: "Alder & Finch Ltd", iban: "GB29NWBK60161331926819" }))).toEqual(["iban"]);
    expect(check(record({ vendor: "Somebody", iban: null }))).toEqual(["vendor"]);
  });

  it("refuses a list that is not there or lacks the column, before anything is read", async () => {
    const file = join(temporaryFolder(), "vendors.csv");
    await expect(loadLookups(recipeWith(file))).rejects.toMatchObject({ code: "NOT_FOUND" });
    writeFileSync(file, "Other\nx\n");
    await expect(loadLookups(recipeWith(file))).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("reads quotes, line breaks and empty lines as RFC 4180 has them", () => {
    expect(parseCsv('a,b\r\n"x ""y""","1\n2"\r\n\r\nz,\r\n')).toEqual([
      ["a", "b"],
      ['x "y"', "1\n2"],
      ["z", ""],
    ]);
  });
});

describe("the verdict", () => {
  const { recipe } = checkRecipe({
    format: "croft.recipe/1",
    name: "x",
    title: "x",
    schema: {
      type: "object",
      properties: { code: { type: ["string", "null"], pattern: "^[A-Z]{3}$" }, total: { type: ["number", "null"], maximum: 10 } },
      required: ["code", "total"],
    },
  });
  if (!recipe) throw new Error("the recipe is refused");
  const checks = { schema: compileSchema(recipe.schema), lookups: new Map() };

  it("flags what the schema refuses, and what is not sure, at their fields", () => {
    const { fields, flags } = judge({ code: value("abc"), total: value(12, 0.3) }, recipe, checks);
    expect(Object.entries(fields).map(([name, field]) => [name, Array.isArray(field) ? [] : field.flags.map(({ rule }) => rule)])).toEqual([
      ["code", ["schema"]],
      ["total", ["schema", "unsure"]],
    ]);
    expect(flags).toEqual([]);
  });

  // Catches: a wrong amount that is as sure as before although its sum is wrong, and passes a threshold of confidence.
  it("leaves values of a broken rule less sure, those of a person and of rules that hold as they were", () => {
    const rules = [Rule.parse({ rule: "sum", total: "total", parts: ["net", "tax"] })];
    const sure = (net: FieldValue) => {
      const { fields } = judge({ total: value(10), net, tax: value(2), code: value("ABC") }, { ...recipe, rules }, checks);
      return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, Array.isArray(field) ? undefined : field.sure]));
    };
    expect(sure(value(8))).toEqual({ total: 0.99, net: 0.99, tax: 0.99, code: 0.99 });
    expect(sure(value(7))).toEqual({ total: 0.594, net: 0.594, tax: 0.594, code: 0.99 });
    expect(sure({ ...value(7), sure: 1, origin: "person" })).toMatchObject({ net: 1, total: 0.594 });
  });

  // Catches: a record that becomes less sure each time that somebody looks at it.
  it("is the same however often it is asked for", () => {
    const reading = { code: value("abc"), total: value(12) };
    expect(judge(reading, recipe, checks)).toEqual(judge(reading, recipe, checks));
    expect(reading).toEqual({ code: value("abc"), total: value(12) });
  });

  it("lets nulls be", () => {
    const { fields, flags } = judge({ code: value(null, 0.2), total: value(null, 0.2) }, recipe, checks);
    expect(Object.values(fields).every((field) => !Array.isArray(field) && field.flags.length === 0)).toBe(true);
    expect(flags).toEqual([]);
  });
});
