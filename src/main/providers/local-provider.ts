import type { EngineHost } from "../engines/engine.ts";
import type { GenerationProtocol } from "../engines/generation/protocol.ts";
import { createCallGate } from "./call-gate.ts";
import { localChatModel } from "./local-chat-model.ts";
import type { Provider } from "./model-registry.ts";
import { createReadingSpeed } from "./reading-speed.ts";
import type { ReadingSpeed } from "./reading-speed.ts";

/** Where a local model lies; 0 for a context length that its file does not tell. */
type ResolvedGguf = { path: string; trainContextTokens: number };

export type LocalProviderOptions = {
  host: EngineHost<GenerationProtocol>;
  /** @throws MODEL_MISSING · NOT_FOUND · NOT_SUPPORTED */
  resolveGguf(id: string): Promise<ResolvedGguf>;
  /** Compute threads of an answer, asked at each. */
  threads(): number;
  /** Answers that may be under way at once; each has a context of its own. */
  sequences: number;
  /** Tokens of context for each of them; a model trained on fewer gets fewer. Read at every call. */
  contextTokens(): number;
  /** Prompt tokens a second to reckon with instead of measuring. */
  readingSpeed?: number | undefined;
};

/** The models on this machine. All answers share one engine, and thus one gate. */
export function localProvider({ host, resolveGguf, threads, sequences, contextTokens, readingSpeed }: LocalProviderOptions): Provider {
  const gate = createCallGate(sequences);
  const speeds = new Map<string, ReadingSpeed>();
  // The engine keeps the model that was used last, for as long as it runs.
  let loaded: { key: string; generation: number } | undefined;
  return async (name, options) => {
    const { path, trainContextTokens } = await resolveGguf(name);
    const speed = speeds.get(path) ?? createReadingSpeed(readingSpeed);
    speeds.set(path, speed);
    const wanted = options?.contextTokens ?? contextTokens();
    const gguf = {
      path,
      threads: threads(),
      sequences,
      contextTokens: trainContextTokens > 0 ? Math.min(wanted, trainContextTokens) : wanted,
    };
    const key = `${path}|${gguf.contextTokens}|${gguf.threads}`;
    const isRunning = () => host.state === "ready" || host.state === "busy";
    return localChatModel({
      id: `local:${name}`,
      host,
      gguf,
      gate,
      speed,
      onUse: () => (loaded = { key, generation: host.generation }),
      isLoaded: () => isRunning() && loaded?.key === key && loaded.generation === host.generation,
    });
  };
}
