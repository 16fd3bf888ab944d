import { generate } from "./generate.ts";
import { planContext, promptOf } from "./prompt/plan-context.ts";
import { coldTokens } from "./prompt/told-history.ts";
import type { Turn, Written } from "./turn.ts";

/** A chat without sources: a conversation with its history, nothing to cite, and no claim to have. */
export async function answerPlainly(turn: Turn): Promise<Written> {
  const { deps, request, signal, settings } = turn;
  turn.put({ type: "sources", thread: turn.ids.thread, message: turn.ids.answer, passages: [], matched: 0 });
  const model = await deps.chatModel(turn.model);
  const wasLoaded = model.isLoaded?.() ?? true;
  const startedAt = deps.now();
  const plan = await planContext(
    {
      systemPrompt: settings.systemPrompt,
      maxTokens: settings.maxTokens,
      contextTokens: model.contextTokens,
      attachments: turn.attachments,
      history: turn.history,
      question: request.question,
      toldFrom: wasLoaded ? deps.told.get(turn.ids.thread) : undefined,
      // Who sets the context of a conversation wants it read.
      mostCold: settings.contextTokens === undefined ? coldTokens(model.readingSpeed()) : undefined,
    },
    deps.counter(model),
    signal,
  );
  // A conversation that is told from its first question on begins with that one.
  deps.told.set(turn.ids.thread, plan.history.messages[0]?.id ?? turn.ids.question);
  // The tokenizer comes with the model, and loading is in none of the other times.
  if (!wasLoaded) turn.load += deps.now() - startedAt;
  const text = await generate(turn, model, promptOf(plan, request.question), plan.answerTokens, settings.temperature);
  return { text, checked: { sentences: [], citations: [] }, refused: false, evidence: undefined, read: { passages: 0, matched: 0 } };
}
