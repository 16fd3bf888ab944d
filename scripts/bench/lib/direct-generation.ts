import { getLlama, LlamaChatSession, LlamaLogLevel, resolveChatWrapper } from "node-llama-cpp";
import { servePeer } from "./peer.ts";

export type DirectInput =
  | { kind: "load"; path: string; threads: number; contextTokens: number; sequences: number }
  | { kind: "ask"; system: string; prompt: string; maxTokens: number };
/** Milliseconds from the call to the first text and to the end; tokens that were sampled. */
export type DirectOutput = { text: string; tokens: number; firstMs: number; totalMs: number };

// node-llama-cpp as its documentation shows it: one session, one prompt at a time, greedy.
let ask: ((input: Extract<DirectInput, { kind: "ask" }>) => Promise<DirectOutput>) | undefined;

async function load({ path, threads, contextTokens, sequences }: Extract<DirectInput, { kind: "load" }>): Promise<void> {
  const llama = await getLlama({
    build: "never",
    skipDownload: true,
    progressLogs: false,
    maxThreads: threads,
    logLevel: LlamaLogLevel.error,
  });
  const model = await llama.loadModel({ modelPath: path });
  const context = await model.createContext({ contextSize: contextTokens, sequences, threads, flashAttention: true });
  const contextSequence = context.getSequence();
  const chatWrapper = resolveChatWrapper(model, { warningLogs: false });
  ask = async ({ system, prompt, maxTokens }) => {
    // A session of its own, so that its history does not grow; what prompts share stays evaluated, as with ours.
    const session = new LlamaChatSession({ contextSequence, chatWrapper, systemPrompt: system, autoDisposeSequence: false });
    const startedAt = performance.now();
    let firstMs = 0;
    let tokens = 0;
    const text = await session.prompt(prompt, {
      maxTokens,
      temperature: 0,
      onToken(sampled) {
        firstMs ||= performance.now() - startedAt;
        tokens += sampled.length;
      },
    });
    const totalMs = performance.now() - startedAt;
    session.dispose();
    return { text, tokens, firstMs, totalMs };
  };
}

servePeer<DirectInput, DirectOutput | undefined>(async (input) => {
  if (input.kind === "load") return load(input).then(() => undefined);
  if (!ask) throw new Error("No model is loaded.");
  return ask(input);
});
