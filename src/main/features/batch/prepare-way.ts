import type { Recipe } from "../../../shared/contract/recipe.ts";
import type { ChatModel } from "../../providers/chat-model.ts";
import { recipeHash } from "./recipes/parse-recipe.ts";
import { createJudge } from "./review/judge-record.ts";
import type { Lesson } from "./learn/lesson.ts";
import type { PreparedWay } from "./run/batch-job.ts";

export type PrepareDeps = {
  chatModel: (reference: string) => Promise<ChatModel>;
  /** sha256 of the model's file, or its reference where it is none of ours. */
  modelHash: (reference: string) => Promise<string>;
  ocrLanguages: () => string[];
  lessons: (recipe: Recipe) => readonly Lesson[];
};

/** A recipe and a model, ready for use. The recipe's own languages of recognition, else those of the settings. */
export async function prepareWay(
  { chatModel, modelHash, ocrLanguages, lessons }: PrepareDeps,
  recipe: Recipe,
  model: string,
  passwords: readonly string[],
): Promise<PreparedWay> {
  const languages = recipe.ocr.languages.length > 0 ? recipe.ocr.languages : ocrLanguages();
  const complete: Recipe = { ...recipe, ocr: { ...recipe.ocr, languages } };
  return {
    recipe: complete,
    recipeHash: recipeHash(recipe),
    judge: await createJudge(complete),
    ocr: JSON.stringify(complete.ocr),
    passwords,
    lessons: lessons(recipe),
    model: model === "none" ? undefined : await chatModel(model),
    modelHash: model === "none" ? "none" : await modelHash(model),
  };
}
