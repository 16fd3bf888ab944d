import type { FieldKind, FieldSchema, Recipe } from "../../../../shared/contract/recipe.ts";
import { fieldsOfRule } from "../../../../shared/fields-of-rule.ts";

export type FieldLine = {
  name: string;
  kind: string;
  required: boolean;
  labels: readonly string[];
  description: string;
  columns: string[];
};

/** The fields of a recipe as lines of a table. */
export function fieldLines({ schema }: Recipe): FieldLine[] {
  return Object.entries(schema.properties).map(([name, field]) => ({
    name,
    kind: kindWord(field),
    required: schema.required?.includes(name) ?? false,
    labels: field["x-labels"] ?? [],
    description: field.description ?? "",
    columns: field.type === "array" && field.items.type === "object" ? Object.keys(field.items.properties) : [],
  }));
}

export function kindWord(field: FieldSchema): string {
  if (field.type === "array") return field.items.type === "object" ? "table" : "list";
  return field["x-kind"] ?? (field.format === "date" ? "date" : String(Array.isArray(field.type) ? field.type[0] : field.type));
}

/** The form of a value of a kind, which may be missing in a document. */
function schemaOf(kind: FieldKind): FieldSchema {
  const isNumber = kind === "amount" || kind === "number";
  const type = isNumber ? "number" : kind === "boolean" ? "boolean" : "string";
  return { type: [type, "null"], "x-kind": kind, ...(kind === "date" ? { format: "date" } : {}) };
}

const withProperties = (recipe: Recipe, properties: Recipe["schema"]["properties"]): Recipe => ({
  ...recipe,
  schema: {
    ...recipe.schema,
    properties,
    ...(recipe.schema.required ? { required: recipe.schema.required.filter((name) => name in properties) } : {}),
  },
});

/** Adds a field, or gives one another kind; labels and description stay. */
export function putField(recipe: Recipe, name: string, kind: FieldKind): Recipe {
  const { "x-labels": labels, "x-not-labels": notLabels, description } = recipe.schema.properties[name] ?? {};
  const kept = {
    ...(labels ? { "x-labels": labels } : {}),
    ...(notLabels ? { "x-not-labels": notLabels } : {}),
    ...(description ? { description } : {}),
  };
  const next = withProperties(recipe, { ...recipe.schema.properties, [name]: { ...schemaOf(kind), ...kept } });
  return next.schema.required && !next.schema.required.includes(name)
    ? { ...next, schema: { ...next.schema, required: [...next.schema.required, name] } }
    : next;
}

/** Takes a field out, with the rules that need it. */
export function dropField(recipe: Recipe, name: string): Recipe {
  const { [name]: _, ...properties } = recipe.schema.properties;
  const needs = (text: string) => text === name || text.startsWith(`${name}.`);
  const rules = recipe.rules.filter((rule) => !fieldsOfRule(rule).some(needs));
  const without = (names: readonly string[]) => names.filter((one) => one !== name);
  return {
    ...withProperties(recipe, properties),
    rules,
    identity: without(recipe.identity),
    split: { ...recipe.split, fields: without(recipe.split.fields) },
  };
}

/** The labels of a field, from a text with commas. */
export function setLabels(recipe: Recipe, name: string, text: string): Recipe {
  const field = recipe.schema.properties[name];
  if (!field) return recipe;
  const labels = text
    .split(",")
    .map((label) => label.trim())
    .filter(Boolean);
  const { "x-labels": _, ...others } = field;
  return withProperties(recipe, { ...recipe.schema.properties, [name]: labels.length > 0 ? { ...others, "x-labels": labels } : others });
}
