import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/errors.ts";
import type { ModelRole } from "../../../shared/contract/models.ts";
import type { OnnxFacts } from "./catalogue.ts";

const maxJsonBytes = 8 * 1024 * 1024;

const Config = z.object({
  architectures: z.array(z.string()).optional(),
  hidden_size: z.number().int().positive().max(65_536).optional(),
  dim: z.number().int().positive().max(65_536).optional(),
  max_position_embeddings: z.number().int().positive().optional(),
  num_labels: z.number().int().optional(),
});
const Tokenizer = z.object({ model_max_length: z.number().positive().optional() });
/** As sentence-transformers writes them beside its models. */
const Pooling = z.object({ pooling_mode_cls_token: z.boolean().optional() });
const Prompts = z.object({ prompts: z.record(z.string(), z.string().max(2000)).optional() });

/**
 * What an ONNX folder says about its model: dimensions, pooling, the prefix of queries and the longest input. Files
 * of sentence-transformers decide where they lie beside it; mean pooling without a prefix is its own default.
 * @throws MODEL_INVALID when config.json, tokenizer.json or the weights are missing
 */
export async function readOnnxFolder(folder: string): Promise<{ facts: OnnxFacts; role: ModelRole; files: string[] }> {
  const config = await readAs(Config, join(folder, "config.json"));
  const tokenizer = await readAs(Tokenizer, join(folder, "tokenizer_config.json"), {});
  const pooling = await readAs(Pooling, join(folder, "1_Pooling/config.json"), {});
  const prompts = await readAs(Prompts, join(folder, "config_sentence_transformers.json"), {});
  if (!(await exists(join(folder, "tokenizer.json")))) throw invalid("tokenizer.json is missing");
  const quantized = await exists(join(folder, "onnx/model_quantized.onnx"));
  if (!quantized && !(await exists(join(folder, "onnx/model.onnx"))))
    throw invalid("onnx/model_quantized.onnx and onnx/model.onnx are missing");
  const reranks = config.architectures?.some((name) => name.endsWith("ForSequenceClassification")) ?? false;
  const width = config.hidden_size ?? config.dim;
  if (width === undefined) throw invalid("config.json does not say how wide the model is");
  const longest = Math.min(tokenizer.model_max_length ?? Number.POSITIVE_INFINITY, config.max_position_embeddings ?? 512);
  const facts: OnnxFacts = {
    dtype: quantized ? "q8" : "fp32",
    pooling: pooling.pooling_mode_cls_token ? "cls" : "mean",
    queryPrefix: prompts.prompts?.["query"] ?? "",
    maxTokens: Math.max(8, Math.floor(longest)),
    dimensions: reranks ? 1 : width,
  };
  const weights = quantized ? "onnx/model_quantized.onnx" : "onnx/model.onnx";
  const optional = ["tokenizer_config.json", "special_tokens_map.json", `${weights}_data`];
  const files = [weights, "config.json", "tokenizer.json"];
  for (const name of optional) if (await exists(join(folder, name))) files.push(name);
  return { facts, role: reranks ? "reranker" : "embedding", files };
}

/** A file of the folder by its schema: a stranger's numbers and types are believed only so far. */
async function readAs<T>(schema: z.ZodType<T>, path: string, fallback?: unknown): Promise<T> {
  const parsed = schema.safeParse(await readJson(path, fallback));
  if (!parsed.success) throw invalid(`${path} does not describe a model`, parsed.error);
  return parsed.data;
}

async function readJson(path: string, fallback?: unknown): Promise<unknown> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts && fallback !== undefined) return fallback;
  if (!facts || facts.size > maxJsonBytes) throw invalid(`${path} is missing or too large`);
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw invalid(`${path} is no JSON`, error);
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

function invalid(reason: string, cause?: unknown): AppError {
  return new AppError("MODEL_INVALID", `The folder holds no usable ONNX model: ${reason}.`, {
    hint: "It needs config.json, tokenizer.json, tokenizer_config.json and onnx/model_quantized.onnx or onnx/model.onnx.",
    cause,
  });
}
