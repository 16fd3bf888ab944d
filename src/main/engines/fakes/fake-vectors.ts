import { createHash } from "node:crypto";

/** Words as the fakes count them: runs of letters and digits, lower-cased. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/**
 * A vector of length 1 in which texts that share words lie near each other: every word adds to four dimensions
 * chosen by its hash, once for each time it occurs. A text without words points along the first dimension.
 */
export function bagOfWords(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of wordsOf(text)) {
    const hash = createHash("sha256").update(word).digest();
    for (let at = 0; at < 16; at += 4) {
      const index = hash.readUInt32LE(at) % dimensions;
      vector[index] = (vector[index] ?? 0) + 1;
    }
  }
  const length = Math.hypot(...vector);
  if (length === 0) vector[0] = 1;
  else for (let index = 0; index < dimensions; index += 1) vector[index] = (vector[index] ?? 0) / length;
  return vector;
}

/** Share of the query's different words that the text has, 0–1. */
export function wordOverlap(query: string, text: string): number {
  const wanted = new Set(wordsOf(query));
  const present = new Set(wordsOf(text));
  return wanted.size === 0 ? 0 : [...wanted].filter((word) => present.has(word)).length / wanted.size;
}
