import type { LlamaContext, LlamaContextSequence } from "node-llama-cpp";
import { expect, test } from "vitest";
import { createSequencePool } from "../../../src/main/engines/generation/sequence-pool.ts";

/** Contexts that only count: how many there are, and which sequences were cleared. */
function pretendContexts() {
  const alive = new Set<LlamaContext>();
  const cleared: unknown[] = [];
  const makeContext = async (): Promise<LlamaContext> => {
    const context = {
      getSequence() {
        const sequence = { clearHistory: async () => void cleared.push(sequence) };
        return sequence as unknown as LlamaContextSequence;
      },
      dispose: async () => void alive.delete(context),
    } as unknown as LlamaContext;
    alive.add(context);
    return context;
  };
  return { makeContext, alive, cleared };
}

// Catches a thread given another's sequence while its own is free: its prefix would be read anew.
test("a key gets its own sequence back, a new one the sequence unused for longest", async () => {
  const { makeContext } = pretendContexts();
  const pool = await createSequencePool(makeContext, 2);
  const a = await pool.take("a");
  await pool.give(a, true);
  const b = await pool.take("b");
  await pool.give(b, true);
  expect(b).not.toBe(a);
  expect(await pool.take("a")).toBe(a);
  await pool.give(a, true);
  expect(await pool.take("c")).toBe(b);
});

// Catches a new thread that reads the rules again, because a title was written in between where they were held.
test("a new key gets the sequence that begins alike, and other errands another one", async () => {
  const { makeContext } = pretendContexts();
  const pool = await createSequencePool(makeContext, 2);
  const use = async (key: string | undefined, opening: string) => {
    const slot = await pool.take(key, opening);
    await pool.give(slot, true);
    return slot;
  };
  const warmed = await use(undefined, "rules");
  expect(await use("first", "rules")).toBe(warmed);
  const title = await use("title", "name it");
  expect(title).not.toBe(warmed);
  expect(await use("second", "rules")).toBe(warmed);
  expect(await use("another title", "name it")).toBe(title);
  expect(await use("second", "rules")).toBe(warmed);
});

// Catches a call that waits for a sequence held by one that is paused for it.
test("when all are taken, a call gets a context of its own, which goes with it", async () => {
  const { makeContext, alive } = pretendContexts();
  const pool = await createSequencePool(makeContext, 1);
  const first = await pool.take("a");
  const second = await pool.take("a");
  expect(second).not.toBe(first);
  expect(alive.size).toBe(2);
  await pool.give(second, true);
  expect(alive.size).toBe(1);
  await pool.give(first, true);
  expect(await pool.take("a")).toBe(first);
  await pool.dispose();
  expect(alive.size).toBe(0);
});

// Catches a cache believed after an evaluation failed in the middle of it.
test("an unsound sequence is cleared and forgets its key", async () => {
  const { makeContext, cleared } = pretendContexts();
  const pool = await createSequencePool(makeContext, 2);
  const slot = await pool.take("a");
  await pool.give(slot, false);
  expect(cleared).toEqual([slot.sequence]);
  expect(slot.key).toBeUndefined();
});

// Catches answers of one thread put into the prompt of another, and memory that grows with a thread.
test("answers are remembered for their key only, and not for ever", async () => {
  const { makeContext } = pretendContexts();
  const pool = await createSequencePool(makeContext, 1);
  const slot = await pool.take("a");
  for (let answer = 0; answer < 20; answer++) pool.remember(slot, `answer ${answer}`, []);
  expect([...slot.answers.keys()]).toEqual(Array.from({ length: 8 }, (_, index) => `answer ${index + 12}`));
  await pool.give(slot, true);
  expect((await pool.take("a")).answers.size).toBe(8);
  await pool.give(slot, true);
  expect((await pool.take("b")).answers.size).toBe(0);
});
