import type { EngineHost } from "../../engines/engine.ts";
import type { GenerationProtocol, GgufModel } from "../../engines/generation/protocol.ts";
import type { InferenceProtocol, OnnxModel } from "../../engines/inference/protocol.ts";
import type { Learned } from "./store-state.ts";

type Speed = NonNullable<Learned["speed"]>;
type Call<P extends GenerationProtocol | InferenceProtocol> = Pick<EngineHost<P>, "call">;

/** Written for this measurement; about 24 tokens a line in common vocabularies. */
const line = "A harbour keeps its boats through the winter, and in spring the owners return to paint, repair and launch them again. ";
const answerTokens = 32;
const texts = 32;

/** Tokens a second of a loaded chat model: reading about 300 tokens of prompt, writing 32. */
export async function benchGeneration(engine: Call<GenerationProtocol>, model: GgufModel, signal: AbortSignal): Promise<Speed> {
  const ask = (text: string, maxTokens: number) =>
    engine.call("generate", { model, messages: [{ role: "user", text }], maxTokens, temperature: 0 }, { signal, priority: "background" });
  await ask("Say hello.", 4); // loads the model and warms the caches
  const run = await ask(`${line.repeat(12)}\nRetell this in your own words, at length.`, answerTokens);
  const read = run.promptTokens - run.cachedTokens;
  const writingMs = run.timings.totalMs - run.timings.firstTokenMs;
  return {
    ...(run.timings.promptMs > 0 && read > 0 ? { promptTokensPerSecond: (read / run.timings.promptMs) * 1000 } : {}),
    ...(writingMs > 0 && run.completionTokens > 1 ? { tokensPerSecond: ((run.completionTokens - 1) / writingMs) * 1000 } : {}),
  };
}

/** Texts of about 200 tokens a second through a loaded embedder, or pairs through a reranker. */
export async function benchInference(
  engine: Call<InferenceProtocol>,
  model: OnnxModel,
  options: { reranks: boolean; threads: number; signal: AbortSignal },
): Promise<Speed> {
  const { reranks, threads, signal } = options;
  const run = (count: number) => {
    const passages = Array.from({ length: count }, (_, index) => `${index}. ${line.repeat(8)}`);
    const call = { signal, priority: "background" } as const;
    return reranks
      ? engine.call("rerank", { model, query: "What happens to boats in spring?", texts: passages, threads, budgetMs: 600_000 }, call)
      : engine.call("embed", { model, texts: passages, kind: "passage", threads }, call);
  };
  await run(2);
  const start = performance.now();
  await run(texts);
  return { textsPerSecond: (texts / (performance.now() - start)) * 1000 };
}
