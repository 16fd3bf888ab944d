import { createHash } from "node:crypto";

/** Grows when the same file, recipe and model would give other values: what was read before is read again then. */
export const PIPELINE = "batch-4";

/** Names one way of reading one content: the same work is never done twice. */
export function recordKey(fileHash: string, way: { recipe: string; recipeHash: string; modelHash: string; ocr: string }): string {
  return createHash("sha256")
    .update(JSON.stringify([fileHash, way.recipe, way.recipeHash, way.modelHash, PIPELINE, way.ocr]))
    .digest("hex");
}
