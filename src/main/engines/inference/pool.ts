import type { Output } from "./load-network.ts";
import type { OnnxModel } from "./protocol.ts";

/**
 * One vector of length 1 from the states of a row's tokens: the first token's (`cls`) or the mean of its `tokens`
 * real ones. Undefined when it has no direction: not a number, infinite, or all zero.
 */
export function poolRow({ data, shape }: Output, row: number, tokens: number, pooling: OnnxModel["pooling"]): Float32Array | undefined {
  const [, length = 0, width = 0] = shape;
  const from = row * length * width;
  const vector = data.slice(from, from + width);
  if (pooling === "mean") {
    // The scale of the sum does not matter: the vector is normalised below.
    for (let token = 1; token < tokens; token += 1) {
      const at = from + token * width;
      for (let index = 0; index < width; index += 1) vector[index] = (vector[index] ?? 0) + (data[at + index] ?? 0);
    }
  }
  let sum = 0;
  for (const value of vector) sum += value * value;
  const norm = Math.sqrt(sum);
  if (!Number.isFinite(norm) || norm === 0) return undefined;
  for (let index = 0; index < width; index += 1) vector[index] = (vector[index] ?? 0) / norm;
  return vector;
}
