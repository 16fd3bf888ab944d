import type { Fields, FieldValue } from "../../../../shared/contract/batch.ts";
import type { Recipe, ScalarSchema } from "../../../../shared/contract/recipe.ts";
import { kindOf } from "../extract/parse-value.ts";
import { withValues } from "../validate/values.ts";

/** A record as its recipe lets it be seen: personal data kept, masked or dropped by kind. */
export function withPolicy(fields: Fields, { schema, pii }: Recipe): Fields {
  if (Object.values(pii).every((policy) => policy === "keep")) return fields;
  return withValues(fields, (path, value) => {
    const column = schemaAt(schema, path);
    const kind = column && kindOf(column);
    const policy = kind !== undefined && Object.hasOwn(pii, kind) ? pii[kind as keyof typeof pii] : "keep";
    return policy === "keep" || value.value === null ? value : hidden(value, policy === "mask" ? mask(String(value.value)) : null);
  });
}

/** Neither the text nor other readings tell what is hidden; where it stands may be known. */
function hidden({ raw: _raw, alternatives: _alternatives, flags, ...rest }: FieldValue, value: string | null): FieldValue {
  return { ...rest, value, flags: flags.map(({ rule }) => ({ rule, message: "Hidden by the recipe." })) };
}

/** The first and the last two letters and digits stay, so that equal values can be told to be equal. */
function mask(text: string): string {
  const shown = text.replaceAll(/[^\p{L}\d]/gu, "").length > 6 ? 2 : 0;
  const letters = [...text.matchAll(/[\p{L}\d]/gu)].map(({ index }) => index);
  const kept = new Set([...letters.slice(0, shown), ...(shown > 0 ? letters.slice(-shown) : [])]);
  return text.replaceAll(/[\p{L}\d]/gu, (character, index: number) => (kept.has(index) ? character : "•"));
}

export function schemaAt(schema: Recipe["schema"], path: string): ScalarSchema | undefined {
  const [name = "", , column] = path.split(".");
  const field = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  if (field?.type !== "array") return field;
  if (field.items.type !== "object") return field.items;
  return column !== undefined && Object.hasOwn(field.items.properties, column) ? field.items.properties[column] : undefined;
}
