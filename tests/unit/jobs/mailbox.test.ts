import { describe, expect, it } from "vitest";
import { createMailbox } from "../../../src/main/jobs/mailbox.ts";

describe("mailbox", () => {
  it("keeps only the newest of each key for a slow reader", async () => {
    const stop = new AbortController();
    const box = createMailbox<string, number>(stop.signal);
    for (let value = 1; value <= 1000; value += 1) box.put(value % 2 === 0 ? "even" : "odd", value);
    const read: number[] = [];
    for await (const value of box) {
      read.push(value);
      if (read.length === 2) stop.abort();
    }
    expect(read.sort()).toEqual([1000, 999].sort());
  });

  it("wakes a reader that waits, and lets it go when the signal fires", async () => {
    const stop = new AbortController();
    const box = createMailbox<string, number>(stop.signal);
    const reader = box[Symbol.asyncIterator]();
    const next = reader.next();
    box.put("a", 1);
    expect(await next).toEqual({ done: false, value: 1 });
    const last = reader.next();
    stop.abort();
    expect((await last).done).toBe(true);
  });
});
