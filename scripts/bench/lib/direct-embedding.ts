import { createRequire } from "node:module";
import { join } from "node:path";
import { AutoTokenizer } from "@xenova/transformers";
import { batchEnd, createPace } from "../../../src/main/engines/inference/batches.ts";
import { servePeer } from "./peer.ts";

export type DirectInput = { kind: "load"; folder: string; threads: number } | { kind: "embed"; texts: string[] };
/** Milliseconds in ONNX Runtime and filling its inputs; tokenizing is not in it. */
export type DirectOutput = { ms: number; batches: number };

type Tensor = { readonly data: unknown; readonly dims: readonly number[] };
type Session = { run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> };
type Ort = {
  InferenceSession: { create(path: string, options: object): Promise<Session> };
  Tensor: new (type: "int64", data: BigInt64Array, dims: number[]) => Tensor;
};

/** As many texts as core gives to one call; they are sorted by length within it. */
const textsACall = 64;
const maxTokens = 512;

// onnxruntime-node by itself, the copy that core's embedder runs on, over the batches that core would make.
const ort: Ort = createRequire(createRequire(import.meta.url).resolve("@xenova/transformers"))("onnxruntime-node");
let embed: ((texts: string[]) => Promise<DirectOutput>) | undefined;

async function load({ folder, threads }: Extract<DirectInput, { kind: "load" }>): Promise<void> {
  const tokenizer = await AutoTokenizer.from_pretrained(folder);
  const session = await ort.InferenceSession.create(join(folder, "onnx/model_quantized.onnx"), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
  });
  const pace = createPace();
  const pad = BigInt(tokenizer.pad_token_id ?? 0);
  embed = async (texts) => {
    const output = { ms: 0, batches: 0 };
    for (let first = 0; first < texts.length; first += textsACall) {
      const rows = texts
        .slice(first, first + textsACall)
        .map((text): number[] => tokenizer(text, { truncation: true, max_length: maxTokens, return_tensor: false }).input_ids)
        .sort((a, b) => a.length - b.length);
      const lengths = rows.map((row) => row.length);
      for (let from = 0; from < rows.length; output.batches += 1) {
        const end = batchEnd(lengths, from, pace.tokens);
        const batch = rows.slice(from, end);
        const startedAt = performance.now();
        await session.run(feedsOf(batch, pad));
        const elapsed = performance.now() - startedAt;
        pace.measured(batch.length * (lengths[end - 1] ?? 0), elapsed);
        output.ms += elapsed;
        from = end;
      }
    }
    return output;
  };
}

function feedsOf(batch: number[][], pad: bigint): Record<string, Tensor> {
  const width = batch.at(-1)?.length ?? 0;
  const ids = new BigInt64Array(batch.length * width).fill(pad);
  const mask = new BigInt64Array(ids.length);
  for (const [row, tokens] of batch.entries()) {
    for (const [column, token] of tokens.entries()) ids[row * width + column] = BigInt(token);
    mask.fill(1n, row * width, row * width + tokens.length);
  }
  const tensor = (data: BigInt64Array) => new ort.Tensor("int64", data, [batch.length, width]);
  return { input_ids: tensor(ids), attention_mask: tensor(mask), token_type_ids: tensor(new BigInt64Array(ids.length)) };
}

servePeer<DirectInput, DirectOutput | undefined>(async (input) => {
  if (input.kind === "load") return load(input).then(() => undefined);
  if (!embed) throw new Error("No model is loaded.");
  return embed(input.texts);
});
