import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkRecipe, parseRecipe, recipeHash } from "../../../src/main/features/batch/recipes/parse-recipe.ts";
import { createRecipeStore } from "../../../src/main/features/batch/recipes/recipe-store.ts";
import type { Recipe } from "../../../src/shared/contract/recipe.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const folder = join(import.meta.dirname, "../../../resources/recipes");
const small = {
  format: "croft.recipe/1",
  name: "small",
  title: "Small",
  schema: { type: "object", properties: { total: { type: ["number", "null"] }, day: { type: ["string", "null"], format: "date" } } },
};
const parsed = (value: unknown): Recipe => {
  const { recipe } = checkRecipe(value);
  if (!recipe) throw new Error("the recipe is refused");
  return recipe;
};

describe("the recipes that come with Croft", () => {
  it("are the six that are promised", () => {
    expect(readdirSync(folder).sort()).toEqual([
      "contract.json",
      "generic.json",
      "invoice.json",
      "meeting-notes.json",
      "receipt.json",
      "resume.json",
    ]);
  });

  it.each(readdirSync(folder))("%s is a recipe", (file) => {
    expect(parseRecipe(readFileSync(join(folder, file), "utf8")).problems).toEqual([]);
  });

  // Scripts build on these names.
  it("give invoices the fields that the command line promises", () => {
    const { properties } = parsed(JSON.parse(readFileSync(join(folder, "invoice.json"), "utf8"))).schema;
    expect(Object.keys(properties)).toEqual([
      "vendor",
      "invoice_number",
      "date",
      "due_date",
      "currency",
      "net",
      "tax",
      "total",
      "vat_id",
      "iban",
      "lines",
    ]);
  });
});

describe("a recipe from elsewhere", () => {
  // Catches: something in a shared file that runs, hangs, reaches a prototype or is quietly ignored.
  it.each([
    ["no JSON", "{", ""],
    ["another form", JSON.stringify({ ...small, format: "croft.recipe/9" }), "format"],
    ["an unknown key", JSON.stringify({ ...small, run: "rm" }), ""],
    ["a name with a path in it", JSON.stringify({ ...small, name: "../../x" }), "name"],
    [
      "a field called like the prototype's",
      JSON.stringify({ ...small, schema: { type: "object", properties: { constructor: { type: "string" } } } }),
      "schema.properties",
    ],
    [
      "__proto__",
      `{"format":"croft.recipe/1","name":"x","title":"x","schema":{"type":"object","properties":{"__proto__":{"type":"string"}},"required":["a"]}}`,
      "schema.required",
    ],
    [
      "a reference to elsewhere",
      JSON.stringify({ ...small, schema: { type: "object", properties: { a: { $ref: "https://example.com/x" } } } }),
      "schema.properties.a",
    ],
    ["a rule about a field that is not there", JSON.stringify({ ...small, rules: [{ rule: "iban", field: "account" }] }), "rules.0"],
    ["an unknown rule", JSON.stringify({ ...small, rules: [{ rule: "script", code: "1" }] }), "rules.0.rule"],
    [
      "a pattern that cannot be matched in linear time",
      JSON.stringify({ ...small, rules: [{ rule: "pattern", field: "day", pattern: "(?=a)" }] }),
      "rules.0.pattern",
    ],
    [
      "a pattern in the schema that cannot be",
      JSON.stringify({ ...small, schema: { type: "object", properties: { a: { type: "string", pattern: "\\1" } } } }),
      "schema.properties.a.pattern",
    ],
    [
      "too many fields",
      JSON.stringify({
        ...small,
        schema: { type: "object", properties: Object.fromEntries(Array.from({ length: 61 }, (_, at) => [`f${at}`, { type: "string" }])) },
      }),
      "schema.properties",
    ],
    ["a huge text", `"${"x".repeat(1_100_000)}"`, ""],
    ["a number", "12", ""],
  ])("with %s is refused with the reason", (_, text, path) => {
    const { recipe, problems } = parseRecipe(text);
    expect(recipe).toBeUndefined();
    expect(problems[0]?.path.startsWith(path)).toBe(true);
    expect(problems[0]?.message.length).toBeGreaterThan(5);
  });
});

describe("the store of recipes", () => {
  it("keeps every version, and none twice", () => {
    const store = createRecipeStore(temporaryTruth(), new Map());
    const first = store.save(parsed(small));
    expect(store.save(parsed(small)).version).toBe(first.version);
    const second = store.save(parsed({ ...small, title: "Other" }));
    expect(second.version).toBe(2);
    expect(store.get("small").recipe.title).toBe("Other");
    expect(store.get("small", 1).recipe.title).toBe("Small");
    expect(store.list()).toMatchObject([{ name: "small", version: 2, versions: [1, 2], builtIn: false }]);
    store.remove("small");
    expect(() => store.get("small")).toThrowError(expect.objectContaining({ code: "NOT_FOUND" }));
    // A run that used it can still show it.
    expect(store.get("small", 1).recipe.name).toBe("small");
    // A removed number is not given again: keys of records hold it.
    expect(store.save(parsed(small)).version).toBe(3);
  });

  it("numbers a changed built-in recipe after its own and never loses that", () => {
    const given = parsed(small);
    const store = createRecipeStore(temporaryTruth(), new Map([["small", given]]));
    expect(store.save(parsed({ ...small, title: "Mine" })).version).toBe(2);
    store.remove("small");
    expect(store.get("small").recipe).toEqual(given);
    expect(() => store.remove("small")).toThrowError(expect.objectContaining({ code: "CONFLICT" }));
  });

  // Catches: work that is repeated since a title changed, or not repeated though a rule did.
  it("hashes what decides the reading and nothing else", () => {
    const hash = recipeHash(parsed(small));
    expect(recipeHash(parsed({ ...small, title: "Other", description: "x", concurrency: 5 }))).toBe(hash);
    expect(recipeHash(parsed({ ...small, rules: [{ rule: "required", field: "total" }] }))).not.toBe(hash);
    expect(recipeHash(parsed({ ...small, ocr: { mode: "never" } }))).not.toBe(hash);
  });
});
