import { describe, expect, it } from "vitest";
import { createTokenFeed } from "../../../src/main/features/chat/token-feed.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("a token feed", () => {
  // Catches items that are lost because they came before anybody read.
  it("gives what was put before it was read, in order, then ends", async () => {
    const feed = createTokenFeed<number>();
    [1, 2, 3].forEach(feed.put);
    feed.end();
    expect(await Array.fromAsync(feed)).toEqual([1, 2, 3]);
  });

  // Catches a reader that sleeps through an item, or through the end.
  it("wakes its reader for every item and for the end", async () => {
    const feed = createTokenFeed<number>();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const item of feed) seen.push(item);
    })();
    for (const item of [1, 2]) {
      await turn();
      feed.put(item);
      await turn();
      expect(seen.at(-1)).toBe(item);
    }
    feed.end();
    await reading;
    expect(seen).toEqual([1, 2]);
  });

  // Catches an error that hides the tokens before it: the half answer would never be seen.
  it("that fails gives everything first and throws then, the very error", async () => {
    const feed = createTokenFeed<number>();
    const error = new Error("no");
    feed.put(1);
    feed.fail(error);
    const iterator = feed[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: 1 });
    await expect(iterator.next()).rejects.toBe(error);
  });

  // Catches a failure without a value that passes for a good end.
  it("that fails with nothing fails all the same", async () => {
    const feed = createTokenFeed<number>();
    feed.fail(undefined);
    await expect(
      Array.fromAsync(feed).then(
        () => "ended",
        () => "failed",
      ),
    ).resolves.toBe("failed");
  });

  // Catches falsy items that are taken for the absence of one.
  it("gives items that are empty, zero or null", async () => {
    const feed = createTokenFeed<string | number | null>();
    ["", 0, null].forEach((item) => feed.put(item));
    feed.end();
    expect(await Array.fromAsync(feed)).toEqual(["", 0, null]);
  });

  // Catches a producer that fails when nobody listens any more.
  it("may be put to after its reader left", async () => {
    const feed = createTokenFeed<number>();
    feed.put(1);
    for await (const _ of feed) break;
    expect(() => {
      feed.put(2);
      feed.end();
    }).not.toThrow();
  });
});
