import type { Priority } from "../engines/engine.ts";
import type { ChatMessage, GenerateInput, GenerateOutput } from "../engines/generation/protocol.ts";

/** What a model is asked; the same for every provider. What a provider cannot do, its `capabilities` say. */
type ChatInput = Omit<GenerateInput, "model">;
export type ChatOutput = GenerateOutput;

export type ChatCallOptions = {
  signal?: AbortSignal | undefined;
  /** Default `interactive`. */
  priority?: Priority | undefined;
  /** Called with each piece of the answer; together they are its text. */
  onText?: ((text: string) => void) | undefined;
};

type Capabilities = {
  /** Output by a JSON schema, enforced while it is written. */
  schema: boolean;
  /** Known text that is read and not written. */
  template: boolean;
  logProbabilities: boolean;
  /** An evaluated prefix is kept under `prefixKey`. */
  prefix: boolean;
};

/** One language model, wherever it runs. Features know no other interface. */
export type ChatModel = {
  /** `provider:model`. */
  readonly id: string;
  readonly capabilities: Capabilities;
  /** Tokens of prompt and answer together. */
  readonly contextTokens: number;
  /**
   * Aborted after output began, it resolves with what there is and `stopReason: "aborted"`; before, it rejects.
   * @throws ABORTED · INVALID_INPUT with `data: { promptTokens, contextTokens }` for an overlong prompt, with
   *   `data.reason: "truncated"` for JSON cut off by `maxTokens` · NOT_SUPPORTED · MODEL_MISSING · MODEL_INVALID · MEMORY_LOW
   */
  generate(input: ChatInput, options?: ChatCallOptions): Promise<ChatOutput>;
  /** Reads what many prompts begin with ahead of time, where prefixes are kept; does nothing elsewhere. */
  warm(messages: readonly ChatMessage[], options?: ChatCallOptions): Promise<void>;
  /** Tokens of each text, without any template around it. */
  countTokens(texts: string[], options?: ChatCallOptions): Promise<number[]>;
  /** Whether a call would begin at once, without loading anything; absent where nothing is ever loaded. */
  isLoaded?(): boolean;
  /** Prompt tokens read a second on this machine, as measured so far; undefined before the first measurement. */
  readingSpeed(): number | undefined;
};
