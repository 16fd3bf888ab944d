import type { Decision, Fields } from "../../../../shared/contract/batch.ts";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { fold } from "../extract/labels.ts";
import { loadLookups } from "../validate/lookup.ts";
import type { Lookups } from "../validate/rules.ts";
import { compileSchema, type SchemaCheck } from "../validate/schema.ts";
import { valueAt } from "../validate/values.ts";
import { judge } from "../validate/verdict.ts";
import { stand, type Standing, standing, withDecisions } from "./overlay.ts";

/** All that judging records of one recipe needs, made once. */
export type Judge = {
  recipe: Recipe;
  /** @returns the record with decisions, flags and state, and what it is the same document by */
  (reading: Fields, decisions: readonly Decision[], sampled: boolean): Standing & { identity: string | undefined };
};

/** @throws NOT_FOUND FILE_TOO_LARGE INVALID_INPUT for a list that the recipe names and that cannot be used */
export async function createJudge(recipe: Recipe): Promise<Judge> {
  const checks: { schema: SchemaCheck; lookups: Lookups } = { schema: compileSchema(recipe.schema), lookups: await loadLookups(recipe) };
  const judgeRecord = (reading: Fields, decisions: readonly Decision[], sampled: boolean) => {
    const decided = standing(decisions);
    const stood = stand(judge(withDecisions(reading, decided), recipe, checks), decided, sampled);
    return { ...stood, identity: identityOf(stood.fields, recipe) };
  };
  return Object.assign(judgeRecord, { recipe });
}

/** The fields of the recipe's identity without case and marks; undefined while one of them is lacking. */
function identityOf(fields: Fields, { identity }: Recipe): string | undefined {
  const parts = identity.map((name) => valueAt(fields, name)?.value);
  if (parts.length === 0 || parts.some((part) => part === null || part === undefined)) return undefined;
  return parts.map((part) => fold(String(part)).replaceAll(/[^\p{L}\d]/gu, "")).join("|");
}
