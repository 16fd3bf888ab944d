const pageBits = 16;
const pageSize = 1 << pageBits;

/** Integers by key, in pages that exist only where keys do: row keys only grow, and old ones go away together. */
export type PagedIntegers = { get(key: number): number; set(key: number, value: number): void };

/** `absent` is what a key holds that was never set. */
export function createPagedIntegers(absent: number): PagedIntegers {
  const pages: (Int32Array | undefined)[] = [];
  return {
    get: (key) => pages[Math.floor(key / pageSize)]?.[key & (pageSize - 1)] ?? absent,
    set(key, value) {
      const index = Math.floor(key / pageSize);
      const page = (pages[index] ??= new Int32Array(pageSize).fill(absent));
      page[key & (pageSize - 1)] = value;
    },
  };
}
