import { expect, test } from "vitest";
import type { Priority } from "../../../src/main/engines/engine.ts";
import { createCallGate } from "../../../src/main/providers/call-gate.ts";
import { createReadingSpeed } from "../../../src/main/providers/reading-speed.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

// Catches a place that is lost or given twice in some order of coming, going and giving up: answers would stop for good.
test("whatever comes, goes and gives up, the limit holds and everybody gets in", async () => {
  for (const limit of [1, 2, 3]) {
    const gate = createCallGate(limit);
    const inside = { interactive: 0, background: 0 };
    let entered = 0;
    let refused = 0;
    // A fixed sequence of small numbers, so that a failure can be repeated.
    let seed = 7 + limit;
    const next = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 16) % below;
    };
    const visit = async (priority: Priority, turns: number, givesUp: boolean) => {
      const stop = new AbortController();
      const waiting = gate.enter(priority, stop.signal);
      if (givesUp) stop.abort();
      const leave = await waiting.catch(() => undefined);
      if (!leave) {
        refused += 1;
        return;
      }
      entered += 1;
      inside[priority] += 1;
      expect(inside.interactive + inside.background).toBeLessThanOrEqual(limit);
      expect(inside.background).toBeLessThanOrEqual(Math.max(1, limit - 1));
      for (let passed = 0; passed < turns; passed += 1) await turn();
      inside[priority] -= 1;
      leave();
      leave();
    };
    const visits = Array.from({ length: 200 }, () => visit(next(2) === 0 ? "interactive" : "background", next(3), next(4) === 0));
    await Promise.all(visits);
    expect(entered + refused).toBe(200);
    expect(entered).toBeGreaterThan(100);
    await Promise.all(Array.from({ length: limit }, () => gate.enter("interactive")));
  }
});

// Catches a listener that is left on a signal which lives as long as the thread: a leak a question.
test("a call that got in no longer hears of its signal", async () => {
  const gate = createCallGate(1);
  const stop = new AbortController();
  const leave = await gate.enter("interactive", stop.signal);
  stop.abort();
  let isIn = false;
  const second = gate.enter("interactive").then(() => (isIn = true));
  await turn();
  expect(isIn).toBe(false);
  leave();
  await second;
});

// Catches background calls that pass each other: the oldest would wait forever under a steady stream.
test("calls of one priority get in in the order they came", async () => {
  const gate = createCallGate(1);
  const order: number[] = [];
  const leave = await gate.enter("background");
  const all = Array.from({ length: 10 }, (_, index) =>
    gate.enter("background").then((out) => {
      order.push(index);
      out();
    }),
  );
  leave();
  await Promise.all(all);
  expect(order).toEqual(Array.from({ length: 10 }, (_, index) => index));
});

// Catches a speed that a clock going backwards, or a measurement of nothing, makes zero, negative or infinite.
test("a reading speed stays a sensible number whatever is measured", () => {
  const speed = createReadingSpeed();
  for (const [tokens, ms] of [
    [100, -5],
    [100, 0],
    [0, 10],
    [-100, 10],
    [31, 1],
  ] as const)
    speed.learn(tokens, ms);
  expect(speed.tokensPerSecond()).toBeUndefined();
  speed.learn(32, 1_000);
  expect(speed.tokensPerSecond()).toBe(32);
});

// Catches two models that learn from each other's measurements.
test("reading speeds are kept apart", () => {
  const [fast, slow] = [createReadingSpeed(), createReadingSpeed()];
  fast.learn(1_000, 1_000);
  slow.learn(100, 1_000);
  expect([fast.tokensPerSecond(), slow.tokensPerSecond()]).toEqual([1_000, 100]);
});
