import type { Kernel } from "./kernel.ts";

const maxBytes = 2 ** 32;

/** kernel.wat in JavaScript: what the WebAssembly is tested against, and what stands in where there is none. */
export function createPlainKernel(): Kernel {
  let bytes = new Uint8Array(0);
  const words = (start: number, count: number) => new Uint32Array(bytes.buffer, start, count);
  const halves = (start: number, count: number) => new Uint16Array(bytes.buffer, start, count);

  return {
    get buffer() {
      return bytes.buffer;
    },
    grow(size) {
      if (size <= bytes.length) return;
      if (size > maxBytes) throw new RangeError("The memory of vectors is full.");
      // In steps, so that a thousand blocks are not copied a thousand times.
      const larger = new Uint8Array(Math.min(maxBytes, Math.max(size, bytes.length * 1.5)));
      larger.set(bytes);
      bytes = larger;
    },
    score(rows, groups, steps, table, scores) {
      const width = steps * 4;
      const sums = halves(scores, groups * 16);
      for (let row = 0; row < groups * 16; row++) {
        const start = rows + Math.floor(row / 16) * width * 16 + (row % 16);
        let sum = 0;
        for (let byte = 0; byte < width; byte++) {
          const both = bytes[start + byte * 16] ?? 0;
          sum += (bytes[table + byte * 32 + (both & 15)] ?? 0) + (bytes[table + byte * 32 + 16 + (both >> 4)] ?? 0);
        }
        sums[row] = sum;
      }
    },
    count(scores, excluded, rows, histogram) {
      const sums = halves(scores, rows);
      const counts = words(histogram, 65_536);
      for (let row = 0; row < rows; row++) if (bytes[excluded + row] === 0) counts[sums[row] ?? 0] = (counts[sums[row] ?? 0] ?? 0) + 1;
    },
    collect(scores, excluded, rows, least, found) {
      const sums = halves(scores, rows);
      const all = words(found, rows);
      let end = 0;
      for (let row = 0; row < rows; row++) if ((sums[row] ?? 0) >= least && bytes[excluded + row] === 0) all[end++] = row;
      return end;
    },
    multiply(vectors, size, query, found, count, products) {
      const small = new Int8Array(bytes.buffer);
      const sums = new Int32Array(bytes.buffer, products, count);
      words(found, count).forEach((row, index) => {
        let sum = 0;
        for (let at = 0; at < size; at++) sum += (small[vectors + row * size + at] ?? 0) * (small[query + at] ?? 0);
        sums[index] = sum;
      });
    },
  };
}
