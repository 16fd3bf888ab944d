import type { CreateEngine } from "../engine.ts";
import { withTransfer } from "../transfer.ts";
import { createCache } from "./cache.ts";
import { chunkText } from "./chunker.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { embedTexts } from "./embed.ts";
import { loadNetwork } from "./load-network.ts";
import type { LoadedNetwork } from "./load-network.ts";
import { loadTokenizer } from "./load-tokenizer.ts";
import type { LoadedTokenizer } from "./load-tokenizer.ts";
import type { InferenceConfig, InferenceProtocol, OnnxModel } from "./protocol.ts";
import { rerankTexts } from "./rerank.ts";

/** Embeddings, rerank and token-bounded chunks by ONNX models on disk. Nothing is ever fetched. */
export const createInferenceEngine: CreateEngine<InferenceConfig, InferenceProtocol> = async ({ loadedModels }) => {
  const tokenizers = createCache<LoadedTokenizer>({ capacity: loadedModels });
  const networks = createCache<LoadedNetwork>({ capacity: loadedModels });

  const withTokenizer = <T>(model: OnnxModel, work: (tokenizer: LoadedTokenizer) => Promise<T>) =>
    tokenizers.use({ key: model.folder, folder: model.folder }, () => loadTokenizer(model), work);

  /** `work` is told how long the model took to load, 0 when it was in memory. */
  async function withModel<T>(model: OnnxModel, threads: number, work: (loaded: Loaded, loadMs: number) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const key = JSON.stringify([model.folder, model.dtype, threads]);
    let loadedNow = false;
    const load = () => {
      loadedNow = true;
      return loadNetwork(model, threads);
    };
    return withTokenizer(model, (tokenizer) =>
      networks.use({ key, folder: model.folder }, load, (network) =>
        work({ tokenizer, network }, loadedNow ? performance.now() - startedAt : 0),
      ),
    );
  }

  async function unload(folder?: string): Promise<void> {
    await Promise.all([networks.unload(folder), tokenizers.unload(folder)]);
  }

  return {
    methods: {
      embed: ({ model, texts, kind, threads }, { checkpoint }) =>
        withModel(model, threads, async (loaded, loadMs) => {
          const { vectors, truncated } = await embedTexts({ ...loaded, model, texts, kind, checkpoint });
          return withTransfer({ vectors, truncated, loadMs }, [vectors.buffer]);
        }),
      rerank: ({ model, query, texts, threads, budgetMs }, { checkpoint }) =>
        withModel(model, threads, async (loaded, loadMs) => ({
          scores: await rerankTexts({ ...loaded, model, query, texts, budgetMs, checkpoint }),
          loadMs,
        })),
      chunk: ({ model, ...input }, { checkpoint }) =>
        model === undefined
          ? chunkText(input, estimateTokens, checkpoint)
          : withTokenizer(model, (tokenizer) => chunkText(input, tokenizer.countTokens, checkpoint)),
      async unload({ folder }) {
        await unload(folder);
        return null;
      },
    },
    dispose: () => unload(),
  };
};

type Loaded = { tokenizer: LoadedTokenizer; network: LoadedNetwork };
