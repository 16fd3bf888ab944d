import type { Fields } from "../../../../shared/contract/batch.ts";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { AppError } from "../../../../shared/errors.ts";
import type { ChatModel } from "../../../providers/chat-model.ts";
import type { ReadDocument, Reading } from "../../knowledge/index.ts";
import type { CostStore } from "../scan/cost-store.ts";
import { viewDocument } from "../extract/document-view.ts";
import { extract } from "../extract/extract.ts";
import { readByModel } from "../extract/model/read-by-model.ts";
import { splitDocument } from "../extract/split.ts";

/** How a recipe is to be used: the model is undefined for rules alone. */
export type Way = { recipe: Recipe; model: ChatModel | undefined; passwords: readonly string[] };
export type ReadPart = { firstPage: number; lastPage: number; fields: Fields; doubtful: boolean; timings: Record<string, number> };
export type ReadFile = { document: ReadDocument; parts: ReadPart[] };

export type ProcessFile = ReturnType<typeof createProcessFile>;

/** Reads files and takes out of them what a recipe asks for. */
export function createProcessFile({ reading, costs, now }: { reading: Reading; costs: CostStore; now: () => number }) {
  /** An encrypted file is tried with each password that was given. */
  async function read(path: string, { recipe, passwords }: Way, signal: AbortSignal): Promise<ReadDocument> {
    const options = { ocr: recipe.ocr.mode, languages: recipe.ocr.languages };
    const control = { signal, priority: "background" as const };
    try {
      return await reading.readDocument(path, options, control);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "FILE_ENCRYPTED") throw error;
      let last: unknown = error;
      for (const password of passwords) {
        try {
          return await reading.readDocument(path, { ...options, password }, control);
        } catch (again) {
          if (!(again instanceof AppError) || again.code !== "FILE_PASSWORD_WRONG") throw again;
          last = again;
        }
      }
      throw last;
    }
  }

  return async (path: string, way: Way, signal: AbortSignal): Promise<ReadFile> => {
    const startedAt = now();
    const document = await read(path, way, signal);
    const readMs = now() - startedAt;
    const recognised = document.pages.filter(({ source }) => source === "ocr").length;
    costs.learn(recognised > 0 ? "ocr" : "text", recognised > 0 ? recognised : Math.max(1, document.pages.length), readMs);
    if (document.text.trim() === "")
      throw new AppError("FILE_UNREADABLE", "No text was found in the file.", {
        hint: "Install the language it is written in for text recognition, or leave it out.",
      });
    const parts: ReadPart[] = [];
    for (const { firstPage, lastPage, doubtful } of splitDocument(document, way.recipe)) {
      signal.throwIfAborted();
      const beganAt = now();
      const byRules = extract(viewDocument(document, firstPage, lastPage), way.recipe);
      const rulesMs = now() - beganAt;
      const asked = way.model === undefined ? undefined : await readByModel(byRules, way.recipe, way.model, signal);
      const modelMs = now() - beganAt - rulesMs;
      if (asked) costs.learn("model", Math.max(1, lastPage - firstPage + 1), modelMs);
      const timings = { read: parts.length === 0 ? readMs : 0, rules: rulesMs, ...(asked ? { model: modelMs } : {}) };
      parts.push({ firstPage, lastPage, fields: asked ?? byRules.fields, doubtful, timings });
    }
    return { document, parts };
  };
}
