import { stat } from "node:fs/promises";
import { totalmem } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import { resolveChatWrapper } from "node-llama-cpp";
import type { LlamaModel } from "node-llama-cpp";
import { loadError, memoryLow, modelMissing } from "./errors.ts";
import { inspectGguf } from "./inspect.ts";
import type { Runtime } from "./llama.ts";
import { plainTokenizer } from "./plain-text.ts";
import type { PlainTokenizer } from "./plain-text.ts";
import { promptMaker } from "./prompt.ts";
import type { PromptMaker } from "./prompt.ts";
import type { GgufModel } from "./protocol.ts";
import { createReader } from "./reader.ts";
import type { Reader } from "./reader.ts";
import { createSequencePool } from "./sequence-pool.ts";
import type { SequencePool } from "./sequence-pool.ts";

/** Most tokens that llama.cpp evaluates at once; the reader's pieces stay below where the processor computes. */
const batchTokens = { processor: 256, device: 512 };

export type LoadedModel = {
  readonly model: LlamaModel;
  readonly plain: PlainTokenizer;
  readonly prompts: PromptMaker;
  readonly reader: Reader;
  readonly pool: SequencePool;
  dispose(): Promise<void>;
};

/** Names the bytes of a model file and the context wanted for them: a replaced file is another model. @throws MODEL_MISSING */
export async function modelKey(wanted: GgufModel): Promise<string> {
  const facts = await stat(wanted.path).catch((cause: unknown) => {
    throw modelMissing(wanted.path, cause);
  });
  if (!facts.isFile()) throw modelMissing(wanted.path);
  return [wanted.path, facts.size, facts.mtimeMs, facts.ino, wanted.contextTokens, wanted.sequences, wanted.threads].join("|");
}

/**
 * Loads weights and allocates the context.
 * @throws MODEL_INVALID for a damaged file · MEMORY_LOW · ABORTED
 */
export async function loadModel(runtime: Runtime, wanted: GgufModel, signal: AbortSignal): Promise<LoadedModel> {
  const { llama, takeLog } = runtime;
  takeLog();
  await checkMemory(wanted, llama.gpu !== false);
  let model: LlamaModel | undefined;
  try {
    const weights = await llama.loadModel({ modelPath: wanted.path, loadSignal: signal, defaultContextFlashAttention: true });
    model = weights;
    const makeContext = (sequences: number) =>
      weights.createContext({
        contextSize: wanted.contextTokens,
        sequences,
        threads: wanted.threads,
        batchSize: batchSize(llama.gpu !== false, wanted.contextTokens),
        flashAttention: true,
        // Models with a sliding window forget the start of a prefix otherwise, and could not go back to it.
        swaFullCache: true,
        createSignal: signal,
        failedCreationRemedy: false,
      });
    const pool = await createSequencePool(makeContext, wanted.sequences);
    const plain = plainTokenizer(weights);
    return {
      model: weights,
      plain,
      prompts: promptMaker(weights, resolveChatWrapper(weights, { warningLogs: false }), plain),
      reader: createReader(batchSize(llama.gpu !== false, wanted.contextTokens)),
      pool,
      async dispose() {
        await pool.dispose();
        await weights.dispose();
      },
    };
  } catch (error) {
    await model?.dispose();
    // llama.cpp's reason reaches the log a turn of the event loop after the failure itself.
    await nextTurn();
    throw loadError(error, wanted.path, takeLog());
  }
}

const batchSize = (onDevice: boolean, contextTokens: number) =>
  Math.min(onDevice ? batchTokens.device : batchTokens.processor, contextTokens);

/**
 * Refuses a context that this machine could never hold: the library's own, finer estimate of it would not end for
 * hours. Also refuses a damaged header, before native code reads it.
 */
async function checkMemory({ path, contextTokens, sequences }: GgufModel, onDevice: boolean): Promise<void> {
  const { contextBytesPerToken } = await inspectGguf(path);
  const wantedBytes = contextTokens * sequences * contextBytesPerToken;
  const totalBytes = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  if (!onDevice && wantedBytes > totalBytes) throw memoryLow(path, new Error(`the context takes ${wantedBytes} of ${totalBytes} bytes`));
}
