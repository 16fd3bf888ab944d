import { isAbort } from "../../../../shared/errors.ts";
import type { Logger } from "../../../core/logger.ts";
import type { ChatModel } from "../../../providers/chat-model.ts";
import type { ThreadStore } from "./thread-store.ts";
import { checkedTitle, titlePrompt } from "./title.ts";

/** Nobody should wait for a name: it is thought of when nothing was asked for so long. */
const IDLE_MS = 2_000;
const TITLE_TOKENS = 16;

type TitlerDeps = {
  threads: Pick<ThreadStore, "get" | "path" | "rename">;
  chatModel: (id: string, options?: { contextTokens?: number | undefined }) => Promise<ChatModel>;
  log: Logger;
  idleMs?: number;
};

/**
 * Lets the model that answered first name a conversation, in the background and only while it is loaded anyway. The
 * title by rule stays where the model's is none, and a person's always.
 */
export function createTitler({ threads, chatModel, log, idleMs = IDLE_MS }: TitlerDeps) {
  const waiting = new Set<string>();
  let stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  let isClosed = false;

  async function name(id: string, signal: AbortSignal): Promise<void> {
    const thread = threads.get(id);
    const [question, answer, ...others] = threads.path(id, thread.leaf);
    if (thread.titled !== "rule" || others.length > 0 || !question || answer?.answer === undefined || answer.answer.refused) return;
    const { model: reference } = answer.answer;
    if (reference === "none") return;
    const model = await chatModel(reference, { contextTokens: thread.settings.contextTokens });
    if (model.isLoaded?.() !== true) return;
    const { text } = await model.generate(
      { messages: titlePrompt(question.text, answer.text), maxTokens: TITLE_TOKENS, temperature: 0, stop: ["\n"] },
      { signal, priority: "background" },
    );
    const title = checkedTitle(text, [question, answer]);
    // It may have been named, or removed, while the model thought.
    if (title !== undefined && !signal.aborted && threads.get(id).titled === "rule") threads.rename(id, title, "model");
  }

  async function nameAll(signal: AbortSignal): Promise<void> {
    for (const id of waiting) {
      if (signal.aborted) return;
      await name(id, signal).then(
        () => waiting.delete(id),
        (error: unknown) => {
          if (!isAbort(error)) waiting.delete(id);
          if (!isAbort(error)) log.warn("chat.title-failed", { error });
        },
      );
    }
  }

  return {
    /** A first answer was written: its conversation may get a name. */
    answered(thread: string): void {
      if (isClosed) return;
      waiting.add(thread);
      clearTimeout(timer);
      timer = setTimeout(() => {
        stop = new AbortController();
        working = nameAll(stop.signal);
      }, idleMs).unref();
    },
    /** Something is asked: names wait. */
    yield(): void {
      clearTimeout(timer);
      stop.abort();
    },
    async close(): Promise<void> {
      isClosed = true;
      clearTimeout(timer);
      stop.abort();
      await working;
    },
  };
}
