import type { Fit } from "../../../shared/contract/models.ts";

const megabyte = 1024 * 1024;
/** Compute buffers and the library itself, seen with the starter models at batches of 32 tokens. */
const generationOverhead = 150 * megabyte;
const inferenceOverhead = 120 * megabyte;
/** Context that is planned for when nobody asked for more. Tokens. */
export const plannedContextTokens = 4096;

export type FitInput = {
  format: "gguf" | "onnx";
  weightBytes: number;
  contextTokens?: number | undefined;
  contextBytesPerToken?: number | undefined;
  /** Bytes that a real load took, context included; corrects the sum. */
  learnedBytes?: number | undefined;
  /** Memory that can be had without swapping. Bytes. */
  availableBytes: number;
};

/**
 * Whether a model fits: weights + context + overhead against the memory that is free. Weights of a GGUF are mapped
 * from the file and can be dropped under pressure, but a model that does not fit whole crawls, so all of it counts.
 * An estimate corrected by a real load puts the difference into the overhead.
 */
export function estimateFit(input: FitInput): Fit {
  const tokens = Math.min(input.contextTokens ?? plannedContextTokens, plannedContextTokens);
  const context = input.format === "gguf" ? tokens * (input.contextBytesPerToken ?? 0) : 0;
  const guessed = input.format === "gguf" ? generationOverhead : inferenceOverhead;
  const learned = input.learnedBytes !== undefined;
  const overhead = input.learnedBytes === undefined ? guessed : Math.max(0, input.learnedBytes - input.weightBytes - context);
  const required = input.learnedBytes ?? input.weightBytes + context + overhead;
  const available = input.availableBytes;
  const verdict = required > available ? "too-large" : required > available * 0.8 ? "tight" : "fits";
  return { verdict, weights: input.weightBytes, context, overhead, required, available, learned };
}
