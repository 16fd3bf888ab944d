import { afterAll, describe, expect, test } from "vitest";
import { createGeneration } from "../../src/main/engines/generation/generation.ts";
import { ask, callContext, syntheticModels } from "../helpers/generation.ts";

const models = syntheticModels();
const babbling = models.write({ contextTokens: 16_384 }, { contextTokens: 16_384 });
const endless = models.write({ answer: "abcdef", endless: true });
const engine = await createGeneration({ threads: 1, gpu: false, trustBinary: false });
afterAll(async () => {
  await engine.dispose();
  models.remove();
});

describe("cancelling", () => {
  // Catches losing the text that was already shown, and a computation that goes on behind a rejected call.
  test("while writing keeps what was written", async () => {
    const controller = new AbortController();
    let shown = 0;
    const call = callContext({ signal: controller.signal, onText: () => ++shown === 3 && controller.abort() });
    const output = await engine.methods.generate(ask(babbling, "hello", { maxTokens: 10_000 }), call.context);
    expect(output).toMatchObject({ stopReason: "aborted", text: call.text() });
    expect(call.pieces).toHaveLength(3);
    expect(output.completionTokens).toBeLessThan(30);
  });

  // Catches a prompt that is read to its end before anybody listens.
  test("while reading a prompt ends within one piece of it", async () => {
    const controller = new AbortController();
    const call = callContext({ signal: controller.signal, onCheckpoint: (count) => count === 3 && controller.abort() });
    const reading = engine.methods.generate(ask(babbling, "x".repeat(4_000)), call.context);
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
    expect(call.checkpoints()).toBe(3);
    // What was read stays in the cache: pieces of 32 to 128 tokens, not the whole prompt.
    const after = await engine.methods.generate(ask(babbling, "x".repeat(4_000), { maxTokens: 1 }), callContext().context);
    expect(after.cachedTokens).toBeGreaterThanOrEqual(64);
    expect(after.cachedTokens).toBeLessThan(1_000);
  });

  // Catches text of a template lost when the cancel comes while known text is read between two values.
  test("between the values of a template keeps what was written", async () => {
    const controller = new AbortController();
    const template = [
      { kind: "value" as const, name: "a", maxTokens: 2 },
      { kind: "text" as const, text: "known ".repeat(500) },
      { kind: "value" as const, name: "b", maxTokens: 2 },
    ];
    const call = callContext({ signal: controller.signal, onText: (text) => text.includes("known") && controller.abort() });
    const output = await engine.methods.generate(ask(babbling, "hello", { template }), call.context);
    expect(output).toMatchObject({ stopReason: "aborted", text: call.text(), values: { a: expect.any(String) } });
    expect(output.values).not.toHaveProperty("b");
  });

  // Catches half a JSON object refused with an error that hides the cancel.
  test("an answer by schema is cancelled, not truncated", async () => {
    const controller = new AbortController();
    const schema = { type: "object", properties: { a: { type: "string" } } };
    const call = callContext({ signal: controller.signal, onText: () => controller.abort() });
    await expect(engine.methods.generate(ask(babbling, "hello", { schema, maxTokens: 500 }), call.context)).resolves.toMatchObject({
      stopReason: "aborted",
    });
  });
});

describe("giving way", () => {
  // Catches a loop that never lets the arbiter in.
  test("there is a checkpoint before every piece of the prompt and every token", async () => {
    const call = callContext();
    const { completionTokens } = await engine.methods.generate(ask(babbling, "y".repeat(3_000), { maxTokens: 20 }), call.context);
    expect(call.checkpoints()).toBeGreaterThanOrEqual(completionTokens - 1 + 3_000 / 256);
  });

  // Catches a deadlock: the first call is paused and holds the only sequence, the second has the processor.
  test("a second call runs while the first one is paused, even with a single sequence and another model", async () => {
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const paused = callContext();
    let held = false;
    const context = {
      ...paused.context,
      async checkpoint() {
        if (paused.pieces.length < 2 || held) return paused.context.checkpoint();
        held = true;
        reached.resolve();
        await gate.promise;
      },
    };
    const first = engine.methods.generate(ask(endless, "hello", { maxTokens: 12, prefixKey: "first" }), context);
    await reached.promise;
    const second = await engine.methods.generate(
      ask(endless, "something else", { maxTokens: 4, prefixKey: "second" }),
      callContext().context,
    );
    expect(second.text).toBe("abcd");
    const other = models.write({ answer: "other" });
    await expect(engine.methods.generate(ask(other, "hello"), callContext().context)).resolves.toMatchObject({ text: "other" });
    gate.resolve();
    expect((await first).text).toBe("abcdefabcdef");
  });

  // Catches sequences that mix up each other's text.
  test("two sequences at once say what each says alone", async () => {
    const model = { ...babbling, contextTokens: 512, sequences: 2 };
    const alone = [];
    for (const text of ["one", "two"]) alone.push((await engine.methods.generate(ask(model, text), callContext().context)).text);
    const together = await Promise.all(["one", "two"].map((text) => engine.methods.generate(ask(model, text), callContext().context)));
    expect(together.map(({ text }) => text)).toEqual(alone);
  });
});
