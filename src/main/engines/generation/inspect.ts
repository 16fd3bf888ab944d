import { modelInvalid } from "./errors.ts";
import { readHeader } from "./gguf-header.ts";
import type { ModelFacts } from "./protocol.ts";

/** Bytes of one cached key or value number: llama.cpp keeps them as 16-bit floats. */
const bytesPerCacheNumber = 2;

/**
 * Reads what a GGUF header says, without loading weights.
 * Cache per token = Σ over layers (key heads × key length + value heads × value length) × 2 bytes.
 * @throws MODEL_MISSING · MODEL_INVALID
 */
export async function inspectGguf(path: string): Promise<ModelFacts> {
  const { info, fileBytes } = await readHeader(path);
  const facts = info.architectureMetadata;
  const layers = facts.block_count;
  const embeddingLength = facts.embedding_length;
  const trainContextTokens = facts.context_length;
  if (!layers || !embeddingLength || !trainContextTokens) throw modelInvalid(path);
  const heads = perLayer(facts.attention?.head_count, layers, 1);
  const keyValueHeads = facts.attention?.head_count_kv === undefined ? heads : perLayer(facts.attention.head_count_kv, layers, 1);
  const contextBytesPerToken = keyValueHeads.reduce((sum, count, layer) => {
    const headLength = embeddingLength / Math.max(1, heads[layer] ?? 1);
    const keyLength = facts.attention?.key_length ?? headLength;
    const valueLength = facts.attention?.value_length ?? headLength;
    return sum + count * (keyLength + valueLength) * bytesPerCacheNumber;
  }, 0);
  const name = info.metadata.general.name;
  return {
    architecture: info.metadata.general.architecture,
    ...(name === undefined ? {} : { name }),
    trainContextTokens,
    layers,
    embeddingLength,
    weightBytes: fileBytes - (info.infoEndOffset ?? 0),
    contextBytesPerToken,
  };
}

/** A number that holds for all layers, or one for each. */
function perLayer(value: unknown, layers: number, otherwise: number): number[] {
  const list: unknown[] = Array.isArray(value) ? value : Array.from({ length: layers }, () => value);
  return list.slice(0, layers).map((item) => (typeof item === "number" || typeof item === "bigint" ? Number(item) : otherwise));
}
