import { access } from "node:fs/promises";
import { join } from "node:path";
import { env, LogLevel } from "@xenova/transformers";
import { AppError } from "../../../shared/errors.ts";
import type { OnnxModel } from "./protocol.ts";

// Whatever is loaded, from here on, comes from disk or not at all.
env.allowRemoteModels = false;
env.useFSCache = false;
env.useBrowserCache = false;
env.logLevel = LogLevel.ERROR;

const weights = { q8: "onnx/model_quantized.onnx", fp32: "onnx/model.onnx" } as const;

export const tokenizerFiles = () => ["tokenizer.json", "tokenizer_config.json"];
export const networkFiles = (model: OnnxModel) => ["config.json", weights[model.dtype]];

/**
 * Loads a part of a model after looking whether its files are there.
 * @throws MODEL_MISSING when one is not · MODEL_INVALID when `load` throws
 */
export async function loadFrom<Part>(model: OnnxModel, files: string[], load: () => Promise<Part>): Promise<Part> {
  for (const file of files)
    await access(join(model.folder, file)).catch((cause: unknown) => Promise.reject(missingFile(model, file, cause)));
  return load().catch((cause: unknown) => Promise.reject(invalidModel(model, `${files.join(" or ")} cannot be read`, cause)));
}

function missingFile(model: OnnxModel, file: string, cause: unknown): AppError {
  return new AppError("MODEL_MISSING", `The model is not complete: ${file} is not in its folder.`, {
    hint: "Download the model again on the models page.",
    data: { folder: model.folder, file },
    cause,
  });
}

/** The error for weights or tables that are not what the model's description says. */
export function invalidModel(model: OnnxModel, why: string, cause?: unknown): AppError {
  return new AppError("MODEL_INVALID", `The model cannot be used: ${why}.`, {
    hint: "Remove the model on the models page and download it again, or choose another.",
    data: { folder: model.folder, dtype: model.dtype },
    cause,
  });
}
