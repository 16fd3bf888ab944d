import { availableParallelism } from "node:os";
import { createTop } from "./top.ts";

/** Rows of a block that are nearest to a query, best first. `similarities` are cosines. */
export type Nearest = { rows: Uint32Array; similarities: Float32Array };

/**
 * Looks through the first `count` vectors of a block (int8, row after row, from the start of its buffer) for the
 * `wanted` nearest; `wanted` is at most `count`.
 */
export type Scan = (block: Int8Array, count: number, query: Int8Array, wanted: number) => Nearest;

/** More threads than this do not pay for a block of 25 MB: memory is the limit. */
const maxThreads = 4;

/** The SIMD scan of usearch, or undefined where the package has no build for this platform. */
export async function loadSimdScan(): Promise<Scan | undefined> {
  try {
    const { exactSearch, MetricKind } = await import("usearch");
    const threads = Math.min(maxThreads, availableParallelism());
    return (block, count, query, wanted) => {
      const dimensions = query.length;
      // usearch reads from the start of the underlying buffer and ignores the offset of a view.
      if (block.byteOffset !== 0 || query.byteOffset !== 0) throw new RangeError("Vectors must start where their buffer starts.");
      const { keys, distances } = exactSearch(block.subarray(0, count * dimensions), query, dimensions, wanted, MetricKind.Cos, threads);
      return { rows: Uint32Array.from(keys, Number), similarities: distances.map((distance) => 1 - distance) };
    };
  } catch {
    return undefined;
  }
}

/** The same without native code, for platforms that usearch and sqlite-vec have no build for. */
export const plainScan: Scan = (block, count, query, wanted) => {
  const top = createTop(wanted);
  for (let row = 0; row < count; row++) top.offer(row, cosine(block, row * query.length, query));
  const found = top.take();
  return { rows: Uint32Array.from(found, ({ key }) => key), similarities: Float32Array.from(found, ({ score }) => score) };
};

/** The cosine of a query and the vector that starts at `offset`; 0 where either has no length. */
export function cosine(vectors: Int8Array, offset: number, query: Int8Array): number {
  let product = 0;
  let own = 0;
  let other = 0;
  for (let index = 0; index < query.length; index++) {
    const a = vectors[offset + index] ?? 0;
    const b = query[index] ?? 0;
    product += a * b;
    own += a * a;
    other += b * b;
  }
  return product / (Math.sqrt(own * other) || 1);
}
