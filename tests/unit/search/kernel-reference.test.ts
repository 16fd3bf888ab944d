import { describe, expect, it } from "vitest";
import { type Kernel, loadSimdKernel } from "../../../src/main/engines/search/kernel.ts";
import { createMirror } from "../../../src/main/engines/search/mirror.ts";
import { createPlainKernel } from "../../../src/main/engines/search/plain-kernel.ts";
import { quantise, smallLength } from "../../../src/main/engines/search/quantise.ts";
import { paddedDimensions, rowsAGroup, writeSigns, writeTable } from "../../../src/main/engines/search/signs.ts";
import { byScore } from "../../../src/main/engines/search/top.ts";
import { seeded } from "../../helpers/random-text.ts";

const simd = loadSimdKernel();
const kernels: [name: string, make: () => Kernel][] = [
  ["JavaScript", createPlainKernel],
  ...(simd ? [["WebAssembly", simd] as [string, () => Kernel]] : []),
];
const aligned = (size: number) => Math.ceil(size / 16) * 16;
const integers = (random: () => number, length: number, lowest: number, highest: number) =>
  Array.from({ length }, () => lowest + Math.floor(random() * (highest - lowest + 1)));

/** Rows of signs as the definition has them: four bits of a row choose one of sixteen entries, and the entries are added. */
function scoresByDefinition(rows: readonly (readonly number[])[], table: readonly number[]): number[] {
  return rows.map((row) => {
    let sum = 0;
    for (let part = 0; part * 4 < row.length; part += 1) {
      let bits = 0;
      for (let bit = 0; bit < 4; bit += 1) if ((row[part * 4 + bit] ?? 0) > 0) bits |= 1 << bit;
      sum += table[part * 16 + bits] ?? 0;
    }
    return sum;
  });
}

describe.each(kernels)("the kernel in %s against its definition", (_name, make) => {
  // Catches: a lane, a step or a nibble that is mixed up with its neighbour; the other kernel could have the same fault.
  it("scores signs as a table of sums says", () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const random = seeded(seed);
      const steps = 1 + Math.floor(random() * 6);
      const rows = 1 + Math.floor(random() * 70);
      const dimensions = steps * 32;
      const groups = Math.ceil(rows / rowsAGroup);
      const kernel = make();
      const table = 0;
      const signs = aligned(dimensions * 4);
      const scores = signs + aligned((groups * rowsAGroup * dimensions) / 8);
      kernel.grow(scores + groups * rowsAGroup * 2);
      const entries = integers(random, dimensions * 4, 0, 31);
      const bytes = new Uint8Array(kernel.buffer);
      bytes.set(entries, table);
      const made = Array.from({ length: rows }, () => integers(random, dimensions, -127, 127));
      made.forEach((row, index) => {
        const lane = index % rowsAGroup;
        writeSigns(bytes, signs + ((index - lane) * dimensions) / 8, lane, Int8Array.from(row));
      });
      kernel.score(signs, groups, steps, table, scores);
      expect([...new Uint16Array(kernel.buffer, scores, rows)], `seed ${seed}`).toEqual(scoresByDefinition(made, entries));
    }
  });

  // Catches: a row behind the last whole vector of sixteen that is not counted, or one that is excluded and is.
  it("counts and collects what is not excluded, at any number of rows", () => {
    for (let rows = 1; rows <= 70; rows += 1) {
      const random = seeded(rows);
      const kernel = make();
      const scores = 0;
      const excluded = aligned(rows * 2 + 32);
      const found = excluded + aligned(rows + 16);
      const histogram = found + aligned(rows * 4 + 64);
      kernel.grow(histogram + 65_536 * 4);
      const values = integers(random, rows, 0, 40);
      const out = integers(random, rows, 0, 1);
      new Uint16Array(kernel.buffer, scores, rows).set(values);
      new Uint8Array(kernel.buffer, excluded, rows).set(out);
      kernel.count(scores, excluded, rows, histogram);
      const counts = new Uint32Array(kernel.buffer, histogram, 64);
      for (let value = 0; value <= 41; value += 1) {
        expect(counts[value], `${rows} rows, ${value}`).toBe(values.filter((one, row) => one === value && out[row] === 0).length);
      }
      for (const least of [0, 20, 40, 41]) {
        const count = kernel.collect(scores, excluded, rows, least, found);
        const wanted = values.flatMap((value, row) => (value >= least && out[row] === 0 ? [row] : []));
        expect([...new Uint32Array(kernel.buffer, found, count)]).toEqual(wanted);
      }
    }
  });

  // Catches: a product that overflows, or loses a sign: -127 and 127 throughout are the largest there are.
  it("multiplies int8 vectors exactly, the largest among them", () => {
    for (let seed = 1; seed <= 15; seed += 1) {
      const random = seeded(seed);
      const size = 32 * (1 + Math.floor(random() * 48));
      const rows = 1 + Math.floor(random() * 20);
      const kernel = make();
      const vectors = 0;
      const query = aligned(rows * size);
      const found = query + aligned(size);
      const products = found + aligned(rows * 4);
      kernel.grow(products + rows * 4);
      const small = new Int8Array(kernel.buffer);
      const made = Array.from({ length: rows }, (_, row) =>
        row === 0 ? Array.from({ length: size }, () => -127) : integers(random, size, -127, 127),
      );
      made.forEach((row, index) => small.set(row, vectors + index * size));
      const asked = seed % 2 === 0 ? Array.from({ length: size }, () => 127) : integers(random, size, -127, 127);
      small.set(asked, query);
      const order = made.map((_, row) => row).toReversed();
      new Uint32Array(kernel.buffer, found, rows).set(order);
      kernel.multiply(vectors, size, query, found, rows, products);
      const wanted = order.map((row) => (made[row] ?? []).reduce((sum, value, at) => sum + value * (asked[at] ?? 0), 0));
      expect([...new Int32Array(kernel.buffer, products, rows)]).toEqual(wanted);
    }
  });

  // Catches: dimensions that are no multiple of what the kernel takes, whose padding counts.
  it.each([1, 2, 7, 31, 32, 33, 63, 100])("finds the nearest among vectors of %i dimensions, as a plain comparison does", (dimensions) => {
    const random = seeded(dimensions);
    const mirror = createMirror(dimensions, make());
    const held = new Map<number, Int8Array>();
    for (let key = 1; key <= 300; key += 1) {
      const vector = quantise(Float32Array.from({ length: dimensions }, () => random() - 0.5));
      held.set(key, vector);
      mirror.set(key, vector, key % 2 === 0 ? "en" : "de");
    }
    for (let key = 1; key <= 300; key += 7) {
      held.delete(key);
      mirror.delete(key);
    }
    for (let round = 0; round < 4; round += 1) {
      const query = quantise(Float32Array.from({ length: dimensions }, () => random() - 0.5));
      const selection = { has: (key: number) => round % 2 === 0 || key % 3 === 0 };
      const wanted = [...held]
        .filter(([key]) => selection.has(key))
        .map(([key, vector]) => ({
          key,
          score: vector.reduce((sum, value, at) => sum + value * (query[at] ?? 0), 0) / smallLength(dimensions) ** 2,
        }))
        .toSorted(byScore)
        .slice(0, 12);
      expect(mirror.nearest(query, 12, selection).map(({ key, similarity }) => ({ key, score: similarity }))).toEqual(wanted);
    }
  });

  it("gives equal vectors in the order of their keys, whatever order they came in", () => {
    const mirror = createMirror(16, make());
    const vector = quantise(Float32Array.from({ length: 16 }, (_, at) => at - 7));
    for (const key of [90, 3, 41, 7, 65_537, 12]) mirror.set(key, vector, "en");
    expect(mirror.nearest(vector, 4, { has: () => true }).map(({ key }) => key)).toEqual([3, 7, 12, 41]);
  });
});

describe("the table of a query", () => {
  // Catches: an entry above what five bits hold, which would overflow the sums of sixteen bits over thousands of dimensions.
  it("holds entries from 0 to 31 for any query, however lopsided", () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = seeded(seed);
      const dimensions = 1 + Math.floor(random() * 400);
      const query = Int8Array.from({ length: dimensions }, () => (random() < 0.05 ? 127 : Math.floor(random() * 9) - 4));
      const bytes = new Uint8Array(paddedDimensions(dimensions) * 4);
      const highest = writeTable(bytes, 0, query);
      expect(Math.max(...bytes)).toBeLessThanOrEqual(31);
      let best = 0;
      for (let part = 0; part < bytes.length; part += 16) best += Math.max(...bytes.subarray(part, part + 16));
      expect(highest).toBe(best);
    }
  });

  it("pads to what the kernel takes, and never to less", () => {
    expect([1, 31, 32, 33, 384, 385].map(paddedDimensions)).toEqual([32, 32, 32, 64, 384, 416]);
  });
});
