import { stat } from "node:fs/promises";
import { readGgufFileInfo } from "node-llama-cpp";
import type { GgufFileInfo } from "node-llama-cpp";
import { modelInvalid, modelMissing } from "./errors.ts";

/**
 * Reads a GGUF header and checks that the file goes on as far as the header says, before native code relies on it.
 * The library's reader takes bytes beyond the end of a file for zeros.
 * @throws MODEL_MISSING · MODEL_INVALID
 */
export async function readHeader(path: string): Promise<{ info: GgufFileInfo; fileBytes: number }> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw modelMissing(path, cause);
  });
  if (!facts.isFile()) throw modelMissing(path);
  const options = { sourceType: "filesystem", logWarnings: false, spliceSplitFiles: false } as const;
  const info = await readGgufFileInfo(path, options).catch((cause: unknown) => {
    throw modelInvalid(path, cause);
  });
  const lastTensorAt = Math.max(0, ...(info.tensorInfo ?? []).map((tensor) => Number(tensor.fileOffset)));
  const needed = Math.max(info.infoEndOffset ?? 0, lastTensorAt + 1);
  if (facts.size < needed) throw modelInvalid(path, new Error(`the file ends at byte ${facts.size}; its header speaks of byte ${needed}`));
  return { info, fileBytes: facts.size };
}
