import type { ChatMessage } from "../../engines/generation/protocol.ts";
import type { ChatModel } from "../../providers/chat-model.ts";
import { chatSpan } from "./chat-span.ts";
import type { Turn } from "./turn.ts";

/**
 * Lets the model write something that is not the answer but goes into it; counted and recorded like the answer.
 * @throws ABORTED also when it was stopped after its first word
 */
export async function writeAside(turn: Turn, model: ChatModel, messages: ChatMessage[], maxTokens: number): Promise<string> {
  const startedAt = turn.deps.now();
  const output = await model.generate(
    { messages, maxTokens, temperature: 0, prefixKey: `${turn.ids.thread} aside` },
    { signal: turn.signal },
  );
  turn.load += output.timings.loadMs;
  turn.usage = {
    ...turn.usage,
    promptTokens: turn.usage.promptTokens + output.promptTokens,
    completionTokens: turn.usage.completionTokens + output.completionTokens,
  };
  turn.spans.push(chatSpan(turn, startedAt, output));
  turn.signal.throwIfAborted();
  return output.text.trim();
}
