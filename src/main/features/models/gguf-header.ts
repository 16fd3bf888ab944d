import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { AppError } from "../../../shared/errors.ts";
import { tensorTypes } from "./gguf-types.ts";

/** What the header of a GGUF file says, checked against the file's size. */
export type GgufHeader = {
  architecture: string;
  name?: string;
  licence?: string;
  trainContextTokens: number;
  /** Bytes of key-value cache for one token of context, at 16 bits a value. */
  contextBytesPerToken: number;
  /** True when the file can chat: a causal model, not an embedder. */
  generates: boolean;
};

// A header of the largest known models is below 40 MB (their vocabularies); counts beyond these are an attack.
const maxHeaderBytes = 256 * 1024 * 1024;
const maxEntries = 1_000_000;
const maxStringBytes = 64 * 1024 * 1024;
const keptStringBytes = 4096;
/** Bytes of a scalar by value type; 8 is a string, 9 an array. */
const scalarBytes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
const encoders = new Set(["bert", "nomic-bert", "nomic-bert-moe", "jina-bert-v2", "t5encoder", "clip", "modern-bert"]);

type Value = number | string | number[] | undefined;

/**
 * Reads and checks the header of a GGUF file (versions 2 and 3) without loading weights. Every count and offset is
 * taken for hostile: nothing is allocated that the file does not hold, and a file that ends before its last tensor
 * is refused. Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 * @throws MODEL_INVALID
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const reader = createReader(file, Math.min(size, maxHeaderBytes));
    if (size < 24 || (await reader.bytes(4)).toString("latin1") !== "GGUF") throw invalid("it is no GGUF file");
    const version = await reader.u32();
    if (version !== 2 && version !== 3) throw invalid(`version ${version} of the format is not known`);
    const tensors = await reader.count();
    const entries = await reader.count();
    const metadata = new Map<string, Value>();
    for (let index = 0; index < entries; index++) {
      const key = await reader.string();
      metadata.set(key, await reader.value(await reader.u32()));
    }
    const end = await endOfTensors(reader, tensors, integer(metadata.get("general.alignment")) ?? 32);
    if (end > size) throw invalid(`the file ends after ${size} bytes, its weights after ${end}`);
    return describe(metadata);
  } finally {
    await file.close();
  }
}

async function endOfTensors(reader: Reader, tensors: number, alignment: number): Promise<number> {
  let end = 0;
  for (let index = 0; index < tensors; index++) {
    await reader.string();
    const dimensions = await reader.u32();
    if (dimensions > 8) throw invalid(`a tensor has ${dimensions} dimensions`);
    let values = 1;
    for (let dimension = 0; dimension < dimensions; dimension++) values *= await reader.u64();
    const type = tensorTypes.get(await reader.u32());
    const offset = await reader.u64();
    // A type newer than this list is left to the engine to judge; its offset must still lie in the file.
    end = Math.max(end, offset + (type ? Math.ceil(values / type.values) * type.bytes : 1));
  }
  if (tensors === 0 || alignment < 1) throw invalid("it holds no weights");
  return Math.ceil(reader.position() / alignment) * alignment + end;
}

function describe(metadata: Map<string, Value>): GgufHeader {
  const architecture = text(metadata.get("general.architecture"));
  if (!architecture) throw invalid("its architecture is not given");
  const get = (key: string) => integer(metadata.get(`${architecture}.${key}`));
  const layers = get("block_count") ?? 0;
  const heads = get("attention.head_count") ?? 1;
  const keyValueHeads = get("attention.head_count_kv") ?? heads;
  const headLength = Math.floor((get("embedding_length") ?? 0) / Math.max(heads, 1));
  const keyLength = get("attention.key_length") ?? headLength;
  const valueLength = get("attention.value_length") ?? headLength;
  const name = text(metadata.get("general.name"));
  const licence = text(metadata.get("general.license"));
  return {
    architecture,
    ...(name ? { name } : {}),
    ...(licence ? { licence } : {}),
    trainContextTokens: get("context_length") ?? 0,
    contextBytesPerToken: layers * keyValueHeads * (keyLength + valueLength) * 2,
    generates: !encoders.has(architecture),
  };
}

/** Some models give one number a layer; the largest bounds them all. */
function integer(value: Value): number | undefined {
  const number = Array.isArray(value) ? Math.max(...value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? Math.floor(number) : undefined;
}

function text(value: Value): string | undefined {
  // Names come from a stranger's file: control characters would forge lines in logs and terminals.
  return typeof value === "string"
    ? value
        .replaceAll(/[\p{Cc}\p{Cf}]/gu, "")
        .trim()
        .slice(0, 200) || undefined
    : undefined;
}

type Reader = ReturnType<typeof createReader>;

function createReader(file: FileHandle, limit: number) {
  let window: Buffer = Buffer.alloc(0);
  let start = 0;
  let at = 0;

  async function need(length: number): Promise<void> {
    if (at + length <= start + window.length) return;
    if (at + length > limit) throw invalid("its header is cut off");
    const next = Buffer.alloc(Math.min(Math.max(length, 1 << 18), limit - at));
    const { bytesRead } = await file.read(next, 0, next.length, at);
    if (bytesRead < length) throw invalid("its header is cut off");
    window = next.subarray(0, bytesRead);
    start = at;
  }
  async function bytes(length: number): Promise<Buffer> {
    await need(length);
    const part = window.subarray(at - start, at - start + length);
    at += length;
    return part;
  }
  const u32 = async () => (await bytes(4)).readUInt32LE();
  async function u64(): Promise<number> {
    const value = Number((await bytes(8)).readBigUInt64LE());
    if (!Number.isSafeInteger(value)) throw invalid("a number in its header is out of range");
    return value;
  }
  async function count(): Promise<number> {
    const value = await u64();
    if (value > maxEntries) throw invalid("its header claims too many entries");
    return value;
  }
  /** Passes over bytes without holding them. */
  function skip(length: number): void {
    if (at + length > limit) throw invalid("its header is cut off");
    at += length;
  }
  async function string(): Promise<string> {
    const length = await u64();
    if (length > maxStringBytes) throw invalid("a text in its header is too long");
    const kept = await bytes(Math.min(length, keptStringBytes));
    const value = kept.toString("utf8");
    skip(length - kept.length);
    return value;
  }
  async function scalar(type: number): Promise<Value> {
    const length = scalarBytes[type];
    if (!length) throw invalid("its header has a value of unknown type");
    const value = await bytes(length);
    switch (type) {
      case 0:
      case 7:
        return value.readUInt8();
      case 1:
        return value.readInt8();
      case 2:
        return value.readUInt16LE();
      case 3:
        return value.readInt16LE();
      case 4:
        return value.readUInt32LE();
      case 5:
        return value.readInt32LE();
      case 6:
        return value.readFloatLE();
      case 10:
        return Number(value.readBigUInt64LE());
      case 11:
        return Number(value.readBigInt64LE());
      default:
        return value.readDoubleLE();
    }
  }
  async function value(type: number): Promise<Value> {
    if (type === 8) return string();
    if (type !== 9) return scalar(type);
    const inner = await u32();
    const length = await u64();
    const width = scalarBytes[inner];
    if (length > maxEntries * 4) throw invalid("its header claims too many entries");
    if (inner === 8) {
      for (let index = 0; index < length; index++) skip(await u64());
      return undefined;
    }
    if (!width) throw invalid("its header has an array of unknown type");
    // Only short arrays of numbers (one a layer) mean anything here; scores of a vocabulary are passed over.
    if (length > 1024) return void skip(length * width);
    const numbers: number[] = [];
    for (let index = 0; index < length; index++) {
      const number = await scalar(inner);
      if (typeof number === "number") numbers.push(number);
    }
    return numbers;
  }
  return { bytes, u32, u64, count, string, value, position: () => at };
}

function invalid(reason: string): AppError {
  return new AppError("MODEL_INVALID", `The model file cannot be used: ${reason}.`, { hint: "Get the file again, or choose another." });
}
