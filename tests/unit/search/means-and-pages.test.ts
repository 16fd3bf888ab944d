import { describe, expect, it } from "vitest";
import { createBreaker } from "../../../src/main/engines/breaker.ts";
import { createGroupMeans } from "../../../src/main/engines/search/mean-similarity.ts";
import { createPagedIntegers } from "../../../src/main/engines/search/paged-integers.ts";
import { dot, quantise, smallLength } from "../../../src/main/engines/search/quantise.ts";
import { seeded } from "../../helpers/random-text.ts";

const dimensions = 24;
const unit = (random: () => number, lean = 0) => {
  const raw = Array.from({ length: dimensions }, (_, index) => random() - 0.5 + (index === 0 ? lean : 0));
  const length = Math.hypot(...raw);
  return Float32Array.from(raw, (value) => value / length);
};

describe("the mean similarity of a query", () => {
  // Catches sums that drift from what is in the index as rows come and go.
  it("is that of what is held, after any order of adding and removing", () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const random = seeded(seed);
      const means = createGroupMeans(dimensions);
      const held: { group: string; vector: Int8Array }[] = [];
      for (let step = 0; step < 200; step += 1) {
        if (held.length > 0 && random() < 0.3) {
          const [gone] = held.splice(Math.floor(random() * held.length), 1);
          if (gone) means.remove(gone.group, gone.vector, 0);
        } else {
          const row = { group: ["en", "de", "zh"][Math.floor(random() * 3)] ?? "en", vector: quantise(unit(random, 1)) };
          held.push(row);
          means.add(row.group, row.vector, 0);
        }
      }
      const query = unit(random, 1);
      const cosine = (vector: Int8Array) => dot(query, Float32Array.from(vector)) / Math.hypot(...vector);
      const groups = Map.groupBy(held, ({ group }) => group);
      const mean = (rows: typeof held) => rows.reduce((sum, { vector }) => sum + cosine(vector), 0) / rows.length;
      const large = [...groups.values()].filter((rows) => rows.length >= 20).map(mean);
      expect(means.highest(query)).toBeCloseTo(large.length > 0 ? Math.max(...large) : mean(held), 6);
    }
  });

  it("of nothing is zero, and of few is that of all of them", () => {
    const means = createGroupMeans(dimensions);
    const random = seeded(3);
    const query = unit(random);
    expect(means.highest(query)).toBe(0);
    const vector = quantise(query);
    means.add("en", vector, 0);
    expect(means.highest(query)).toBeCloseTo(1, 2);
    means.remove("en", vector, 0);
    expect(means.highest(query)).toBe(0);
    // A vector of zeros has no direction, and must not make the mean no number.
    means.add("en", new Int8Array(dimensions), 0);
    expect(means.highest(query)).toBe(0);
  });
});

describe("a vector in small numbers", () => {
  it("orders neighbours as the large one does, within its rounding", () => {
    const random = seeded(5);
    const query = unit(random);
    for (let round = 0; round < 200; round += 1) {
      const vector = unit(random);
      const small = quantise(vector);
      expect(Math.max(...small.map(Math.abs))).toBeLessThanOrEqual(127);
      expect(dot(query, Float32Array.from(small)) / smallLength(dimensions)).toBeCloseTo(dot(query, vector), 1);
    }
    expect([...quantise(new Float32Array(4))]).toEqual([0, 0, 0, 0]);
    expect([...quantise(Float32Array.from([1e30, 0]))][1]).toBe(0);
  });
});

describe("integers by key", () => {
  // Catches a key that lands on another's page: keys at the edges of pages, and far apart.
  it("hold what a map holds", () => {
    const integers = createPagedIntegers(-1);
    const map = new Map<number, number>();
    const random = seeded(9);
    const edges = [0, 1, 65_535, 65_536, 65_537, 131_071, 131_072, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 32 + 65_536];
    for (let step = 0; step < 2_000; step += 1) {
      const key = random() < 0.5 ? (edges[Math.floor(random() * edges.length)] ?? 0) : Math.floor(random() * 300_000);
      const value = Math.floor(random() * 1e9) - 5e8;
      integers.set(key, value);
      map.set(key, value);
    }
    for (const [key, value] of map) expect(integers.get(key)).toBe(value);
    for (const key of [...edges, 7, 299_999, 400_000, 2 ** 33]) expect(integers.get(key)).toBe(map.get(key) ?? -1);
  });
});

describe("a breaker", () => {
  it("opens after failures in a row, tries again after the pause, and closes with a success", () => {
    let now = 1000;
    const breaker = createBreaker({ failures: 3, coolDownMs: 500, now: () => now });
    expect([breaker.failed(), breaker.failed(), breaker.allows()]).toEqual([false, false, true]);
    breaker.succeeded();
    expect([breaker.failed(), breaker.failed(), breaker.failed(), breaker.allows()]).toEqual([false, false, true, false]);
    now += 499;
    expect(breaker.allows()).toBe(false);
    now += 1;
    expect(breaker.allows()).toBe(true);
    expect([breaker.failed(), breaker.allows()]).toEqual([true, false]);
    now += 500;
    breaker.succeeded();
    expect([breaker.allows(), breaker.failed(), breaker.allows()]).toEqual([true, false, true]);
  });
});
