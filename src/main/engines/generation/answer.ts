import type { SequenceEvaluateOptions, Token } from "node-llama-cpp";
import type { CallContext } from "../engine.ts";
import { constrain } from "./constraint.ts";
import { promptTooLong } from "./errors.ts";
import type { Grammars } from "./grammars.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { GenerateInput, GenerateItem, GenerateOutput, TemplatePart } from "./protocol.ts";
import type { Slot } from "./sequence-pool.ts";
import { sampleValue } from "./value.ts";

type ValuePart = Extract<TemplatePart, { kind: "value" }>;

export type Answer = Omit<GenerateOutput, "timings"> & {
  /** Tokens of `text` in the model's own spelling. */
  tokens: Token[];
  promptMs: number;
  /** When the first token was there, on the clock of `performance.now`. */
  firstTokenAt: number;
};

/** Everything that stays the same while one call is answered. */
export type AnswerRequest = {
  loaded: LoadedModel;
  grammars: Grammars;
  slot: Slot;
  input: GenerateInput;
  prompt: readonly Token[];
  stopTokens: ReadonlySet<Token>;
  stopTexts: readonly string[];
  /** Used where the input has none; the same seed and prompt give the same answer. */
  seed: number;
};

/**
 * Writes the answer: known text is read like a prompt, values are sampled. A plain answer is a template of one value.
 * @throws INVALID_INPUT for an overlong prompt or a value cut off before it could be parsed
 */
export async function writeAnswer(request: AnswerRequest, context: CallContext<GenerateItem>): Promise<Answer> {
  const { loaded, slot, input, prompt } = request;
  const { contextTokens } = input.model;
  const startedAt = performance.now();
  const parts: readonly TemplatePart[] = input.template ?? [plainPart(input)];
  const held: Token[] = [...prompt];
  const values: Record<string, string> = {};
  const confidences: number[] = [];
  let text = "";
  /** Text that is decided but not yet among the held tokens. */
  let pending = "";
  let promptTokens = 0;
  let cachedTokens = 0;
  let completionTokens = 0;
  let firstTokenAt = 0;
  let stopReason: GenerateOutput["stopReason"] = "end";

  const show = (piece: string) => {
    if (piece === "") return;
    text += piece;
    context.emit({ text: piece });
  };
  const addKnown = (known: string) => {
    pending += known;
    show(known);
  };
  /** Puts what is pending among the held tokens and reads it. */
  const catchUp = async () => {
    const known = loaded.plain(pending);
    held.push(...known);
    pending = "";
    promptTokens += firstTokenAt === 0 ? held.length : known.length;
    if (held.length >= contextTokens) throw promptTooLong(held.length, contextTokens);
    const read = await loaded.reader.read(slot.sequence, held, context);
    if (firstTokenAt === 0) cachedTokens = read.cachedTokens;
    return read.rest;
  };

  addKnown(input.answerPrefix ?? "");
  for (const [index, part] of parts.entries()) {
    if (part.kind === "text") {
      addKnown(part.text);
      continue;
    }
    const following = knownAfter(parts, index);
    if (part.choices?.length === 1) {
      addKnown(part.choices[0] ?? "");
      values[part.name] = part.choices[0] ?? "";
      continue;
    }
    const rest = await catchUp().catch((error: unknown) => {
      // Known text is read between values, too: what was written so far is kept.
      if (context.signal.aborted && completionTokens > 0) return undefined;
      throw error;
    });
    if (rest === undefined) {
      stopReason = "aborted";
      break;
    }
    const room = contextTokens - held.length - 1;
    const { constraint, accept } = await constrain(request.grammars, part, following);
    const markFirst = (piece: string) => {
      firstTokenAt ||= performance.now();
      show(piece);
    };
    const value = await sampleValue(
      loaded,
      slot.sequence,
      held,
      rest,
      {
        ...constraint,
        maxTokens: Math.min(part.maxTokens, room),
        stop: [...(part.stop ?? []), ...request.stopTexts],
        stopTokens: request.stopTokens,
        sampling: sampling(request, index),
        confidence: input.logProbabilities === true,
      },
      context,
      markFirst,
    );
    firstTokenAt ||= performance.now();
    completionTokens += value.sampled;
    confidences.push(...value.confidences);
    const aborted = value.reason === "aborted";
    const accepted = aborted ? value.text : accept(value);
    show(accepted.slice(value.text.length));
    values[part.name] = accepted;
    held.push(...value.tokens);
    pending = value.tail + accepted.slice(value.text.length);
    if (value.reason !== "end") stopReason = value.reason === "stop" && input.template ? stopReason : value.reason;
    if (aborted) break;
  }
  if (firstTokenAt === 0) firstTokenAt = performance.now();
  return {
    text,
    ...(input.template ? { values } : {}),
    stopReason,
    promptTokens,
    cachedTokens,
    completionTokens,
    ...(input.logProbabilities ? { logProbabilities: confidences.map((confidence) => Math.log(confidence)) } : {}),
    tokens: [...held.slice(prompt.length), ...loaded.plain(pending)],
    promptMs: firstTokenAt - startedAt,
    firstTokenAt,
  };
}

/** A plain answer, or one whole JSON value, as the only part of a template. */
function plainPart(input: GenerateInput): ValuePart {
  return {
    kind: "value",
    name: "answer",
    maxTokens: input.maxTokens,
    ...(input.schema ? { schema: input.schema } : {}),
    ...(input.stop ? { stop: input.stop } : {}),
  };
}

/** Known text right after a part: the grammar lets the model begin it, which is how a number says that it ends. */
function knownAfter(parts: readonly TemplatePart[], index: number): string {
  const next = parts[index + 1];
  return next?.kind === "text" ? next.text : "";
}

/** Each value of a template draws from a seed of its own: one sampler starts anew for each. */
function sampling({ input, seed }: AnswerRequest, index: number): Pick<SequenceEvaluateOptions, "temperature" | "topP" | "seed"> {
  if (input.temperature <= 0) return { temperature: 0 };
  return { temperature: input.temperature, seed: (seed + index) % 2 ** 32, ...(input.topP === undefined ? {} : { topP: input.topP }) };
}
