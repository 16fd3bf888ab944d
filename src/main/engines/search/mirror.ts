import { createGroupMeans } from "./mean-similarity.ts";
import { createPagedIntegers } from "./paged-integers.ts";
import { type Scan, similarity } from "./scan.ts";

/** Which keys may be found. One object stands for one set of keys: what is worked out for it is kept with it. */
export type Selection = { has(key: number): boolean };

export type Candidate = { key: number; similarity: number };

/** Every int8 vector of one embedder, in memory. */
export type Mirror = {
  readonly size: number;
  has(key: number): boolean;
  keys(): Uint32Array;
  /** Adds or replaces. The group is the language. */
  set(key: number, vector: Int8Array, group: string): void;
  delete(key: number): void;
  /** The mean cosine of a query and the vectors of the group it lies nearest to; 0 when there are none. */
  meanSimilarity(query: Float32Array): number;
  /** The `wanted` selected keys nearest to the query, best first, equal ones by key; fewer when there are fewer. */
  nearest(query: Int8Array, wanted: number, selection: Selection): Candidate[];
};

/** Rows of a block: 6 MB of 384 dimensions, small enough to be filled, copied and scanned in a few milliseconds. */
const blockRows = 1 << 14;
/** Fewer selected rows than this are compared one by one; more are copied together for the scan. */
const oneByOne = 256;
/** Where no more rows than this are left out of a block, that many more are asked for instead of copying the rest. */
const fewExcluded = 64;

type Block = { vectors: Int8Array; keys: Uint32Array; groups: Uint16Array; count: number; version: number; chosen?: Chosen };
/** The rows of a block that a selection holds, valid for one version of the block. */
type Chosen = { selection: Selection; version: number; rows: Uint32Array };

/** An empty mirror. `scan` is the SIMD scan. */
export function createMirror(dimensions: number, scan: Scan): Mirror {
  const blocks: Block[] = [];
  const rowOf = createPagedIntegers(-1);
  const scratch = new Int8Array(blockRows * dimensions);
  const means = createGroupMeans(dimensions);
  const groups: string[] = [];
  let size = 0;

  const blockAt = (row: number): Block | undefined => blocks[Math.floor(row / blockRows)];

  function groupIndex(name: string): number {
    const known = groups.indexOf(name);
    return known >= 0 ? known : groups.push(name) - 1;
  }

  function write(row: number, key: number, vector: Int8Array, group: number): void {
    const block = (blocks[Math.floor(row / blockRows)] ??= {
      vectors: new Int8Array(blockRows * dimensions),
      keys: new Uint32Array(blockRows),
      groups: new Uint16Array(blockRows),
      count: 0,
      version: 0,
    });
    const inside = row % blockRows;
    block.vectors.set(vector, inside * dimensions);
    block.keys[inside] = key;
    block.groups[inside] = group;
    block.count = Math.max(block.count, inside + 1);
    block.version++;
    rowOf.set(key, row);
  }

  /** Takes the row out of the mean of its group. */
  function uncount(block: Block, row: number): void {
    const inside = row % blockRows;
    means.remove(groups[block.groups[inside] ?? 0] ?? "", block.vectors, inside * dimensions);
  }

  /** Copies rows into the scratch block; neighbours, which the rows of a document are, at once. */
  function gather(block: Block, rows: Uint32Array): void {
    for (let start = 0; start < rows.length;) {
      const row = rows[start] ?? 0;
      let end = start + 1;
      while (end < rows.length && rows[end] === row + end - start) end++;
      scratch.set(block.vectors.subarray(row * dimensions, (row + end - start) * dimensions), start * dimensions);
      start = end;
    }
  }

  function search(block: Block, query: Int8Array, wanted: number, selection: Selection): Candidate[] {
    const { rows } = chosenRows(block, selection);
    if (rows.length === 0) return [];
    const excluded = block.count - rows.length;
    if (excluded <= fewExcluded) {
      const found = scan(block.vectors, block.count, query, Math.min(block.count, wanted + excluded));
      return candidates(block, found.rows, found.similarities).filter(({ key }) => selection.has(key));
    }
    if (rows.length <= oneByOne)
      return Array.from(rows, (row) => ({ key: block.keys[row] ?? 0, similarity: similarity(block.vectors, row * dimensions, query) }));
    gather(block, rows);
    const found = scan(scratch, rows.length, query, Math.min(rows.length, wanted));
    return candidates(
      block,
      found.rows.map((row) => rows[row] ?? 0),
      found.similarities,
    );
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
      means.add(group, vector, 0);
      write(known >= 0 ? known : size++, key, vector, groupIndex(group));
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
      if (row !== last)
        write(row, from.keys[inside] ?? 0, from.vectors.subarray(inside * dimensions, (inside + 1) * dimensions), from.groups[inside] ?? 0);
      from.count--;
      from.version++;
      if (from.count === 0) blocks.pop();
      rowOf.set(key, -1);
    },
    meanSimilarity: means.highest,
    nearest(query, wanted, selection) {
      const found = blocks.flatMap((block) => search(block, query, wanted, selection));
      return found.toSorted((a, b) => b.similarity - a.similarity || a.key - b.key).slice(0, wanted);
    },
  };
}

function chosenRows(block: Block, selection: Selection): Chosen {
  const known = block.chosen;
  if (known?.selection === selection && known.version === block.version) return known;
  const rows = new Uint32Array(block.count);
  let count = 0;
  for (let row = 0; row < block.count; row++) if (selection.has(block.keys[row] ?? 0)) rows[count++] = row;
  const chosen = { selection, version: block.version, rows: rows.slice(0, count) };
  block.chosen = chosen;
  return chosen;
}

function candidates(block: Block, rows: Uint32Array, similarities: Float32Array): Candidate[] {
  return Array.from(rows, (row, index) => ({ key: block.keys[row] ?? 0, similarity: similarities[index] ?? 0 }));
}
