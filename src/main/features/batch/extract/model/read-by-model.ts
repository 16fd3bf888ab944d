import type { Fields } from "../../../../../shared/contract/batch.ts";
import type { Recipe } from "../../../../../shared/contract/recipe.ts";
import type { ChatModel } from "../../../../providers/chat-model.ts";
import type { Reading } from "../extract.ts";

/** What the model decides that the rules could not. */
export async function readByModel({ fields }: Reading, _recipe: Recipe, _model: ChatModel, _signal: AbortSignal): Promise<Fields> {
  return fields;
}
