import type { RecipeInfo } from "../../../../shared/contract/batch.ts";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { AppError } from "../../../../shared/errors.ts";
import type { Truth } from "../../../db/truth.ts";
import { checkRecipe, recipeHash } from "./parse-recipe.ts";

type Row = { name: string; version: number; body: string; hash: string };
export type StoredRecipe = { recipe: Recipe; hash: string };
export type RecipeStore = ReturnType<typeof createRecipeStore>;

/** Recipes, every version of them. Those that come with Croft are the first version of their name. */
export function createRecipeStore(truth: Truth, builtIn: ReadonlyMap<string, Recipe>) {
  const { db } = truth;
  const newest = db.prepare<[string], Row>(
    "SELECT name, version, body, hash FROM batch_recipes WHERE name = ? AND removed = 0 ORDER BY version DESC LIMIT 1",
  );
  const one = db.prepare<[string, number], Row>("SELECT name, version, body, hash FROM batch_recipes WHERE name = ? AND version = ?");
  const all = db.prepare<[], Row>("SELECT name, version, body, hash FROM batch_recipes WHERE removed = 0 ORDER BY name, version");
  const lastVersion = db.prepare<[string], { version: number | null }>("SELECT max(version) AS version FROM batch_recipes WHERE name = ?");

  function get(name: string, version?: number): StoredRecipe {
    const row = version === undefined ? newest.get(name) : one.get(name, version);
    if (row) return toRecipe(row);
    const given = builtIn.get(name);
    if (given && (version === undefined || version === given.version)) return { recipe: given, hash: recipeHash(given) };
    throw new AppError("NOT_FOUND", `There is no recipe ${name}${version === undefined ? "" : `, version ${version}`}.`, {
      hint: `Recipes: ${names().join(", ")}.`,
    });
  }

  const names = () => [...new Set([...builtIn.keys(), ...all.all().map(({ name }) => name)])].sort();

  return {
    get,
    list(): RecipeInfo[] {
      const stored = Map.groupBy(all.all(), ({ name }) => name);
      return names().map((name) => {
        const { recipe } = get(name);
        const given = builtIn.get(name);
        return {
          name,
          version: recipe.version,
          versions: [...new Set([...(given ? [given.version] : []), ...(stored.get(name) ?? []).map(({ version }) => version)])],
          title: recipe.title,
          description: recipe.description,
          fields: Object.keys(recipe.schema.properties).length,
          rules: recipe.rules.length,
          builtIn: given !== undefined,
        };
      });
    },
    /** Saves as the next version of the name; one that reads and judges as the newest does stays as it is. */
    save(recipe: Recipe): Recipe {
      return truth.transact((transaction) => {
        const hash = recipeHash(recipe);
        const before = names().includes(recipe.name) ? get(recipe.name) : undefined;
        if (before && JSON.stringify({ ...before.recipe, version: 0 }) === JSON.stringify({ ...recipe, version: 0 })) return before.recipe;
        const last = Math.max(lastVersion.get(recipe.name)?.version ?? 0, builtIn.get(recipe.name)?.version ?? 0);
        const saved = { ...recipe, version: last + 1 };
        db.prepare("INSERT INTO batch_recipes (name, version, body, hash, created_at) VALUES (?, ?, ?, ?, ?)").run(
          saved.name,
          saved.version,
          JSON.stringify(saved),
          hash,
          truth.now(),
        );
        transaction.event("batch.recipe", saved.name);
        return saved;
      });
    },
    /** Runs that used it can still show it. One that came with Croft is as it came then. */
    remove(name: string, version?: number): void {
      const { changes } = truth.transact((transaction) => {
        transaction.event("batch.recipe", name);
        return version === undefined
          ? db.prepare("UPDATE batch_recipes SET removed = 1 WHERE name = ? AND removed = 0").run(name)
          : db.prepare("UPDATE batch_recipes SET removed = 1 WHERE name = ? AND version = ? AND removed = 0").run(name, version);
      });
      if (changes > 0) return;
      if (builtIn.has(name))
        throw new AppError("CONFLICT", `The recipe ${name} comes with Croft and stays.`, {
          hint: "Your own versions of it can be removed one by one.",
        });
      throw new AppError("NOT_FOUND", `There is no recipe ${name}${version === undefined ? "" : `, version ${version}`}.`);
    },
  };
}

/** Parsed again: a database may have been edited or restored. */
function toRecipe({ name, version, body, hash }: Row): StoredRecipe {
  const { recipe, problems } = checkRecipe(JSON.parse(body));
  if (!recipe)
    throw new AppError("INVALID_INPUT", `The stored recipe ${name}, version ${version}, is not one: ${problems[0]?.message}.`, {
      data: { problems },
    });
  return { recipe, hash };
}
