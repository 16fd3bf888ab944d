import { isAbort } from "../../shared/errors.ts";
import type { EngineHost } from "../engines/engine.ts";
import type { GenerationProtocol, GgufModel } from "../engines/generation/protocol.ts";
import type { CallGate } from "./call-gate.ts";
import type { ChatCallOptions, ChatModel, ChatOutput } from "./chat-model.ts";
import type { ReadingSpeed } from "./reading-speed.ts";

export type LocalChatModelOptions = {
  /** `local:…`. */
  id: string;
  host: EngineHost<GenerationProtocol>;
  gguf: GgufModel;
  /** Shared by every model of one host. */
  gate: CallGate;
  /** Kept from call to call for one model. */
  speed: ReadingSpeed;
  /** Told when the engine has used the model, and thus has it loaded. */
  onUse(): void;
  isLoaded(): boolean;
};

/** A model on this machine, run by the generation engine. */
export function localChatModel({ id, host, gguf, gate, speed, onUse, isLoaded }: LocalChatModelOptions): ChatModel {
  async function guarded<T>(options: ChatCallOptions, call: () => Promise<T>): Promise<T> {
    const leave = await gate.enter(options.priority ?? "interactive", options.signal);
    try {
      return await call();
    } finally {
      leave();
    }
  }

  return {
    id,
    capabilities: { schema: true, template: true, logProbabilities: true, prefix: true },
    contextTokens: gguf.contextTokens,
    readingSpeed: speed.tokensPerSecond,
    isLoaded,
    generate: (input, options = {}) =>
      guarded(options, async () => {
        const startedAt = performance.now();
        const pieces: string[] = [];
        let firstTokenMs = 0;
        const onItem = ({ text }: { text: string }) => {
          if (pieces.length === 0) onUse();
          firstTokenMs ||= performance.now() - startedAt;
          pieces.push(text);
          options.onText?.(text);
        };
        try {
          const { signal, priority } = options;
          const output = await host.call("generate", { ...input, model: gguf }, { signal, priority, onItem });
          speed.learn(output.promptTokens - output.cachedTokens, output.timings.promptMs);
          return output;
        } catch (error) {
          // The host answers an abort at once, before the engine could say what it had.
          if (!isAbort(error) || pieces.length === 0) throw error;
          return abortedOutput(pieces, firstTokenMs, performance.now() - startedAt);
        }
      }),
    warm: (messages, options = {}) =>
      guarded(options, async () => {
        const { signal, priority } = options;
        const { promptTokens, cachedTokens = 0, promptMs } = await host.call("warm", { model: gguf, messages }, { signal, priority });
        onUse();
        speed.learn(promptTokens - cachedTokens, promptMs);
      }),
    async countTokens(texts, { signal, priority } = {}) {
      const counts = await host.call("countTokens", { model: gguf, texts }, { signal, priority });
      onUse();
      return counts;
    },
  };
}

/** What was shown of an answer; how long its prompt was is not known then, and a piece counts as a token. */
function abortedOutput(pieces: readonly string[], firstTokenMs: number, totalMs: number): ChatOutput {
  return {
    text: pieces.join(""),
    stopReason: "aborted",
    promptTokens: 0,
    cachedTokens: 0,
    completionTokens: pieces.length,
    timings: { loadMs: 0, promptMs: 0, firstTokenMs, totalMs },
  };
}
