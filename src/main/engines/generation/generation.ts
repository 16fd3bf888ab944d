import { randomInt } from "node:crypto";
import { AppError, isAbort } from "../../../shared/errors.ts";
import type { CallContext, CreateEngine } from "../engine.ts";
import { writeAnswer } from "./answer.ts";
import { promptTooLong } from "./errors.ts";
import { createGrammars } from "./grammars.ts";
import { inspectGguf } from "./inspect.ts";
import { startLlama } from "./llama.ts";
import { createModelStore } from "./model-store.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { checkMessages } from "./prompt.ts";
import type {
  ChatMessage,
  GenerateInput,
  GenerateItem,
  GenerateOutput,
  GenerationConfig,
  GenerationProtocol,
  GgufModel,
} from "./protocol.ts";
import type { Slot } from "./sequence-pool.ts";

/**
 * The generation engine: llama.cpp in this thread. Calls may run side by side, each in a sequence of its own.
 * @throws ENGINE_UNAVAILABLE when llama.cpp does not run on this machine
 */
export const createGeneration: CreateEngine<GenerationConfig, GenerationProtocol> = async (config) => {
  const runtime = await startLlama(config);
  const grammars = createGrammars(runtime.llama);
  const store = createModelStore(runtime, config.maxModels ?? 1);

  /** Runs `work` with the model loaded and a sequence to itself, and gives both back whatever happens. */
  async function withSlot<T>(
    { model, prefixKey, messages }: { model: GgufModel; prefixKey?: string; messages: readonly ChatMessage[] },
    signal: AbortSignal,
    work: (loaded: LoadedModel, slot: Slot, loadMs: number) => Promise<T>,
  ): Promise<T> {
    const { loaded, loadMs, release } = await store.acquire(model, signal);
    try {
      const slot = await loaded.pool.take(prefixKey, messages[0]?.text);
      let sound = false;
      try {
        const result = await work(loaded, slot, loadMs);
        sound = true;
        return result;
      } catch (error) {
        // Work stops between evaluations when it is cancelled or refused; only a failed evaluation leaves doubt.
        sound = error instanceof AppError || isAbort(error);
        throw error;
      } finally {
        await loaded.pool.give(slot, sound);
      }
    } finally {
      release();
    }
  }

  async function generate(input: GenerateInput, context: CallContext<GenerateItem>): Promise<GenerateOutput> {
    const startedAt = performance.now();
    checkInput(input);
    return withSlot(input, context.signal, async (loaded, slot, loadMs) => {
      const { tokens: prompt, stopTokens, stopTexts } = loaded.prompts.make(input.messages, slot.answers);
      const { tokens, promptMs, firstTokenAt, ...answer } = await writeAnswer(
        { loaded, grammars, slot, input, prompt, stopTokens, stopTexts, seed: input.seed ?? randomInt(2 ** 32) },
        context,
      );
      if (input.prefixKey !== undefined) loaded.pool.remember(slot, answer.text, tokens);
      return { ...answer, timings: { loadMs, promptMs, firstTokenMs: firstTokenAt - startedAt, totalMs: performance.now() - startedAt } };
    });
  }

  return {
    methods: {
      generate,
      async warm({ model, messages }, context) {
        checkMessages(messages, model.contextTokens, false);
        return withSlot({ model, messages }, context.signal, async (loaded, slot, loadMs) => {
          const startedAt = performance.now();
          const { tokens } = loaded.prompts.make(messages, slot.answers);
          if (tokens.length >= model.contextTokens) throw promptTooLong(tokens.length, model.contextTokens);
          const { rest, cachedTokens } = await loaded.reader.read(slot.sequence, tokens, context);
          await slot.sequence.evaluateWithoutGeneratingNewTokens(rest);
          return { promptTokens: tokens.length, cachedTokens, promptMs: performance.now() - startedAt, loadMs };
        });
      },
      async countTokens({ model, texts }, context) {
        const { loaded, release } = await store.acquire(model, context.signal);
        try {
          const counts: number[] = [];
          for (const text of texts) {
            await context.checkpoint();
            counts.push(loaded.plain(text).length);
          }
          return counts;
        } finally {
          release();
        }
      },
      inspect: ({ path }) => inspectGguf(path),
      async unload() {
        await store.unload();
        return null;
      },
    },
    async dispose() {
      await store.unload();
      await runtime.llama.dispose();
    },
  };
};

function checkInput(input: GenerateInput): void {
  checkMessages(input.messages, input.model.contextTokens, true);
  if (input.schema && input.template) throw new AppError("INVALID_INPUT", "An answer follows a schema or a template, not both.");
  if (input.maxTokens < 1)
    throw new AppError("INVALID_INPUT", "An answer needs at least one token.", { data: { maxTokens: input.maxTokens } });
  const names = (input.template ?? []).flatMap((part) => (part.kind === "value" ? [part.name] : []));
  if (new Set(names).size !== names.length) throw new AppError("INVALID_INPUT", "Two values of the template have the same name.");
}
