import { LlamaGrammarEvaluationState } from "node-llama-cpp";
import type { LlamaContextSequence, LlamaGrammar, SequenceEvaluateOptions, Token } from "node-llama-cpp";
import type { CallContext } from "../engine.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { stopStrings } from "./stop-strings.ts";
import { tokenText } from "./token-text.ts";

/** Ends a value by its text so far; the length it returns is that of the value. */
export type EndOf = { push(piece: string): number | undefined };

export type ValueRequest = {
  maxTokens: number;
  stop: readonly string[];
  stopTokens: ReadonlySet<Token>;
  grammar?: LlamaGrammar;
  /** Says that a constrained value is complete. */
  end?: EndOf;
  sampling: Pick<SequenceEvaluateOptions, "temperature" | "topP" | "seed">;
  confidence: boolean;
};

export type Value = {
  text: string;
  reason: "end" | "stop" | "length" | "aborted";
  /** Tokens that spell `text` as far as whole tokens do; `tail` is the rest of it. */
  tokens: Token[];
  tail: string;
  sampled: number;
  confidences: number[];
};

/**
 * Samples one value after `held`, the tokens before it, of which the sequence holds all but `rest`.
 * `show` gets the text as it becomes final; what it got is always a beginning of the value's text.
 * When aborted with text there, the value is what there is; when aborted before, the abort is thrown.
 */
export async function sampleValue(
  loaded: LoadedModel,
  sequence: LlamaContextSequence,
  before: readonly Token[],
  rest: Token[],
  request: ValueRequest,
  context: Pick<CallContext, "signal" | "checkpoint">,
  show: (piece: string) => void,
): Promise<Value> {
  const decoder = tokenText(loaded.model, before);
  const stops = stopStrings(request.stop);
  const tokens: Token[] = [];
  const confidences: number[] = [];
  let text = "";
  let shown = 0;

  const showUpTo = (end: number) => {
    if (end > shown) show(text.slice(shown, end));
    shown = Math.max(shown, end);
  };
  /** Adds text; returns the value's length once it is complete. */
  const take = (piece: string): { end: number; reason: "end" | "stop" } | undefined => {
    text += piece;
    const end = request.end?.push(piece);
    const { stoppedAt, safe } = stops.push(piece);
    if (stoppedAt !== undefined && (end === undefined || stoppedAt <= end)) return { end: stoppedAt, reason: "stop" };
    if (end !== undefined) return { end, reason: "end" };
    showUpTo(safe);
    return undefined;
  };
  const finish = (end: number, reason: Value["reason"]): Value => {
    text = text.slice(0, end);
    showUpTo(end);
    let whole = 0;
    while (whole < tokens.length && (decoder.ends[whole] ?? Infinity) <= end) whole += 1;
    const tail = text.slice(decoder.ends[whole - 1] ?? 0);
    return { text, reason, tokens: tokens.slice(0, whole), tail, sampled: tokens.length, confidences };
  };

  if (request.maxTokens <= 0) return finish(0, "length");
  const grammarState = request.grammar && new LlamaGrammarEvaluationState({ model: loaded.model, grammar: request.grammar });
  const options: SequenceEvaluateOptions = { ...request.sampling, ...(grammarState ? { grammarEvaluationState: grammarState } : {}) };
  const sampler = sequence.evaluateWithMetadata(rest, { confidence: request.confidence }, options);
  try {
    for await (const next of sampler) {
      const { token } = next;
      if (request.stopTokens.has(token)) break;
      tokens.push(token);
      if ("confidence" in next && typeof next.confidence === "number") confidences.push(next.confidence);
      const complete = take(decoder.push(token));
      if (complete) return finish(complete.end, complete.reason);
      if (tokens.length >= request.maxTokens) return finish(text.length, "length");
      await context.checkpoint();
    }
  } catch (error) {
    if (context.signal.aborted && tokens.length > 0) return finish(text.length, "aborted");
    throw error;
  }
  return finish(text.length, "end");
}
