import type { ChatMessage } from "../../engines/generation/protocol.ts";
import type { ChatModel, ChatOutput } from "../../providers/chat-model.ts";
import { chatSpan, meanLogProbability } from "./chat-span.ts";
import { show, type Turn } from "./turn.ts";

/** Lets the model answer, shown as it is written; where a stopped answer is continued, from its words on. @throws ABORTED also when it was stopped after its first word */
export async function generate(turn: Turn, model: ChatModel, messages: ChatMessage[], maxTokens: number, temperature = 0): Promise<string> {
  const startedAt = turn.deps.now();
  const output = await model.generate(
    {
      messages,
      maxTokens,
      temperature,
      prefixKey: turn.ids.thread,
      ...(turn.begun ? { answerPrefix: turn.begun } : {}),
      ...(model.capabilities.logProbabilities ? { logProbabilities: true } : {}),
    },
    { signal: turn.signal, onText: (text) => show(turn, text) },
  );
  turn.load += output.timings.loadMs;
  turn.usage = { promptTokens: output.promptTokens, completionTokens: output.completionTokens, ...speedOf(output) };
  turn.cut = output.stopReason === "length";
  turn.sureness = meanLogProbability(output);
  turn.spans.push(chatSpan(turn, startedAt, output));
  turn.signal.throwIfAborted();
  return output.text.trim();
}

/** The first token waits for the prompt and says nothing of writing. */
function speedOf({ completionTokens, timings }: ChatOutput): { tokensPerSecond?: number } {
  const ms = timings.totalMs - timings.firstTokenMs;
  return completionTokens < 2 || ms <= 0 ? {} : { tokensPerSecond: ((completionTokens - 1) / ms) * 1000 };
}
