import type { ChatMessage } from "../../engines/generation/protocol.ts";
import type { ChatModel } from "../../providers/chat-model.ts";
import { plainPrompt } from "./prompt.ts";
import { show, type Turn, type Written } from "./turn.ts";

const PLAIN_ANSWER_TOKENS = 768;

/** Lets the model answer, shown as it is written. @throws ABORTED also when it was stopped after its first word */
export async function generate(turn: Turn, model: ChatModel, messages: ChatMessage[], maxTokens: number): Promise<string> {
  const startedAt = turn.deps.now();
  const output = await model.generate(
    { messages, maxTokens, temperature: 0, prefixKey: turn.ids.thread },
    { signal: turn.signal, onText: (text) => show(turn, text) },
  );
  turn.load += output.timings.loadMs;
  turn.usage = { promptTokens: output.promptTokens, completionTokens: output.completionTokens };
  turn.spans.push({
    name: "chat",
    startedAt,
    durationMs: output.timings.totalMs,
    attributes: {
      "gen_ai.request.model": turn.model,
      "gen_ai.usage.input_tokens": output.promptTokens,
      "gen_ai.usage.output_tokens": output.completionTokens,
      "croft.cached_tokens": output.cachedTokens,
    },
  });
  turn.signal.throwIfAborted();
  return output.text.trim();
}

/** A chat without sources: nothing to cite, and no claim to have. */
export async function answerPlainly(turn: Turn): Promise<Written> {
  turn.put({ type: "sources", thread: turn.ids.thread, message: turn.ids.answer, passages: [], matched: 0 });
  const model = await turn.deps.chatModel(turn.model);
  const text = await generate(turn, model, plainPrompt(turn.request.question, turn.history), PLAIN_ANSWER_TOKENS);
  return { text, checked: { sentences: [], citations: [] }, refused: false, evidence: undefined, read: { passages: 0, matched: 0 } };
}
