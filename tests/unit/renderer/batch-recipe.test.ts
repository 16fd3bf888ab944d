import { describe, expect, test } from "vitest";
import { describeRule } from "../../../src/renderer/features/batch/recipe/describe-rule.ts";
import { messages } from "../../../src/renderer/features/batch/messages.ts";
import { dropField, fieldLines, kindWord, putField, setLabels } from "../../../src/renderer/features/batch/recipe/recipe-fields.ts";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";
import { FieldSchema, Recipe, type Rule } from "../../../src/shared/contract/recipe.ts";
import { fieldKinds } from "../../../src/shared/field-kinds.ts";
import { builtInRecipe } from "../../helpers/batch-views.ts";
import { seeded } from "../../helpers/random-text.ts";

const say = wordsIn(messages, "en");
const builtIn = ["contract", "generic", "invoice", "meeting-notes", "receipt", "resume"] as const;

const small = (more: Partial<Recipe> = {}): Recipe =>
  Recipe.parse({
    format: "croft.recipe/1",
    name: "order",
    title: "Order",
    schema: {
      type: "object",
      properties: {
        number: {
          type: ["string", "null"],
          "x-kind": "id",
          "x-labels": ["No.", "Order"],
          "x-not-labels": ["Phone"],
          description: "Its number",
        },
        total: { type: ["number", "null"], "x-kind": "amount" },
        net: { type: ["number", "null"], "x-kind": "amount" },
        day: { type: ["string", "null"], format: "date" },
        lines: {
          type: "array",
          items: { type: "object", properties: { amount: { type: ["number", "null"] }, note: { type: ["string", "null"] } } },
        },
        tags: { type: "array", items: { type: "string" } },
      },
      required: ["number", "total"],
    },
    ...more,
  });

const propertyNames = (recipe: Recipe) => Object.keys(recipe.schema.properties);

describe("the kinds of fields", () => {
  // Catches: a kind that is offered twice.
  test("offered are each once", () => {
    expect(new Set(fieldKinds).size).toBe(fieldKinds.length);
  });

  // Catches: an array or an object shown as the word of JSON Schema.
  test("are words, also of fields that have no kind of their own", () => {
    expect(fieldLines(small()).map(({ name, kind }) => [name, kind])).toEqual([
      ["number", "id"],
      ["total", "amount"],
      ["net", "amount"],
      ["day", "date"],
      ["lines", "table"],
      ["tags", "list"],
    ]);
    expect(kindWord({ type: "boolean" })).toBe("boolean");
    expect(kindWord({ type: ["integer", "null"] })).toBe("integer");
  });

  // Catches: the kind of a list's entries winning over its being a list.
  test("say that a list is a list, whatever is in it", () => {
    expect(kindWord({ type: "array", "x-kind": "email", items: { type: "string", format: "email" } })).toBe("list");
  });
});

describe("the lines of a recipe", () => {
  test("tell what is required, how it is labelled, and the columns of a table alone", () => {
    const lines = fieldLines(small());
    expect(lines.filter(({ required }) => required).map(({ name }) => name)).toEqual(["number", "total"]);
    expect(lines[0]).toMatchObject({ labels: ["No.", "Order"], description: "Its number", columns: [] });
    expect(lines.find(({ name }) => name === "lines")?.columns).toEqual(["amount", "note"]);
    expect(lines.find(({ name }) => name === "tags")?.columns).toEqual([]);
  });

  test("of a recipe that requires nothing are all optional", () => {
    const { required: _, ...schema } = small().schema;
    expect(fieldLines({ ...small(), schema }).some(({ required }) => required)).toBe(false);
  });

  test.each(builtIn)("of %s are its fields in their order, none without a kind", (name) => {
    const recipe = builtInRecipe(name);
    const lines = fieldLines(recipe);
    expect(lines.map((line) => line.name)).toEqual(propertyNames(recipe));
    for (const { kind } of lines) expect(["table", "list", "integer", "string", ...fieldKinds]).toContain(kind);
  });
});

describe("a field that is put into a recipe", () => {
  // Catches: a form of a kind that core refuses when the recipe is saved.
  test.each(fieldKinds)("of the kind %s has a form that core takes, shows that kind, and may be missing in a document", (kind) => {
    const recipe = putField(small(), "extra", kind);
    const field = recipe.schema.properties["extra"];
    expect(FieldSchema.safeParse(field).success).toBe(true);
    expect(field && kindWord(field)).toBe(kind);
    expect(field?.type).toContain("null");
    expect(propertyNames(recipe).at(-1)).toBe("extra");
  });

  // Catches: an amount read as text, so that no sum can be checked.
  test("holds a number, a truth or text, as its kind says", () => {
    const typeOf = (kind: (typeof fieldKinds)[number]) => putField(small(), "x", kind).schema.properties["x"]?.type[0];
    expect(fieldKinds.filter((kind) => typeOf(kind) === "number")).toEqual(["amount", "number"]);
    expect(fieldKinds.filter((kind) => typeOf(kind) === "boolean")).toEqual(["boolean"]);
  });

  // Catches: labels lost when only the kind was changed, and a field that moves down the list.
  test("keeps labels, description and place when only its kind changes", () => {
    const before = small();
    const after = putField(before, "number", "text");
    expect(propertyNames(after)).toEqual(propertyNames(before));
    expect(after.schema.properties["number"]).toEqual({
      type: ["string", "null"],
      "x-kind": "text",
      "x-labels": ["No.", "Order"],
      "x-not-labels": ["Phone"],
      description: "Its number",
    });
    expect(after.schema.required).toEqual(["number", "total"]);
  });

  test("takes the form of a date with it, and leaves it behind with the next kind", () => {
    const dated = putField(small(), "total", "date");
    expect(dated.schema.properties["total"]).toMatchObject({ format: "date" });
    expect(putField(dated, "total", "amount").schema.properties["total"]).not.toHaveProperty("format");
  });

  test("does not change the recipe that is on screen", () => {
    const before = small();
    const copy = structuredClone(before);
    putField(before, "number", "amount");
    putField(before, "more", "amount");
    dropField(before, "total");
    setLabels(before, "number", "a, b");
    expect(before).toEqual(copy);
  });
});

describe("a field that is taken out", () => {
  const withRules = (rules: Rule[]) => small({ rules });
  const left = (rules: Rule[], name: string) => dropField(withRules(rules), name).rules.length;

  // Catches: a rule that names a field that is gone, for which core refuses the whole recipe.
  test.each<[string, Rule, string[]]>([
    ["sum", { rule: "sum", total: "total", parts: ["lines.amount"], or: ["net"], tolerance: 0 }, ["total", "lines", "net"]],
    ["product", { rule: "product", result: "total", factors: ["net", "lines.amount"], tolerance: 0 }, ["total", "net", "lines"]],
    ["date-order", { rule: "date-order", fields: ["day", "number"] }, ["day", "number"]],
    ["required", { rule: "required", field: "net" }, ["net"]],
    ["required when", { rule: "required", field: "net", when: { field: "total" } }, ["net", "total"]],
    ["pattern", { rule: "pattern", field: "number", pattern: "." }, ["number"]],
    ["iban", { rule: "iban", field: "number" }, ["number"]],
    ["vat", { rule: "vat", field: "number" }, ["number"]],
    ["compare", { rule: "compare", left: "net", operator: "<=", right: "total" }, ["net", "total"]],
    ["range", { rule: "range", field: "total", minimum: 0 }, ["total"]],
    ["lookup", { rule: "lookup", field: "number", file: "f.csv", column: "c", same: { net: "n" } }, ["number", "net"]],
  ])("takes the rule %s with it for each field that it names, and for no other", (_, rule, needed) => {
    for (const name of propertyNames(small())) expect(left([rule], name), name).toBe(needed.includes(name) ? 0 : 1);
  });

  test("is told from another whose name begins alike", () => {
    const rules: Rule[] = [{ rule: "iban", field: "total_bank" }];
    expect(left(rules, "total")).toBe(1);
  });

  test("is no longer required, no longer tells documents apart, and splits no file", () => {
    const recipe = dropField(small({ identity: ["number", "day"], split: { by: "pages", fields: ["number"] } }), "number");
    expect(recipe.schema.required).toEqual(["total"]);
    expect(recipe.identity).toEqual(["day"]);
    expect(recipe.split).toEqual({ by: "pages", fields: [] });
    expect(propertyNames(recipe)).not.toContain("number");
  });

  // Catches: any order of changes in the editor that ends in a recipe which core would refuse.
  test.each(builtIn)("and put and labelled at random, %s stays a recipe that names only its own fields", (name) => {
    const random = seeded(name.length * 31);
    const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
    let recipe = builtInRecipe(name);
    for (let step = 0; step < 40; step += 1) {
      const field = pick(propertyNames(recipe)) ?? "first";
      const kind = pick(fieldKinds) ?? "text";
      const way = Math.floor(random() * 4);
      if (way === 0 && propertyNames(recipe).length > 1) recipe = dropField(recipe, field);
      else if (way === 1) recipe = putField(recipe, `new_${step}`, kind);
      else if (way === 2) recipe = putField(recipe, field, kind);
      else recipe = setLabels(recipe, field, "One, two ,, three");
      expect(Recipe.safeParse(recipe).success, `step ${step}`).toBe(true);
      const own = new Set(propertyNames(recipe));
      const named = [...(recipe.schema.required ?? []), ...recipe.identity, ...recipe.split.fields];
      expect(named.filter((one) => !own.has(one))).toEqual([]);
    }
  });
});

describe("labels", () => {
  const labels = (text: string) => setLabels(small(), "number", text).schema.properties["number"]?.["x-labels"];

  test("are what stands between commas, without the spaces around it and without nothing", () => {
    expect(labels(" Order no. ,, Bestell-Nr. ,")).toEqual(["Order no.", "Bestell-Nr."]);
  });

  // Catches: an empty list, which says something else to a reader than no list.
  test("that are all taken away leave no empty list behind", () => {
    expect(labels(" , ")).toBeUndefined();
    expect(small().schema.properties["number"]).toHaveProperty("x-labels");
  });

  test("of a field that is not there change nothing", () => {
    const recipe = small();
    expect(setLabels(recipe, "gone", "a")).toBe(recipe);
  });

  test("leave everything else of the field alone", () => {
    expect(setLabels(small(), "number", "x").schema.properties["number"]).toMatchObject({
      "x-kind": "id",
      "x-not-labels": ["Phone"],
      description: "Its number",
    });
  });
});

describe("a rule as a sentence", () => {
  // Catches: a rule described as another one than core checks.
  test.each<[Rule, string]>([
    [{ rule: "sum", total: "total", parts: ["net", "tax_amount"], or: [], tolerance: 0.02 }, "total = net + tax amount, within 0.02"],
    [
      { rule: "sum", total: "total", parts: ["lines.amount"], or: ["net", "gross"], tolerance: 1 },
      "total = lines · amount (or net, gross), within 1",
    ],
    [
      { rule: "product", result: "lines.amount", factors: ["lines.quantity", "lines.unit_price"], tolerance: 0 },
      "lines · amount = lines · quantity × lines · unit price, within 0",
    ],
    [{ rule: "date-order", fields: ["issued", "due_date"] }, "issued ≤ due date"],
    [{ rule: "date-order", fields: ["issued", "due"], mostDays: 90 }, "issued ≤ due, at most 90 days apart"],
    [{ rule: "required", field: "vendor_name" }, "vendor name must be there"],
    [{ rule: "required", field: "vat", when: { field: "tax" } }, "vat must be there when tax is there"],
    [{ rule: "required", field: "vat", when: { field: "country", equals: "CH" } }, "vat must be there when country is CH"],
    [{ rule: "required", field: "vat", when: { field: "taxed", equals: false } }, "vat must be there when taxed is false"],
    [{ rule: "required", field: "vat", when: { field: "rate", equals: 0 } }, "vat must be there when rate is 0"],
    [{ rule: "pattern", field: "number", pattern: "^\\d+$" }, "number has the form ^\\d+$"],
    [{ rule: "iban", field: "account" }, "account is an account number with right check digits"],
    [{ rule: "vat", field: "vat_id" }, "vat id is a VAT number with right check digits"],
    [{ rule: "compare", left: "net", operator: "!=", right: "total_due" }, "net != total due"],
    [{ rule: "range", field: "rate", minimum: 0 }, "rate lies from 0"],
    [{ rule: "range", field: "rate", maximum: 0 }, "rate lies to 0"],
    [{ rule: "range", field: "rate", minimum: 0, maximum: 100 }, "rate lies from 0 to 100"],
    [{ rule: "lookup", field: "vendor", file: "vendors.csv", column: "Name", same: {} }, "vendor stands in Name of vendors.csv"],
  ])("$rule", (rule, sentence) => {
    expect(describeRule(rule, say)).toBe(sentence);
  });

  test.each(builtIn)("the rules of %s each have one, with no gap left open and no two alike", (name) => {
    const sentences = builtInRecipe(name).rules.map((rule) => describeRule(rule, say));
    for (const sentence of sentences) {
      expect(sentence).not.toMatch(/[{}]|undefined|null/);
      expect(sentence.length).toBeGreaterThan(3);
    }
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  // Catches: a pattern with braces taken for gaps of the message and lost.
  test("says a pattern letter for letter, braces and bars too", () => {
    const pattern = "^(A|B){count}{2,3}$";
    expect(describeRule({ rule: "pattern", field: "number", pattern }, say)).toBe(`number has the form ${pattern}`);
  });
});
