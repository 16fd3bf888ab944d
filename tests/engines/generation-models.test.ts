import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createGeneration } from "../../src/main/engines/generation/generation.ts";
import { ask, callContext, syntheticModels } from "../helpers/generation.ts";

const models = syntheticModels();
const engine = await createGeneration({ threads: 1, gpu: false, trustBinary: false });
afterAll(async () => {
  await engine.dispose();
  models.remove();
});

const generate = (...given: Parameters<typeof ask>) => engine.methods.generate(ask(...given), callContext().context);
const inspect = (path: string) => engine.methods.inspect({ path }, callContext().context);

describe("model files", () => {
  // Catches a wrong code: the app tells people to download, or to free memory, by it.
  test("missing ones and folders are MODEL_MISSING", async () => {
    const model = models.write();
    const path = join(models.folder, "absent.gguf");
    await expect(generate({ ...model, path }, "hello")).rejects.toMatchObject({ code: "MODEL_MISSING", data: { path } });
    await expect(inspect(path)).rejects.toMatchObject({ code: "MODEL_MISSING" });
    mkdirSync(join(models.folder, "folder.gguf"));
    await expect(generate({ ...model, path: join(models.folder, "folder.gguf") }, "hello")).rejects.toMatchObject({
      code: "MODEL_MISSING",
    });
  });

  // Catches a broken file that crashes the thread or is taken for a lack of memory.
  test.each([
    ["empty", (path: string) => truncateSync(path, 0)],
    ["cut in its header", (path: string) => truncateSync(path, 900)],
    ["cut in its weights", (path: string) => truncateSync(path, 250_000)],
    ["cut in its last tensor", (path: string) => truncateSync(path, readFileSync(path).length - 20_000)],
    ["not a model", (path: string) => writeFileSync(path, "GGUFoolish text".repeat(1000))],
    [
      "without its tensors' names",
      (path: string) => writeFileSync(path, Buffer.from(readFileSync(path).toString("latin1").replaceAll("attn_q", "attn_x"), "latin1")),
    ],
  ])("%s is MODEL_INVALID, and the next model runs", async (_, breakFile) => {
    const model = models.write();
    breakFile(model.path);
    await expect(generate(model, "hello")).rejects.toMatchObject({ code: "MODEL_INVALID", data: { path: model.path } });
    await expect(generate(models.write({ answer: "fine" }), "hello")).resolves.toMatchObject({ text: "fine" });
  });

  // Catches a context that makes the system swap or the process die.
  test("a context too large for the memory is MEMORY_LOW", async () => {
    const model = models.write({ contextTokens: 2 ** 30 }, { contextTokens: 2 ** 30 });
    await expect(generate(model, "hello")).rejects.toMatchObject({ code: "MEMORY_LOW", hint: expect.stringContaining("context") });
    await expect(generate({ ...model, contextTokens: 512 }, "hello", { maxTokens: 2 })).resolves.toMatchObject({ completionTokens: 2 });
  });
});

describe("facts of a file", () => {
  // Catches a memory estimate that is wrong by the number of heads: two of four are kept, 16 wide, 2 layers, 2 bytes.
  test("come from its header", async () => {
    const model = models.write({ contextTokens: 2048 });
    const bytes = readFileSync(model.path).length;
    const facts = await inspect(model.path);
    expect(facts).toMatchObject({
      architecture: "llama",
      name: "synthetic",
      trainContextTokens: 2048,
      layers: 2,
      embeddingLength: 64,
      contextBytesPerToken: 2 * 2 * (16 + 16) * 2,
    });
    expect(facts.weightBytes).toBeGreaterThan(bytes * 0.9);
    expect(facts.weightBytes).toBeLessThan(bytes);
  });

  test("of a damaged header are MODEL_INVALID", async () => {
    const { path } = models.write();
    truncateSync(path, 300);
    await expect(inspect(path)).rejects.toMatchObject({ code: "MODEL_INVALID" });
  });
});

describe("loaded models", () => {
  // Catches loading at every call, and keeping more than one.
  test("one stays loaded, the one used last", async () => {
    const first = models.write();
    const second = models.write();
    expect((await generate(first, "hello", { maxTokens: 1 })).timings.loadMs).toBeGreaterThan(0);
    expect((await generate(first, "hello", { maxTokens: 1 })).timings.loadMs).toBe(0);
    expect((await generate(second, "hello", { maxTokens: 1 })).timings.loadMs).toBeGreaterThan(0);
    expect((await generate(first, "hello", { maxTokens: 1 })).timings.loadMs).toBeGreaterThan(0);
  });

  // Catches a limit off by one: llama.cpp has one runtime a process, so the second engine's is made after the first's.
  test("unload frees it, and the next call loads again", async () => {
    const model = models.write();
    await generate(model, "hello", { maxTokens: 1 });
    await engine.methods.unload({}, callContext().context);
    expect((await generate(model, "hello", { maxTokens: 1 })).timings.loadMs).toBeGreaterThan(0);
  });

  // Catches answers from a file that was replaced by another version.
  test("a replaced file is another model", async () => {
    const model = models.write({ answer: "old" });
    expect((await generate(model, "hello")).text).toBe("old");
    const next = models.write({ answer: "new" });
    writeFileSync(model.path, readFileSync(next.path));
    expect((await generate(model, "hello")).text).toBe("new");
  });

  // Catches a load that two callers start, and one that the first caller's cancel takes from the second.
  test("calls share a load, and only the last one's cancel ends it", async () => {
    const model = models.write({ answer: "abc" }, { sequences: 2 });
    const leaving = new AbortController();
    const left = engine.methods.generate(ask(model, "hello"), callContext({ signal: leaving.signal }).context);
    const stayed = generate(model, "hello");
    leaving.abort();
    await expect(left).rejects.toThrow();
    await expect(stayed).resolves.toMatchObject({ text: "abc" });
    const alone = new AbortController();
    const other = models.write({ answer: "xyz" });
    const gone = engine.methods.generate(ask(other, "hello"), callContext({ signal: alone.signal }).context);
    alone.abort();
    await expect(gone).rejects.toThrow();
    await expect(generate(other, "hello")).resolves.toMatchObject({ text: "xyz" });
  });
});
