import { batchEnd } from "./batches.ts";
import type { LoadedNetwork, Output } from "./load-network.ts";
import type { LoadedTokenizer } from "./load-tokenizer.ts";
import { invalidModel } from "./model-files.ts";
import { poolRow } from "./pool.ts";
import type { EmbedInput, EmbedOutput, OnnxModel } from "./protocol.ts";

type Job = Pick<EmbedInput, "model" | "texts" | "kind"> & {
  tokenizer: LoadedTokenizer;
  network: LoadedNetwork;
  checkpoint(): Promise<void>;
};

/** Texts tokenized between two checkpoints; at half a million tokens a second about 20 ms. */
const textsPerStep = 32;

/**
 * Vectors of length 1 for texts, in batches of equal length and at most 100 ms.
 * @throws MODEL_INVALID when the model's output has another width, or is not a number
 */
export async function embedTexts({ tokenizer, network, model, texts, kind, checkpoint }: Job): Promise<Omit<EmbedOutput, "loadMs">> {
  const encodings = [];
  for (const [index, text] of texts.entries()) {
    if (index % textsPerStep === 0) await checkpoint();
    encodings.push({ index, ...tokenizer.encode(kind === "query" ? model.queryPrefix + text : text, model.maxTokens) });
  }
  const truncated = encodings.filter(({ cut }) => cut).map(({ index }) => index);
  const sorted = encodings.sort((a, b) => a.ids.length - b.ids.length);
  const lengths = sorted.map(({ ids }) => ids.length);

  const vectors = new Float32Array(texts.length * model.dimensions);
  for (let from = 0; from < sorted.length;) {
    await checkpoint();
    const end = batchEnd(lengths, from, network.pace.tokens);
    const rows = sorted.slice(from, end);
    const states = hiddenStates(model, await network.run(rows, tokenizer.padId));
    for (const [row, { index, ids }] of rows.entries()) {
      const vector = poolRow(states, row, ids.length, model.pooling);
      if (!vector) throw invalidModel(model, "its vectors are not numbers");
      vectors.set(vector, index * model.dimensions);
    }
    from = end;
  }
  return { vectors, truncated };
}

/** The token states among the outputs, rows × tokens × dimensions. */
function hiddenStates(model: OnnxModel, outputs: Map<string, Output>): Output {
  const states =
    outputs.get("last_hidden_state") ?? outputs.get("token_embeddings") ?? [...outputs.values()].find(({ shape }) => shape.length === 3);
  if (states?.shape.length !== 3) throw invalidModel(model, "it gives no token states, so it is no embedding model");
  const width = states.shape[2];
  if (width !== model.dimensions) throw invalidModel(model, `its vectors have ${width} dimensions, not ${model.dimensions}`);
  return states;
}
