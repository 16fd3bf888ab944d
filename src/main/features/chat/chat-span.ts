import type { ChatOutput } from "../../providers/chat-model.ts";
import type { Span } from "../insights/index.ts";
import type { Turn } from "./turn.ts";

/** What a call of the model was, for the trace. Attribute names are OpenTelemetry's; those of Croft begin with `croft.`. */
export function chatSpan(turn: Turn, startedAt: number, output: ChatOutput): Span {
  return {
    name: "chat",
    startedAt,
    durationMs: output.timings.totalMs,
    attributes: {
      "gen_ai.request.model": turn.model,
      "gen_ai.usage.input_tokens": output.promptTokens,
      "gen_ai.usage.output_tokens": output.completionTokens,
      "croft.cached_tokens": output.cachedTokens,
      ...sureness(output),
    },
  };
}

/** Mean natural-log probability of the tokens, where the provider tells it: answers with a low one are wrong more often. */
export function meanLogProbability({ logProbabilities = [] }: ChatOutput): number | undefined {
  return logProbabilities.length === 0 ? undefined : logProbabilities.reduce((sum, value) => sum + value, 0) / logProbabilities.length;
}

function sureness(output: ChatOutput): { "croft.mean_log_probability"?: number } {
  const mean = meanLogProbability(output);
  return mean === undefined ? {} : { "croft.mean_log_probability": mean };
}
