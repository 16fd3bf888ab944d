import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AutoModel, AutoTokenizer, env } from "@xenova/transformers";

export type Embedder = {
  name: string;
  dimensions: number;
  /** Vectors of all texts, one after the other; kept for the next time. */
  embed(texts: string[], kind: "query" | "document"): Promise<Float32Array>;
  /** The same, made anew. */
  compute(texts: string[], kind: "query" | "document"): Promise<Float32Array>;
};

/** What bge asks to be put before a query (model card of bge-small-en-v1.5). */
const queryPrefix = "Represent this sentence for searching relevant passages: ";
const batchSize = 16;

/**
 * bge-small-en-v1.5 called directly, int8: first token, unit length. Results are kept in the temporary folder, named by
 * the texts, so that a second evaluation embeds nothing.
 */
export async function openEmbedder(folder: string): Promise<Embedder> {
  env.allowRemoteModels = false;
  const cache = join(tmpdir(), "croft-eval");
  mkdirSync(cache, { recursive: true });
  const tokenizer = await AutoTokenizer.from_pretrained(folder);
  const model = await AutoModel.from_pretrained(folder, { dtype: "q8", device: "cpu" });
  const dimensions = 384;

  async function compute(texts: string[]): Promise<Float32Array> {
    const result = new Float32Array(texts.length * dimensions);
    // Neighbours of equal length waste no padding.
    const order = texts.map((_, index) => index).toSorted((a, b) => (texts[a]?.length ?? 0) - (texts[b]?.length ?? 0));
    for (let start = 0; start < order.length; start += batchSize) {
      const indices = order.slice(start, start + batchSize);
      const inputs = tokenizer(
        indices.map((index) => texts[index] ?? ""),
        { padding: true, truncation: true, max_length: 512 },
      );
      const output: unknown = await model(inputs);
      const states = hiddenStates(output);
      const width = (states.dims[1] ?? 0) * dimensions;
      indices.forEach((index, row) => {
        const vector = states.data.slice(row * width, row * width + dimensions);
        const length = Math.hypot(...vector);
        result.set(
          vector.map((value) => value / length),
          index * dimensions,
        );
      });
      if (start > 0 && (start / batchSize) % 40 === 0) console.error(`embedded ${start} of ${texts.length}`);
    }
    return result;
  }

  return {
    name: "bge-small-en-v1.5-q8",
    dimensions,
    compute: (texts, kind) => compute(prefixed(texts, kind)),
    async embed(texts, kind) {
      const inputs = prefixed(texts, kind);
      const file = join(cache, `bge-small-${createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 24)}.f32`);
      if (existsSync(file)) return new Float32Array(new Uint8Array(readFileSync(file)).buffer);
      const vectors = await compute(inputs);
      writeFileSync(`${file}.part`, vectors);
      renameSync(`${file}.part`, file);
      return vectors;
    },
  };
}

function prefixed(texts: string[], kind: "query" | "document"): string[] {
  return kind === "query" ? texts.map((text) => queryPrefix + text) : texts;
}

function hiddenStates(output: unknown): { data: Float32Array; dims: number[] } {
  if (typeof output === "object" && output !== null && "last_hidden_state" in output) {
    const states = output.last_hidden_state;
    if (typeof states === "object" && states !== null && "data" in states && "dims" in states) {
      if (states.data instanceof Float32Array && Array.isArray(states.dims)) return { data: states.data, dims: states.dims };
    }
  }
  throw new Error("The model gave no hidden states.");
}
