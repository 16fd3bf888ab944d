import type { Kernel } from "./kernel.ts";
import { createGroupMeans } from "./mean-similarity.ts";
import { createPagedIntegers } from "./paged-integers.ts";
import { smallLength } from "./quantise.ts";
import { paddedDimensions, rowsAGroup, writeSigns, writeTable } from "./signs.ts";
import { createTop } from "./top.ts";

/** Which keys may be found. One object stands for one set of keys: what is worked out for it is kept with it. */
export type Selection = { has(key: number): boolean };

export type Candidate = { key: number; similarity: number };

/** Every int8 vector of one embedder, in memory. */
export type Mirror = {
  readonly size: number;
  has(key: number): boolean;
  keys(): Uint32Array;
  /** Adds or replaces. The group is the language. @throws RangeError when the vectors need more than 4 GB */
  set(key: number, vector: Int8Array, group: string): void;
  delete(key: number): void;
  /** The mean cosine of a query and the vectors of the group it lies nearest to; 0 when there are none. */
  meanSimilarity(query: Float32Array): number;
  /** The `wanted` selected keys nearest to the query, best first, equal ones by key; fewer when there are fewer. */
  nearest(query: Int8Array, wanted: number, selection: Selection): Candidate[];
};

/** Rows of a block, to grow by and to work out a selection for. */
const blockRows = 1 << 14;
const histogramBytes = 65_536 * 4;

/**
 * So many rows are compared by their int8 vectors, those with the best signs; of a selection that holds no more, all.
 * docs/benchmarks.md has the share of true neighbours that is found so among a million.
 */
const compared = (wanted: number, rows: number): number => Math.max(8192, 32 * wanted + Math.ceil(rows / 64));

type Block = {
  /** Where its parts stand in the kernel's memory. */
  signs: number;
  vectors: number;
  scores: number;
  excluded: number;
  keys: Uint32Array;
  groups: Uint16Array;
  count: number;
  version: number;
  /** What `excluded` was worked out for, and how many rows it leaves. */
  chosen?: { selection: Selection; version: number; rows: number };
};

/**
 * An empty mirror in the memory of a kernel. Of a vector of 384 dimensions it keeps 384 bytes of int8, 48 of signs and
 * 13 of bookkeeping, and nothing is built: a row can be found as soon as it is set. A search scores all rows by their
 * signs, which is an eighth of the memory to go through, and compares the best of them by int8.
 */
export function createMirror(dimensions: number, kernel: Kernel): Mirror {
  const width = paddedDimensions(dimensions);
  const signBytes = width / 8;
  const table = 0;
  const query = table + width * 4;
  const histogram = query + width;
  const found = histogram + histogramBytes;
  const products = found + blockRows * 4;
  const firstBlock = products + blockRows * 4;
  const blockBytes = blockRows * (signBytes + width + 3);

  const blocks: Block[] = [];
  const rowOf = createPagedIntegers(-1);
  const means = createGroupMeans(dimensions);
  const groups: string[] = [];
  let size = 0;

  const blockAt = (row: number): Block | undefined => blocks[Math.floor(row / blockRows)];

  function groupIndex(name: string): number {
    const known = groups.indexOf(name);
    return known >= 0 ? known : groups.push(name) - 1;
  }

  function addBlock(): Block {
    const signs = firstBlock + blocks.length * blockBytes;
    kernel.grow(signs + blockBytes);
    const vectors = signs + blockRows * signBytes;
    const scores = vectors + blockRows * width;
    const block = {
      signs,
      vectors,
      scores,
      excluded: scores + blockRows * 2,
      keys: new Uint32Array(blockRows),
      groups: new Uint16Array(blockRows),
      count: 0,
      version: 0,
    };
    blocks.push(block);
    return block;
  }

  const vectorAt = (block: Block, inside: number): Int8Array => new Int8Array(kernel.buffer, block.vectors + inside * width, dimensions);

  function write(row: number, key: number, vector: Int8Array, group: number): void {
    const block = blockAt(row) ?? addBlock();
    const inside = row % blockRows;
    vectorAt(block, inside).set(vector);
    const lane = inside % rowsAGroup;
    writeSigns(new Uint8Array(kernel.buffer), block.signs + (inside - lane) * signBytes, lane, vector);
    block.keys[inside] = key;
    block.groups[inside] = group;
    block.count = Math.max(block.count, inside + 1);
    block.version++;
    rowOf.set(key, row);
  }

  /** Takes the row out of the mean of its group. */
  function uncount(block: Block, row: number): void {
    const inside = row % blockRows;
    means.remove(groups[block.groups[inside] ?? 0] ?? "", vectorAt(block, inside), 0);
  }

  /** Marks the rows that the selection leaves out. @returns how many it holds */
  function choose(block: Block, selection: Selection): number {
    const known = block.chosen;
    if (known?.selection === selection && known.version === block.version) return known.rows;
    const excluded = new Uint8Array(kernel.buffer, block.excluded, block.count);
    let rows = 0;
    for (let row = 0; row < block.count; row++) {
      const held = selection.has(block.keys[row] ?? 0);
      excluded[row] = held ? 0 : 1;
      if (held) rows++;
    }
    block.chosen = { selection, version: block.version, rows };
    return rows;
  }

  /** The lowest score that is still among the best `wanted`. */
  function leastScore(highest: number, wanted: number): number {
    const counts = new Uint32Array(kernel.buffer, histogram, highest + 1);
    let least = highest;
    for (let rows = counts[least] ?? 0; rows < wanted && least > 0; rows += counts[least] ?? 0) least--;
    return least;
  }

  return {
    get size() {
      return size;
    },
    has: (key) => rowOf.get(key) >= 0,
    keys() {
      const all = new Uint32Array(size);
      let offset = 0;
      for (const block of blocks) {
        all.set(block.keys.subarray(0, block.count), offset);
        offset += block.count;
      }
      return all;
    },
    set(key, vector, group) {
      const known = rowOf.get(key);
      const old = blockAt(known);
      if (old) uncount(old, known);
      write(old ? known : size, key, vector, groupIndex(group));
      means.add(group, vector, 0);
      if (!old) size++;
    },
    delete(key) {
      const row = rowOf.get(key);
      const block = blockAt(row);
      if (!block) return;
      uncount(block, row);
      // The last row takes the place of the one that goes: no holes.
      const last = --size;
      const from = blockAt(last) ?? block;
      const inside = last % blockRows;
      if (row !== last) write(row, from.keys[inside] ?? 0, vectorAt(from, inside), from.groups[inside] ?? 0);
      from.count--;
      from.version++;
      if (from.count === 0) blocks.pop();
      rowOf.set(key, -1);
    },
    meanSimilarity: means.highest,
    nearest(asked, wanted, selection) {
      kernel.grow(firstBlock);
      const bytes = new Uint8Array(kernel.buffer);
      const highest = writeTable(bytes, table, asked);
      new Int8Array(kernel.buffer, query, width).fill(0).set(asked);
      bytes.fill(0, histogram, histogram + (highest + 1) * 4);

      const held = blocks.map((block) => ({ block, rows: choose(block, selection) })).filter(({ rows }) => rows > 0);
      for (const { block } of held) {
        kernel.score(block.signs, Math.ceil(block.count / rowsAGroup), width / 32, table, block.scores);
        kernel.count(block.scores, block.excluded, block.count, histogram);
      }
      const total = held.reduce((sum, { rows }) => sum + rows, 0);
      const least = leastScore(highest, compared(wanted, total));
      const top = createTop(wanted);
      const square = smallLength(dimensions) ** 2;
      for (const { block } of held) {
        const count = kernel.collect(block.scores, block.excluded, block.count, least, found);
        kernel.multiply(block.vectors, width, query, found, count, products);
        const rows = new Uint32Array(kernel.buffer, found, count);
        const similarities = new Int32Array(kernel.buffer, products, count);
        for (let index = 0; index < count; index++) top.offer(block.keys[rows[index] ?? 0] ?? 0, (similarities[index] ?? 0) / square);
      }
      return top.take().map(({ key, score }) => ({ key, similarity: score }));
    },
  };
}
