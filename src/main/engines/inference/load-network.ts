import { AutoModel, Tensor } from "@xenova/transformers";
import { createPace } from "./batches.ts";
import type { Pace } from "./batches.ts";
import type { Encoding } from "./load-tokenizer.ts";
import { loadFrom, networkFiles } from "./model-files.ts";
import type { OnnxModel } from "./protocol.ts";

/** A float tensor, row-major. */
export type Output = { data: Float32Array; shape: readonly number[] };

/** One ONNX session and what is known of its speed. */
export type LoadedNetwork = {
  pace: Pace;
  /** One ONNX call over rows padded to the longest: its float outputs by name. Its time goes to `pace`. */
  run(rows: Encoding[], padId: number): Promise<Map<string, Output>>;
  dispose(): Promise<void>;
};

/** @throws MODEL_MISSING · MODEL_INVALID */
export async function loadNetwork(model: OnnxModel, threads: number): Promise<LoadedNetwork> {
  const network = await loadFrom(model, networkFiles(model), () =>
    AutoModel.from_pretrained(model.folder, {
      dtype: model.dtype,
      device: "cpu",
      session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
    }),
  );
  const pace = createPace();
  return {
    pace,
    async run(rows, padId) {
      const length = Math.max(...rows.map((row) => row.ids.length));
      const inputs = pad(rows, length, padId);
      const startedAt = performance.now();
      const outputs: unknown = await network(inputs);
      pace.measured(rows.length * length, performance.now() - startedAt);
      return floatOutputs(outputs);
    },
    async dispose() {
      await network.dispose();
    },
  };
}

function pad(rows: Encoding[], length: number, padId: number) {
  const cells = rows.length * length;
  const ids = new BigInt64Array(cells).fill(BigInt(padId));
  const types = new BigInt64Array(cells);
  const mask = new BigInt64Array(cells);
  for (const [row, encoding] of rows.entries()) {
    const from = row * length;
    for (const [column, id] of encoding.ids.entries()) ids[from + column] = BigInt(id);
    for (const [column, type] of encoding.types.entries()) types[from + column] = BigInt(type);
    mask.fill(1n, from, from + encoding.ids.length);
  }
  const tensor = (data: BigInt64Array) => new Tensor("int64", data, [rows.length, length]);
  return { input_ids: tensor(ids), attention_mask: tensor(mask), token_type_ids: tensor(types) };
}

function floatOutputs(outputs: unknown): Map<string, Output> {
  const found = new Map<string, Output>();
  if (typeof outputs !== "object" || outputs === null) return found;
  for (const [name, tensor] of Object.entries(outputs)) {
    if (tensor instanceof Tensor && tensor.data instanceof Float32Array) found.set(name, { data: tensor.data, shape: tensor.dims });
  }
  return found;
}
