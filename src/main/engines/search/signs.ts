/**
 * Which components of a vector are above zero, one bit each, and the table that scores such bits against a whole query:
 * a row's score is the inner product of the query with the signs of the row, which orders rows nearly as their own
 * inner products do. Four bits choose one of 16 sums worked out beforehand, and 16 rows are looked up at once (Fabien
 * André et al., “Cache locality is not enough: high-performance nearest neighbor search with product quantization fast
 * scan”, VLDB 2015; one bit a dimension as in “RaBitQ”, Gao and Long, SIGMOD 2024, without its rotation, which gained
 * nothing on bge-small).
 */

/** Rows whose bytes stand together. */
export const rowsAGroup = 16;
/** The kernel takes the bits of four bytes at a time. */
const dimensionsAStep = 32;
const highestEntry = 31;
/** Larger components of a query count as this many times the usual one, lest a single one leave no steps to the others. */
const clip = 3;

/** Dimensions rounded up to what the kernel takes. */
export const paddedDimensions = (dimensions: number): number => Math.ceil(dimensions / dimensionsAStep) * dimensionsAStep;

/** Writes the signs of a vector as row `row` of a group of 16 that starts at `start`. */
export function writeSigns(bytes: Uint8Array, start: number, row: number, vector: Int8Array): void {
  const width = paddedDimensions(vector.length) / 8;
  for (let byte = 0; byte < width; byte++) {
    let bits = 0;
    for (let bit = 0; bit < 8; bit++) if ((vector[byte * 8 + bit] ?? 0) > 0) bits |= 1 << bit;
    bytes[start + byte * rowsAGroup + row] = bits;
  }
}

/** Writes 16 entries for each four dimensions of a query. @returns the highest score a row can have */
export function writeTable(bytes: Uint8Array, start: number, query: Int8Array): number {
  const usual = Math.sqrt(query.reduce((sum, value) => sum + value * value, 0) / query.length);
  const values = Float32Array.from(query, (value) => Math.max(-clip * usual, Math.min(clip * usual, value)));
  const parts = paddedDimensions(query.length) / 4;
  // Entries of a part run from the sum of its negative components to that of its positive ones.
  let widest = 0;
  for (let part = 0; part < parts; part++) {
    const width = values.subarray(part * 4, part * 4 + 4).reduce((sum, value) => sum + Math.abs(value), 0);
    widest = Math.max(widest, width);
  }
  const scale = widest > 0 ? highestEntry / widest : 0;
  let highest = 0;
  for (let part = 0; part < parts; part++) {
    let least = 0;
    for (let bit = 0; bit < 4; bit++) least += Math.min(0, values[part * 4 + bit] ?? 0);
    let best = 0;
    for (let bits = 0; bits < 16; bits++) {
      let sum = -least;
      for (let bit = 0; bit < 4; bit++) if (bits & (1 << bit)) sum += values[part * 4 + bit] ?? 0;
      const entry = Math.round(sum * scale);
      bytes[start + part * 16 + bits] = entry;
      best = Math.max(best, entry);
    }
    highest += best;
  }
  return highest;
}
