import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { kernelCode } from "../../../scripts/kernel.ts";
import { type Kernel, loadSimdKernel } from "../../../src/main/engines/search/kernel.ts";
import { createPlainKernel } from "../../../src/main/engines/search/plain-kernel.ts";
import { paddedDimensions, writeSigns, writeTable } from "../../../src/main/engines/search/signs.ts";

const makeSimd = loadSimdKernel();

function createRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

it("is the WebAssembly of the text that is reviewed", async () => {
  const file = new URL("../../../src/main/engines/search/kernel-code.ts", import.meta.url);
  expect(readFileSync(file, "utf8")).toBe(await kernelCode());
});

it("computes the same in WebAssembly and in JavaScript, at odd counts and with every byte", () => {
  expect(makeSimd).toBeDefined();
  for (const { rows, steps, size } of [
    { rows: 1, steps: 1, size: 16 },
    { rows: 37, steps: 3, size: 96 },
    { rows: 1000, steps: 12, size: 384 },
  ]) {
    const answers = [makeSimd?.(), createPlainKernel()].map((kernel) => kernel && run(kernel, rows, steps, size));
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.found.length).toBeGreaterThan(0);
  }
});

function run(kernel: Kernel, rows: number, steps: number, size: number) {
  const random = createRandom(rows);
  const groups = Math.ceil(rows / 16);
  const at = { table: 0, histogram: 0, signs: 0, scores: 0, excluded: 0, vectors: 0, query: 0, found: 0, products: 0 };
  let end = 0;
  for (const [name, bytes] of Object.entries({
    table: steps * 128,
    histogram: 65_536 * 4,
    signs: groups * steps * 64,
    scores: groups * 32,
    excluded: groups * 16,
    vectors: rows * size,
    query: size,
    found: rows * 4,
    products: rows * 4,
  })) {
    Object.assign(at, { [name]: end });
    end += Math.ceil(bytes / 16) * 16;
  }
  kernel.grow(end);
  const bytes = new Uint8Array(kernel.buffer);
  for (let index = 0; index < steps * 128; index++) bytes[at.table + index] = Math.floor(random() * 32);
  for (let index = 0; index < groups * steps * 64; index++) bytes[at.signs + index] = Math.floor(random() * 256);
  for (let row = 0; row < rows; row++) bytes[at.excluded + row] = row > 0 && random() < 0.2 ? 1 : 0;
  // -127 and 127 throughout in the first row: the largest sums that can be.
  const small = new Int8Array(kernel.buffer);
  for (let index = 0; index < rows * size; index++) small[at.vectors + index] = index < size ? -127 : Math.floor(random() * 255) - 127;
  for (let index = 0; index < size; index++) small[at.query + index] = index % 2 === 0 ? 127 : -127;

  kernel.score(at.signs, groups, steps, at.table, at.scores);
  kernel.count(at.scores, at.excluded, rows, at.histogram);
  const scores = [...new Uint16Array(kernel.buffer, at.scores, rows)];
  const least = scores.toSorted((a, b) => a - b)[Math.floor(rows / 2)] ?? 0;
  const count = kernel.collect(at.scores, at.excluded, rows, least, at.found);
  kernel.multiply(at.vectors, size, at.query, at.found, count, at.products);
  return {
    scores,
    histogram: [...new Uint32Array(kernel.buffer, at.histogram, steps * 8 * 31 + 1)],
    found: [...new Uint32Array(kernel.buffer, at.found, count)],
    products: [...new Int32Array(kernel.buffer, at.products, count)],
  };
}

it("grows without losing what it holds, and says when it is full", () => {
  for (const kernel of [makeSimd?.(), createPlainKernel()]) {
    kernel?.grow(100);
    new Uint8Array(kernel?.buffer ?? new ArrayBuffer(0))[99] = 7;
    kernel?.grow(1_000_000);
    kernel?.grow(10);
    expect(kernel?.buffer.byteLength).toBeGreaterThanOrEqual(1_000_000);
    expect(new Uint8Array(kernel?.buffer ?? new ArrayBuffer(0))[99]).toBe(7);
    expect(() => kernel?.grow(2 ** 33)).toThrow(RangeError);
  }
});

it("orders rows by the inner product of the query with their signs, as far as 31 steps go", () => {
  const dimensions = 40;
  const random = createRandom(3);
  const vector = () => Int8Array.from({ length: dimensions }, () => Math.round((random() - 0.5) * 200));
  const kernel = createPlainKernel();
  const steps = paddedDimensions(dimensions) / 32;
  const [table, signs, scores] = [0, steps * 128, steps * 192];
  kernel.grow(scores + 32);
  const rows = Array.from({ length: 16 }, vector);
  const query = vector();
  const bytes = new Uint8Array(kernel.buffer);
  rows.forEach((row, index) => writeSigns(bytes, signs, index, row));
  const highest = writeTable(bytes, table, query);
  kernel.score(signs, 1, steps, table, scores);
  const got = [...new Uint16Array(kernel.buffer, scores, 16)];
  const wanted = rows.map((row) => row.reduce((sum, value, at) => sum + (value > 0 ? (query[at] ?? 0) : 0), 0));
  const order = (values: readonly number[]) => values.map((_, index) => index).toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  expect(Math.max(...got)).toBeLessThanOrEqual(highest);
  // Roundings of ten entries may swap neighbours, never the best with the worst.
  expect(order(got).slice(0, 5)).toContain(order(wanted)[0]);
  expect(order(got).slice(-5)).toContain(order(wanted).at(-1));
});

it("scores a query of zeros alike for every row instead of dividing by nothing", () => {
  const bytes = new Uint8Array(1024);
  expect(writeTable(bytes, 0, new Int8Array(40))).toBe(0);
  expect(bytes.every((value) => value === 0)).toBe(true);
});
