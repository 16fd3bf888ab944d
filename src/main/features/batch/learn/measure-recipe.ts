import { Alternative, type RecipeMeasure } from "../../../../shared/contract/batch.ts";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { extract } from "../extract/extract.ts";
import { valueAt } from "../validate/values.ts";
import type { Case } from "./lesson-store.ts";
import type { Lesson } from "./lesson.ts";

/** Wrong cases that are listed. */
const MOST_LISTED = 100;

/**
 * Reads every document that people decided about once more, by rules and by the lessons of the other documents, and compares
 * with what they said: how well a recipe does on documents of one's own.
 */
export function measureRecipe(recipe: Recipe, cases: readonly Case[], lessons: readonly Lesson[]): RecipeMeasure {
  const fields = new Map<string, { right: number; wrong: number; missing: number }>();
  const mistakes: RecipeMeasure["mistakes"] = [];
  for (const { subject, textHash, view, decided } of cases) {
    const read = extract(view, recipe, { lessons, textHash }).fields;
    for (const [field, { action, after }] of decided) {
      const said = Alternative.safeParse(after);
      const schema = recipe.schema.properties[field];
      if (action === "flag" || !said.success || !schema || schema.type === "array") continue;
      const found = valueAt(read, field)?.value ?? null;
      const tally = fields.get(field) ?? { right: 0, wrong: 0, missing: 0 };
      fields.set(field, tally);
      const verdict = found === said.data.value ? "right" : found === null ? "missing" : "wrong";
      tally[verdict] += 1;
      if (verdict !== "right" && mistakes.length < MOST_LISTED)
        mistakes.push({ hash: subject.fileHash, part: subject.part, field, expected: said.data.value, found });
    }
  }
  return {
    recipe: { name: recipe.name, version: recipe.version },
    documents: cases.length,
    fields: [...fields].map(([field, tally]) => ({ field, ...tally })),
    mistakes,
  };
}
