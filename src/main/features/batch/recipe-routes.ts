import { randomUUID } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { BatchResult } from "../../../shared/contract/batch.ts";
import { type Recipe } from "../../../shared/contract/recipe.ts";
import { AppError, isAbort, toWire } from "../../../shared/errors.ts";
import { os } from "../../core/implementer.ts";
import { hashFile } from "../knowledge/index.ts";
import { viewDocument } from "./extract/document-view.ts";
import type { LessonStore } from "./learn/lesson-store.ts";
import { measureRecipe } from "./learn/measure-recipe.ts";
import { prepareWay, type PrepareDeps } from "./prepare-way.ts";
import { checkRecipe, parseRecipe } from "./recipes/parse-recipe.ts";
import type { RecipeStore } from "./recipes/recipe-store.ts";
import { suggestRecipe } from "./recipes/suggest.ts";
import type { PreparedWay } from "./run/batch-job.ts";
import type { ProcessFile } from "./run/process-file.ts";

export type RecipeRoutesDeps = {
  recipes: RecipeStore;
  lessons: LessonStore;
  prepare: PrepareDeps;
  process: ProcessFile;
  chooseModel: (wished: string | undefined, recipe: string | undefined) => Promise<string>;
};

const MOST_BYTES = 1_000_000;

/** Handlers of what concerns recipes. */
export function recipeRoutes({ recipes, lessons, prepare, process, chooseModel }: RecipeRoutesDeps) {
  const signalOf = (signal: AbortSignal | undefined) => signal ?? new AbortController().signal;

  return {
    listRecipes: os.batch.listRecipes.handler(() => recipes.list()),
    getRecipe: os.batch.getRecipe.handler(({ input }) => recipes.get(input.name, input.version).recipe),
    saveRecipe: os.batch.saveRecipe.handler(({ input }) => recipes.save(accepted(checkRecipe(input.recipe)))),
    removeRecipe: os.batch.removeRecipe.handler(({ input }) => {
      recipes.remove(input.name, input.version);
      return {};
    }),
    validateRecipe: os.batch.validateRecipe.handler(({ input }) => {
      const { recipe, problems } = parseRecipe(input.text);
      return { ok: recipe !== undefined, problems, ...(recipe ? { recipe } : {}) };
    }),
    importRecipe: os.batch.importRecipe.handler(async ({ input }) =>
      recipes.save(accepted(parseRecipe(await readRecipeFile(resolve(input.path))))),
    ),
    measureRecipe: os.batch.measureRecipe.handler(({ input }) => {
      const { recipe } = recipes.get(input.name, input.version);
      return measureRecipe(recipe, lessons.cases(recipe.name), lessons.of(recipe));
    }),
    suggestFields: os.batch.suggestFields.handler(async ({ input, signal }) => {
      const way = await prepareWay(prepare, recipes.get("generic").recipe, "none", []);
      const views = [];
      for (const path of input.paths) views.push(viewDocument((await process(resolve(path), way, signalOf(signal))).document));
      return suggestRecipe(views, input.name ?? "my-recipe");
    }),
    trial: os.batch.trial.handler(async ({ input, signal }) => {
      const recipe = accepted(checkRecipe(input.recipe));
      const model = await chooseModel(input.model, recipe.model);
      const way = await prepareWay(prepare, recipe, model, []);
      const results: BatchResult[] = [];
      for (const path of input.paths) results.push(...(await tryFile(resolve(path), way, model, signalOf(signal))));
      return results;
    }),
  };

  async function tryFile(path: string, way: PreparedWay, model: string, signal: AbortSignal): Promise<BatchResult[]> {
    const shared = { item: randomUUID(), recipe: { name: way.recipe.name, version: way.recipe.version }, model, sampled: false };
    try {
      const hash = await hashFile(path, signal);
      const { document, parts } = await process(path, way, signal);
      return parts.map(({ firstPage, lastPage, fields, timings }, part) => {
        const stood = way.judge(fields, [], false);
        const pages = parts.length > 1 ? { firstPage, lastPage, part } : {};
        return {
          ...shared,
          document: { path, hash, pages: document.pages.length, ...pages },
          state: stood.state,
          fields: stood.fields,
          flags: stood.flags,
          timings,
        };
      });
    } catch (error) {
      if (isAbort(error)) throw error;
      return [
        { ...shared, document: { path, hash: "", pages: 0 }, state: "dead", reason: toWire(error), fields: {}, flags: [], timings: {} },
      ];
    }
  }
}

function accepted({ recipe, problems }: ReturnType<typeof parseRecipe>): Recipe {
  if (recipe) return recipe;
  const told = problems.slice(0, 3).map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  throw new AppError("INVALID_INPUT", `The recipe was refused: ${told.join("; ")}`, { hint: "Nothing was saved.", data: { problems } });
}

async function readRecipeFile(path: string): Promise<string> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new AppError("NOT_FOUND", `There is no file ${path}.`, { cause });
  });
  if (size > MOST_BYTES) throw new AppError("FILE_TOO_LARGE", "A recipe has at most a million bytes; this file is none.");
  return readFile(path, "utf8");
}
