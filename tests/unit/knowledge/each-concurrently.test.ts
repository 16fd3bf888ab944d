import { describe, expect, it } from "vitest";
import { eachConcurrently, inSlices } from "../../../src/main/features/knowledge/slices.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("working at several items at once", () => {
  // Catches a limit that is exceeded (every file of a folder open at once) or never reached (one after the other).
  it("runs as many as allowed and no more, and every item once", async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;
    await eachConcurrently(
      Array.from({ length: 25 }, (_, index) => index),
      4,
      async (item) => {
        running += 1;
        most = Math.max(most, running);
        await turn();
        running -= 1;
        done.push(item);
      },
    );
    expect(most).toBe(4);
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, index) => index));
  });

  // Catches a source that is read to its end before the first item is worked at: a file of millions of records in memory.
  it("takes the next item only when there is room for it", async () => {
    let given = 0;
    const open: (() => void)[] = [];
    async function* source() {
      for (; given < 10;) yield given++;
    }
    const all = eachConcurrently(source(), 2, () => new Promise<void>((resolve) => open.push(resolve)));
    await turn();
    expect(given).toBeLessThanOrEqual(3);
    while (given < 10 || open.length > 0) {
      open.shift()?.();
      await turn();
    }
    await all;
    expect(given).toBe(10);
  });

  // Catches a failure that leaves the others running behind the caller's back, or that is replaced by a later one.
  it("stops at the first failure, waits for what runs, and throws that failure", async () => {
    const started: number[] = [];
    let finished = 0;
    const work = async (item: number) => {
      started.push(item);
      await turn();
      if (item === 1) throw new Error("first");
      await turn();
      finished += 1;
      if (item === 2) throw new Error("second");
    };
    await expect(eachConcurrently([0, 1, 2, 3, 4, 5, 6, 7, 8], 3, work)).rejects.toThrow("first");
    expect(started.length).toBeLessThan(9);
    expect(finished).toBe(started.length - 1);
  });

  // Catches a file that breaks off while its first records are still being written: the caller would go on beside them.
  it("waits for what runs when the source itself fails", async () => {
    let finished = 0;
    async function* source() {
      yield 1;
      yield 2;
      throw new Error("The file broke off.");
    }
    const work = async () => {
      await turn();
      await turn();
      finished += 1;
    };
    await expect(eachConcurrently(source(), 8, work)).rejects.toThrow("broke off");
    expect(finished).toBe(2);
  });

  // Catches a source that stays open after a failure: its file handle would leak.
  it("closes its source when the work fails", async () => {
    let isClosed = false;
    async function* source() {
      try {
        for (let item = 0; ; item += 1) {
          await turn();
          yield item;
        }
      } finally {
        isClosed = true;
      }
    }
    await expect(eachConcurrently(source(), 2, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(isClosed).toBe(true);
  });

  // Catches waiting for a race that nobody runs in.
  it("is done at once with nothing", async () => {
    await expect(eachConcurrently([], 3, () => Promise.reject(new Error("no")))).resolves.toBeUndefined();
  });
});

describe("working in slices", () => {
  // Catches a last slice that is forgotten, or an offset that is off by one.
  it("covers every item once, with the place of each slice", async () => {
    const slices: [number, readonly string[]][] = [];
    await inSlices(["a", "b", "c", "d", "e"], 2, new AbortController().signal, (slice, first) => void slices.push([first, slice]));
    expect(slices).toEqual([
      [0, ["a", "b"]],
      [2, ["c", "d"]],
      [4, ["e"]],
    ]);
  });

  // Catches a core that answers nobody while a large document is written.
  it("lets others run between slices, and stops there when it is aborted", async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    setImmediate(() => {
      seen.push("another");
      stop.abort();
    });
    const work = inSlices([1, 2, 3, 4], 1, stop.signal, ([item]) => void seen.push(`slice ${item}`));
    await expect(work).rejects.toMatchObject({ name: "AbortError" });
    expect(seen[0]).toBe("slice 1");
    expect(seen).toContain("another");
    expect(seen).not.toContain("slice 4");
  });
});
