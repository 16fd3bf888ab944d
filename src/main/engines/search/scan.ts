import { smallLength } from "./quantise.ts";
import { createTop } from "./top.ts";

/** Rows of a block that are nearest to a query, best first. `similarities` are cosines as far as int8 goes. */
export type Nearest = { rows: Uint32Array; similarities: Float32Array };

/**
 * Looks through the first `count` vectors of a block (int8, row after row, from the start of its buffer) for the
 * `wanted` nearest; `wanted` is at most `count`.
 */
export type Scan = (block: Int8Array, count: number, query: Int8Array, wanted: number) => Nearest;

/** The SIMD scan of usearch, or undefined where the package has no build for this platform. */
export async function loadSimdScan(): Promise<Scan | undefined> {
  try {
    const { exactSearch, MetricKind } = await import("usearch");
    return (block, count, query, wanted) => {
      const dimensions = query.length;
      const square = smallLength(dimensions) ** 2;
      // One thread: usearch shares out queries, not rows. It reads from the start of the underlying buffer and ignores the offset of a view.
      if (block.byteOffset !== 0 || query.byteOffset !== 0) throw new RangeError("Vectors must start where their buffer starts.");
      const { keys, distances } = exactSearch(block.subarray(0, count * dimensions), query, dimensions, wanted, MetricKind.IP, 1);
      return { rows: Uint32Array.from(keys, Number), similarities: distances.map((distance) => (1 - distance) / square) };
    };
  } catch {
    return undefined;
  }
}

/** The same without native code, for platforms that usearch and sqlite-vec have no build for. */
export const plainScan: Scan = (block, count, query, wanted) => {
  const top = createTop(wanted);
  for (let row = 0; row < count; row++) top.offer(row, similarity(block, row * query.length, query));
  const found = top.take();
  return { rows: Uint32Array.from(found, ({ key }) => key), similarities: Float32Array.from(found, ({ score }) => score) };
};

/** The cosine, nearly, of a query and the vector that starts at `offset`, both of the length that `quantise` gives. */
export function similarity(vectors: Int8Array, offset: number, query: Int8Array): number {
  let product = 0;
  for (let index = 0; index < query.length; index++) product += (vectors[offset + index] ?? 0) * (query[index] ?? 0);
  return product / smallLength(query.length) ** 2;
}
