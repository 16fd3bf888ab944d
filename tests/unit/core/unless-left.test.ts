import { expect, test } from "vitest";
import { unlessLeft } from "../../../src/main/core/unless-left.ts";

// Catches: a stop that is noticed when the work is done, or not at all since it came first.
test("who leaves is let go at once, before and after the wait began, and what is waited for goes on", async () => {
  const work = Promise.withResolvers<string>();
  const late = new AbortController();
  const waiting = unlessLeft(work.promise, late.signal);
  late.abort(new Error("left"));
  await expect(waiting).rejects.toThrow("left");
  await expect(unlessLeft(work.promise, AbortSignal.abort(new Error("never came")))).rejects.toThrow("never came");
  await expect(unlessLeft(Promise.resolve("done"), AbortSignal.abort(new Error("never came")))).rejects.toThrow("never came");
  work.resolve("done");
  expect(await work.promise).toBe("done");
});

test("who stays gets the result or the error, and the signal keeps nothing", async () => {
  const { signal } = new AbortController();
  expect(await unlessLeft(Promise.resolve(1), signal)).toBe(1);
  await expect(unlessLeft(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
});
