import { expect, test } from "vitest";
import { createFakeGeneration } from "../../../src/main/engines/fakes/fake-generation.ts";
import { localProvider } from "../../../src/main/providers/local-provider.ts";
import { createModelRegistry } from "../../../src/main/providers/model-registry.ts";
import { AppError } from "../../../src/shared/errors.ts";

function localRegistry(options: Parameters<typeof createFakeGeneration>[0] = {}, trainContextTokens = 2048) {
  const host = createFakeGeneration(options);
  const resolveGguf = async (id: string) => {
    if (id !== "tiny") throw new AppError("MODEL_MISSING", `${id} is not installed.`);
    return { path: "/models/tiny.gguf", trainContextTokens };
  };
  const local = localProvider({ host, resolveGguf, threads: () => 1, sequences: 2, contextTokens: () => 4096 });
  return createModelRegistry({ local });
}
const question = [{ role: "user" as const, text: "one two three four" }];

// Catches a reference that reaches the wrong provider, or a bare name that reaches none.
test("a reference names a provider and a model; a bare name is local", async () => {
  const registry = localRegistry();
  expect((await registry.chatModel("local:tiny")).id).toBe("local:tiny");
  expect((await registry.chatModel("tiny")).id).toBe("local:tiny");
  await expect(registry.chatModel("nowhere:tiny")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(registry.chatModel("constructor:tiny")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(registry.chatModel("local:other")).rejects.toMatchObject({ code: "MODEL_MISSING" });
});

// Catches more context than the model was trained on, which yields nonsense, or none where the file does not tell.
test("the context is what is wanted, at most what the model was trained on", async () => {
  expect((await localRegistry({}, 2048).chatModel("tiny")).contextTokens).toBe(2048);
  expect((await localRegistry({}, 32768).chatModel("tiny")).contextTokens).toBe(4096);
  expect((await localRegistry({}, 0).chatModel("tiny")).contextTokens).toBe(4096);
});

// Catches a number of threads that counts from the next start of Croft only.
test("each answer is written with as many threads as are allowed by then", async () => {
  const engine = createFakeGeneration();
  const told: unknown[] = [];
  const call: typeof engine.call = (method, input, options) => {
    told.push(Reflect.get(Object(Reflect.get(Object(input), "model")), "threads"));
    return engine.call(method, input, options);
  };
  const host: typeof engine = Object.assign(Object.create(engine), { call });
  let allowed = 1;
  const provider = localProvider({
    host,
    resolveGguf: async () => ({ path: "/models/tiny.gguf", trainContextTokens: 2048 }),
    threads: () => allowed,
    sequences: 1,
    contextTokens: () => 2048,
  });
  const answer = async () => (await provider("tiny")).generate({ messages: question, maxTokens: 10, temperature: 0 });
  await answer();
  allowed = 3;
  await answer();
  expect(told).toEqual([1, 3]);
});

// Catches pieces that do not add up to the answer, and usage numbers that get lost on the way.
test("an answer streams and comes back with its usage", async () => {
  const model = await localRegistry().chatModel("tiny");
  const pieces: string[] = [];
  const output = await model.generate({ messages: question, maxTokens: 10, temperature: 0 }, { onText: (text) => void pieces.push(text) });
  expect(pieces.join("")).toBe(output.text);
  expect(output).toMatchObject({ stopReason: "end", completionTokens: 4 });
  expect(output.promptTokens).toBeGreaterThan(0);
});

// Catches losing the half of an answer that the person has already read.
test("aborted after output began, the answer is what there is; before, it rejects", async () => {
  const model = await localRegistry().chatModel("tiny");
  const controller = new AbortController();
  const output = await model.generate(
    { messages: question, maxTokens: 10, temperature: 0 },
    { signal: controller.signal, onText: () => controller.abort() },
  );
  expect(output).toMatchObject({ stopReason: "aborted", completionTokens: 1 });
  expect(question[0]?.text.startsWith(output.text)).toBe(true);
  await expect(model.generate({ messages: question, maxTokens: 10, temperature: 0 }, { signal: controller.signal })).rejects.toMatchObject({
    code: "ABORTED",
  });
});

// Catches a reading speed that is lost with the object: a model is asked for anew at every question.
test("the reading speed belongs to the model, not to the call", async () => {
  const engine = createFakeGeneration();
  const slow = { promptTokens: 400, cachedTokens: 100, promptMs: 3_000, loadMs: 0 };
  const host = { ...engine, call: async () => slow } as unknown as typeof engine;
  const resolveGguf = async () => ({ path: "/models/tiny.gguf", trainContextTokens: 0 });
  const registry = createModelRegistry({
    local: localProvider({ host, resolveGguf, threads: () => 1, sequences: 1, contextTokens: () => 4096 }),
  });
  const model = await registry.chatModel("tiny");
  expect(model.readingSpeed()).toBeUndefined();
  await model.warm(question);
  expect((await registry.chatModel("local:tiny")).readingSpeed()).toBe(100);
});

// Catches counting that goes around the model's own tokenizer.
test("tokens are counted by the engine", async () => {
  const model = await localRegistry().chatModel("tiny");
  expect(await model.countTokens(["one two", ""])).toEqual([2, 0]);
});
