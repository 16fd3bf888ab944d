import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import protobuf from "protobufjs";
import type { OnnxModel } from "../../src/main/engines/inference/protocol.ts";

/**
 * Tiny ONNX models with a word tokenizer, about a kilobyte each, that run through the real tokenizer and ONNX
 * Runtime. Message and field numbers are those of onnx.proto (IR version 8, opset 13).
 */
const schema = protobuf.parse(`
  syntax = "proto3";
  message ModelProto { int64 ir_version = 1; string producer_name = 2; GraphProto graph = 7; repeated OperatorSet opset_import = 8; }
  message OperatorSet { string domain = 1; int64 version = 2; }
  message GraphProto { repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5; repeated ValueInfo input = 11; repeated ValueInfo output = 12; }
  message NodeProto { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated Attribute attribute = 5; }
  message Attribute { string name = 1; int64 i = 3; int32 type = 20; }
  message TensorProto { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message ValueInfo { string name = 1; TypeProto type = 2; }
  message TypeProto { TensorType tensor_type = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
`).root;

const float = 1;
const int64 = 7;
const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

type Dimension = number | string;
const value = (name: string, elemType: number, shape: Dimension[]) => ({
  name,
  type: {
    tensorType: { elemType, shape: { dim: shape.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size })) } },
  },
});
const tensor = (name: string, dataType: number, dims: number[], data: Float32Array | BigInt64Array) => ({
  name,
  dataType,
  dims,
  rawData: new Uint8Array(data.buffer),
});
const node = (opType: string, input: string[], output: string, attributes: Record<string, number> = {}) => ({
  opType,
  name: output,
  input,
  output: [output],
  attribute: Object.entries(attributes).map(([name, i]) => ({ name, i, type: 2 })),
});

const inputs = ["input_ids", "attention_mask", "token_type_ids"].map((name) => value(name, int64, ["batch", "tokens"]));

function encodeModel(graph: object): Uint8Array {
  const message = schema.lookupType("ModelProto");
  return message
    .encode(message.fromObject({ irVersion: 8, producerName: "croft-tests", opsetImport: [{ domain: "", version: 13 }], graph }))
    .finish();
}

/** Every token's state is its row of the table: words × dimensions. */
function embeddingGraph(rows: number[][]): Uint8Array {
  const width = rows[0]?.length ?? 0;
  return encodeModel({
    name: "embedding",
    input: inputs,
    initializer: [tensor("table", float, [rows.length, width], Float32Array.from(rows.flat()))],
    node: [node("Gather", ["table", "input_ids"], "last_hidden_state")],
    output: [value("last_hidden_state", float, ["batch", "tokens", width])],
  });
}

/** The logit of a pair is the sum of the weights of the second text's words. */
function rerankGraph(weights: number[]): Uint8Array {
  return encodeModel({
    name: "rerank",
    input: inputs,
    initializer: [
      tensor("weights", float, [weights.length, 1], Float32Array.from(weights)),
      tensor("last_axis", int64, [1], BigInt64Array.of(2n)),
      tensor("token_axis", int64, [1], BigInt64Array.of(1n)),
    ],
    node: [
      node("Gather", ["weights", "input_ids"], "word_weights"),
      node("Cast", ["token_type_ids"], "second", { to: float }),
      node("Unsqueeze", ["second", "last_axis"], "second_column"),
      node("Mul", ["word_weights", "second_column"], "counted"),
      node("ReduceSum", ["counted", "token_axis"], "logits", { keepdims: 0 }),
    ],
    output: [value("logits", float, ["batch", 1])],
  });
}

function tokenizerJson(vocabulary: string[]) {
  const id = (token: string) => vocabulary.indexOf(token);
  const special = (token: string, type: number) => ({ SpecialToken: { id: token, type_id: type } });
  const text = (name: "A" | "B", type: number) => ({ Sequence: { id: name, type_id: type } });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specials.map((content, at) => ({
      id: at,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [special("[CLS]", 0), text("A", 0), special("[SEP]", 0)],
      pair: [special("[CLS]", 0), text("A", 0), special("[SEP]", 0), text("B", 1), special("[SEP]", 1)],
      special_tokens: Object.fromEntries(["[CLS]", "[SEP]"].map((token) => [token, { id: token, ids: [id(token)], tokens: [token] }])),
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((token, at) => [token, at])),
    },
  };
}

async function writeModel(folder: string, words: string[], onnx: Uint8Array): Promise<void> {
  const files = {
    "config.json": JSON.stringify({ model_type: "bert", architectures: ["BertModel"], hidden_size: 8 }),
    "tokenizer.json": JSON.stringify(tokenizerJson([...specials, ...words])),
    "tokenizer_config.json": JSON.stringify({
      tokenizer_class: "BertTokenizer",
      pad_token: "[PAD]",
      unk_token: "[UNK]",
      cls_token: "[CLS]",
      sep_token: "[SEP]",
      mask_token: "[MASK]",
    }),
    "onnx/model.onnx": onnx,
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** Writes an embedding model that knows these words by these vectors; unknown words and [CLS] and [SEP] are zero. */
export async function writeEmbeddingModel(
  folder: string,
  words: Record<string, number[]>,
  options: Partial<OnnxModel> = {},
): Promise<OnnxModel> {
  const dimensions = Object.values(words)[0]?.length ?? 0;
  const zero = Array.from({ length: dimensions }, () => 0);
  await writeModel(folder, Object.keys(words), embeddingGraph([...specials.map(() => zero), ...Object.values(words)]));
  return { folder, dtype: "fp32", pooling: "mean", queryPrefix: "", maxTokens: 16, dimensions, ...options };
}

/** Writes a cross-encoder whose logit is the sum of the weights of the passage's words. */
export async function writeRerankModel(folder: string, words: Record<string, number>): Promise<OnnxModel> {
  await writeModel(folder, Object.keys(words), rerankGraph([...specials.map(() => 0), ...Object.values(words)]));
  return { folder, dtype: "fp32", pooling: "cls", queryPrefix: "", maxTokens: 16, dimensions: 1 };
}
