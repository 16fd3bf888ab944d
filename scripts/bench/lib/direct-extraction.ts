import { getLlama, type GbnfJsonSchema, LlamaChatSession, LlamaLogLevel, resolveChatWrapper } from "node-llama-cpp";
import { servePeer } from "./peer.ts";

export type DirectExtraction =
  | { kind: "load"; path: string; threads: number; contextTokens: number }
  | { kind: "ask"; system: string; prompt: string; fields: string[] };
export type DirectFields = { fields: Record<string, string>; ms: number };

// node-llama-cpp as its documentation shows it: a grammar made of a JSON schema, one document at a time, greedy.
let ask: ((input: Extract<DirectExtraction, { kind: "ask" }>) => Promise<DirectFields>) | undefined;

async function load({ path, threads, contextTokens }: Extract<DirectExtraction, { kind: "load" }>): Promise<void> {
  const llama = await getLlama({
    build: "never",
    skipDownload: true,
    progressLogs: false,
    maxThreads: threads,
    logLevel: LlamaLogLevel.error,
  });
  const model = await llama.loadModel({ modelPath: path });
  const context = await model.createContext({ contextSize: contextTokens, threads, flashAttention: true });
  const contextSequence = context.getSequence();
  const chatWrapper = resolveChatWrapper(model, { warningLogs: false });
  ask = async ({ system, prompt, fields }) => {
    const startedAt = performance.now();
    const schema = {
      type: "object",
      properties: Object.fromEntries(fields.map((field) => [field, { type: "string" }])),
    } as const satisfies GbnfJsonSchema;
    const grammar = await llama.createGrammarForJsonSchema(schema);
    const session = new LlamaChatSession({ contextSequence, chatWrapper, systemPrompt: system, autoDisposeSequence: false });
    try {
      const text = await session.prompt(prompt, { grammar, maxTokens: 300, temperature: 0 });
      const ms = performance.now() - startedAt;
      return { fields: stringsOf(text), ms };
    } finally {
      session.dispose();
    }
  };
}

/** What was cut off by the limit is no JSON, and holds nothing. */
function stringsOf(text: string): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null) return {};
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
  } catch {
    return {};
  }
}

servePeer<DirectExtraction, DirectFields | undefined>(async (input) => {
  if (input.kind === "load") return load(input).then(() => undefined);
  if (!ask) throw new Error("No model is loaded.");
  return ask(input);
});
