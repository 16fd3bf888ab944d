import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { AppError } from "../../../../shared/errors.ts";
import { parseRecipe } from "./parse-recipe.ts";

/** The recipes that come with Croft. @throws INTERNAL when one of them is broken */
export async function readBuiltInRecipes(resources: string): Promise<Map<string, Recipe>> {
  const folder = join(resources, "recipes");
  const recipes = new Map<string, Recipe>();
  for (const file of (await readdir(folder)).filter((name) => name.endsWith(".json")).sort()) {
    const { recipe, problems } = parseRecipe(await readFile(join(folder, file), "utf8"));
    if (!recipe)
      throw new AppError("INTERNAL", `The recipe ${file} of this installation is broken: ${problems[0]?.path} ${problems[0]?.message}.`);
    recipes.set(recipe.name, recipe);
  }
  return recipes;
}
