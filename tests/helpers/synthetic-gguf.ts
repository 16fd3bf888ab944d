import { writeFileSync } from "node:fs";

/**
 * Writes a tiny random llama-architecture model (about 0.5 MB, GGUF version 3, float32) with a byte-fallback
 * vocabulary and a ChatML template, so that tests run real llama.cpp without weights. Layout of the file:
 * https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export type SyntheticGguf = {
  /**
   * What the model answers, whatever it is asked: greedy decoding walks through these characters and then ends the
   * answer. Every UTF-8 byte may occur only once, and none may be a line feed. Left out, the model babbles at random.
   */
  answer?: string;
  /** The answer begins again where it would end, so that only a limit or a cancel ends it. */
  endless?: boolean;
  seed?: number;
  layers?: number;
  width?: number;
  contextTokens?: number;
  /** Marks ChatML's special tokens as "user defined", which llama.cpp recognises even in plain text. */
  looseSpecialTokens?: boolean;
};

/** Token ids of the synthetic vocabulary. */
export const syntheticTokens = { unknown: 0, begin: 1, end: 2, byte: (value: number) => 3 + value, turnStart: 259, turnEnd: 260 };

const chatTemplate =
  "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
const extraPieces = ["▁the", "▁of", "▁and", "▁in", "er", "on", "▁a", "▁"];
const tokenType = { normal: 1, unknown: 2, control: 3, userDefined: 4, byte: 6 };

export function writeSyntheticGguf(path: string, options: SyntheticGguf = {}): void {
  const { seed = 7, layers = 2, width = 64, contextTokens = 4096 } = options;
  const heads = 4;
  const feedForward = 2 * width;
  const vocabulary = buildVocabulary(options.looseSpecialTokens ?? false);
  const size = vocabulary.pieces.length;
  const random = gaussian(seed);
  const noise = (count: number, scale: number) => Float32Array.from({ length: count }, () => random() * scale);
  const ones = () => new Float32Array(width).fill(1);
  // A scripted model must not be disturbed by its blocks: they add nothing to the stream.
  const block = (count: number) => noise(count, options.answer === undefined ? 0.12 : 0);

  const tensors: [name: string, shape: number[], data: Float32Array][] = [
    ["token_embd.weight", [width, size], noise(width * size, 0.5)],
    ["output_norm.weight", [width], ones()],
    ["output.weight", [width, size], noise(width * size, options.answer === undefined ? 0.5 : 0.01)],
  ];
  for (let layer = 0; layer < layers; layer++) {
    const name = (part: string) => `blk.${layer}.${part}.weight`;
    tensors.push([name("attn_norm"), [width], ones()], [name("ffn_norm"), [width], ones()]);
    for (const part of ["attn_q", "attn_output"]) tensors.push([name(part), [width, width], block(width * width)]);
    // Two key-value heads for four query heads, as in the models people use.
    for (const part of ["attn_k", "attn_v"]) tensors.push([name(part), [width, width / 2], block((width * width) / 2)]);
    for (const part of ["ffn_gate", "ffn_up"]) tensors.push([name(part), [width, feedForward], block(width * feedForward)]);
    tensors.push([name("ffn_down"), [feedForward, width], block(width * feedForward)]);
  }
  if (options.answer !== undefined) script(options.answer, options.endless ?? false, width, tensors[0]![2], tensors[2]![2]);

  const metadata: [string, Value][] = [
    ["general.architecture", text("llama")],
    ["general.name", text("synthetic")],
    ["llama.block_count", u32(layers)],
    ["llama.context_length", u32(contextTokens)],
    ["llama.embedding_length", u32(width)],
    ["llama.feed_forward_length", u32(feedForward)],
    ["llama.attention.head_count", u32(heads)],
    ["llama.attention.head_count_kv", u32(heads / 2)],
    ["llama.attention.layer_norm_rms_epsilon", f32(1e-5)],
    ["llama.rope.dimension_count", u32(width / heads)],
    ["llama.vocab_size", u32(size)],
    ["tokenizer.ggml.model", text("llama")],
    ["tokenizer.ggml.tokens", list(8, vocabulary.pieces.map(text))],
    ["tokenizer.ggml.scores", list(6, vocabulary.scores.map(f32))],
    ["tokenizer.ggml.token_type", list(5, vocabulary.types.map(i32))],
    ["tokenizer.ggml.bos_token_id", u32(syntheticTokens.begin)],
    ["tokenizer.ggml.eos_token_id", u32(syntheticTokens.turnEnd)],
    ["tokenizer.ggml.add_bos_token", bool(false)],
    ["tokenizer.ggml.add_space_prefix", bool(false)],
    ["tokenizer.chat_template", text(chatTemplate)],
  ];
  writeFileSync(path, encode(metadata, tensors));
}

function buildVocabulary(loose: boolean) {
  const special = loose ? tokenType.userDefined : tokenType.control;
  const entries: [piece: string, type: number][] = [
    ["<unk>", tokenType.unknown],
    ["<s>", tokenType.control],
    ["</s>", tokenType.control],
    ...Array.from({ length: 256 }, (_, value): [string, number] => [
      `<0x${value.toString(16).toUpperCase().padStart(2, "0")}>`,
      tokenType.byte,
    ]),
    ["<|im_start|>", special],
    ["<|im_end|>", special],
    ...extraPieces.map((piece): [string, number] => [piece, tokenType.normal]),
  ];
  return { pieces: entries.map(([piece]) => piece), types: entries.map(([, type]) => type), scores: entries.map((_, index) => -index) };
}

/** Makes each token of the answer point to the next: basis vectors as embeddings, the same vectors as output rows. */
function script(answer: string, endless: boolean, width: number, embeddings: Float32Array, output: Float32Array): void {
  const chain = [10, ...new TextEncoder().encode(answer)].map(syntheticTokens.byte);
  if (new Set(chain).size !== chain.length || chain.length > width)
    throw new Error("A scripted answer needs distinct bytes, fewer than the width, and no line feed.");
  chain.forEach((token, index) => {
    embeddings.fill(0, token * width, (token + 1) * width);
    embeddings[token * width + index] = 1;
    const next = chain[index + 1] ?? (endless ? chain[1] : undefined) ?? syntheticTokens.turnEnd;
    output[next * width + index] = 8;
  });
}

type Value = { type: number; bytes: Buffer };
const number = (type: number, bytes: number, write: (buffer: Buffer) => void): Value => {
  const buffer = Buffer.alloc(bytes);
  write(buffer);
  return { type, bytes: buffer };
};
const u32 = (value: number) => number(4, 4, (buffer) => buffer.writeUInt32LE(value));
const i32 = (value: number) => number(5, 4, (buffer) => buffer.writeInt32LE(value));
const f32 = (value: number) => number(6, 4, (buffer) => buffer.writeFloatLE(value));
const bool = (value: boolean) => number(7, 1, (buffer) => buffer.writeUInt8(value ? 1 : 0));
const u64 = (value: number) => number(10, 8, (buffer) => buffer.writeBigUInt64LE(BigInt(value))).bytes;
const string = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
const text = (value: string): Value => ({ type: 8, bytes: string(value) });
const list = (type: number, values: Value[]): Value => ({
  type: 9,
  bytes: Buffer.concat([u32(type).bytes, u64(values.length), ...values.map((value) => value.bytes)]),
});

function encode(metadata: [string, Value][], tensors: [string, number[], Float32Array][]): Buffer {
  const alignment = 32;
  const padding = (length: number) => (alignment - (length % alignment)) % alignment;
  let offset = 0;
  const infos = tensors.map(([name, shape, data]) => {
    const info = Buffer.concat([string(name), u32(shape.length).bytes, ...shape.map(u64), u32(0).bytes, u64(offset)]);
    offset += data.byteLength + padding(data.byteLength);
    return info;
  });
  const head = Buffer.concat([
    Buffer.from("GGUF"),
    u32(3).bytes,
    u64(tensors.length),
    u64(metadata.length),
    ...metadata.map(([key, value]) => Buffer.concat([string(key), u32(value.type).bytes, value.bytes])),
    ...infos,
  ]);
  const body = tensors.flatMap(([, , data]) => [
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    Buffer.alloc(padding(data.byteLength)),
  ]);
  return Buffer.concat([head, Buffer.alloc(padding(head.length)), ...body]);
}

/** Normal numbers from a seed (mulberry32 and Box–Muller), so that every run writes the same file. */
function gaussian(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 1) / 4294967297;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
