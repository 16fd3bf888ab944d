import { openChannel } from "./channel.ts";
import { withTrustedBinary } from "./generation/trusted-binary.ts";
import type { OnnxModel } from "./inference/protocol.ts";

export type ProbeQuestion =
  | { kind: "gguf"; path: string; threads: number }
  | { kind: "onnx"; model: OnnxModel; reranks: boolean; threads: number };
export type ProbeAnswer = { kind: "ready" } | { kind: "result"; result: { ok: boolean; message: string; memoryBytes?: number } };

/** Enough for one token, and a real size for the cache to be measured with. */
const contextTokens = 512;

/**
 * The entry of the process that loads a model file for the first time and makes one token or one vector with it.
 * Native code that aborts ends this process and nothing else.
 */
const channel = openChannel();
const answer = (message: ProbeAnswer) => channel.post(message);

channel.onMessage((message) => {
  void probe(message as ProbeQuestion).then(
    (memoryBytes) => answer({ kind: "result", result: { ok: true, message: "The model loads and computes.", memoryBytes } }),
    (error: unknown) =>
      answer({
        kind: "result",
        result: { ok: false, message: error instanceof Error ? error.message.slice(0, 500) : "The model does not load." },
      }),
  );
});
answer({ kind: "ready" });

/** @returns the memory that the loaded model added to this process, in bytes */
async function probe(question: ProbeQuestion): Promise<number> {
  const before = process.memoryUsage.rss();
  if (question.kind === "gguf") await makeToken(question.path, question.threads);
  else await makeVector(question.model, question.reranks, question.threads);
  return Math.max(0, process.memoryUsage.rss() - before);
}

async function makeToken(path: string, threads: number): Promise<void> {
  const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
  const load = () => getLlama({ gpu: false, build: "never", skipDownload: true, maxThreads: threads, logLevel: LlamaLogLevel.disabled });
  // Under Electron forking may be switched off; this process is itself what the library's self-test is for.
  const llama = await (process.versions["electron"] ? withTrustedBinary(load) : load());
  const model = await llama.loadModel({ modelPath: path, checkTensors: true });
  const context = await model.createContext({ contextSize: contextTokens, threads, batchSize: 32 });
  const sequence = context.getSequence();
  const tokens = model.tokenize("Hello", true);
  if (tokens.length === 0) throw new Error("The model knows no word.");
  // One step is enough; a model that ends its answer at once has computed, too.
  for await (const _token of sequence.evaluate(tokens, { temperature: 0 })) return;
}

async function makeVector(model: OnnxModel, reranks: boolean, threads: number): Promise<void> {
  const { AutoModel, AutoModelForSequenceClassification, AutoTokenizer, env } = await import("@xenova/transformers");
  env.allowRemoteModels = false;
  const options = {
    dtype: model.dtype,
    local_files_only: true,
    session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
  } as const;
  const tokenizer = await AutoTokenizer.from_pretrained(model.folder, { local_files_only: true });
  const loaded = await (reranks ? AutoModelForSequenceClassification : AutoModel).from_pretrained(model.folder, options);
  const inputs: unknown = tokenizer("Hello", { truncation: true, max_length: model.maxTokens });
  const output: { logits?: Shaped; last_hidden_state?: Shaped } = await loaded(inputs);
  const width = (reranks ? output.logits : output.last_hidden_state)?.dims.at(-1);
  if (width !== model.dimensions) throw new Error(`The model makes ${width ?? "no"} numbers where ${model.dimensions} were expected.`);
}

type Shaped = { dims: number[] };
