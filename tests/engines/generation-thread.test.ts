import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { createArbiter } from "../../src/main/engines/arbiter.ts";
import { createEngineHost } from "../../src/main/engines/engine-host.ts";
import { entryUrl } from "../../src/main/engines/entries.ts";
import type { GenerationConfig, GenerationProtocol } from "../../src/main/engines/generation/protocol.ts";
import { threadSpawner } from "../../src/main/engines/spawn-thread.ts";
import { codeOf, firstItem, recordingLog, untilState } from "../helpers/engine-hosts.ts";
import { ask, syntheticModels } from "../helpers/generation.ts";

const models = syntheticModels();
const endless = models.write(
  { answer: "abcdef", endless: true, contextTokens: 16_384, layers: 6, width: 256 },
  { contextTokens: 8_192, sequences: 2, threads: 1 },
);
afterAll(models.remove);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const host of open.splice(0)) await host.close();
});

function start({ idleMs = 60_000, url = entryUrl("generation") }: { idleMs?: number; url?: URL } = {}) {
  const { log, events } = recordingLog();
  const host = createEngineHost<GenerationConfig, GenerationProtocol>({
    name: "generation",
    config: { threads: 1, gpu: false, trustBinary: false },
    spawn: threadSpawner(url),
    arbiter: createArbiter({ cores: 1 }),
    threads: { generate: 1, warm: 1, countTokens: 1, inspect: 0, unload: 0 },
    idleMs,
    log,
    now: () => performance.now(),
  });
  open.push(host);
  return { host, events };
}

describe("the engine in its thread", () => {
  // Catches anything that does not survive the way to the thread and back.
  test("starts, streams, and answers every method", async () => {
    const { host } = start();
    const model = models.write({ answer: "hé😀" });
    const pieces: string[] = [];
    const output = await host.call("generate", ask(model, "hello", { logProbabilities: true }), {
      onItem: ({ text }) => void pieces.push(text),
    });
    expect(output).toMatchObject({ text: "hé😀", stopReason: "end" });
    expect(pieces.join("")).toBe("hé😀");
    expect(await host.call("countTokens", { model, texts: ["ab", ""] })).toEqual([2, 0]);
    expect(await host.call("inspect", { path: model.path })).toMatchObject({ layers: 2 });
    expect(await host.call("warm", { model, messages: [{ role: "system", text: "be" }] })).toMatchObject({
      cachedTokens: expect.any(Number),
    });
    expect(await host.call("unload", {})).toBeNull();
    expect(await codeOf(host.call("generate", ask({ ...model, path: "/nowhere.gguf" }, "hello")))).toBe("MODEL_MISSING");
  });

  // Catches a cancelled prompt that is read to its end in front of the next call.
  test("a cancel while it reads a long prompt lets the next call through soon", async () => {
    const { host } = start();
    await host.call("generate", ask(endless, "hello", { maxTokens: 1 }));
    const whole = performance.now();
    await host.call("generate", ask(endless, "x".repeat(3_000), { maxTokens: 1 }));
    const wholeMs = performance.now() - whole;
    // The quickest of three: a busy machine delays one call, a prompt that is read to its end every one.
    let quickestMs = Infinity;
    for (const letter of ["w", "y", "z"]) {
      const controller = new AbortController();
      const reading = host.call("generate", ask(endless, letter.repeat(3_000), { maxTokens: 1 }), { signal: controller.signal });
      setImmediate(() => controller.abort());
      expect(await codeOf(reading)).toBe("ABORTED");
      const next = performance.now();
      await host.call("generate", ask(endless, "hello", { maxTokens: 1 }));
      quickestMs = Math.min(quickestMs, performance.now() - next);
    }
    expect(quickestMs).toBeLessThan(wholeMs);
  });

  // Catches a cancelled answer that is written on to its end: 8,000 tokens would take far longer than the next call may.
  test("a cancel while it writes ends the computation", async () => {
    const { host } = start();
    const controller = new AbortController();
    const { onItem, seen } = firstItem<{ text: string }>();
    const writing = host.call("generate", ask(endless, "hello", { maxTokens: 8_000 }), { signal: controller.signal, onItem });
    await seen;
    controller.abort();
    expect(await codeOf(writing)).toBe("ABORTED");
    await expect(host.call("generate", ask(endless, "next", { maxTokens: 4 }))).resolves.toMatchObject({ completionTokens: 4 });
    expect(host.generation).toBe(1);
  }, 10_000);

  // Catches a question that waits for a batch to end, or that never runs because the batch holds what it needs.
  test("an interactive call overtakes a background one, which then goes on", async () => {
    const { host } = start();
    const done: string[] = [];
    const { onItem, seen } = firstItem<{ text: string }>();
    const background = host
      .call("generate", ask(endless, "batch", { maxTokens: 400 }), { priority: "background", onItem })
      .then((output) => (done.push("background"), output));
    await seen;
    await host.call("generate", ask(endless, "question", { maxTokens: 4 })).then(() => done.push("interactive"));
    expect((await background).completionTokens).toBe(400);
    expect(done).toEqual(["interactive", "background"]);
  });

  // Catches a thread that stays with its gigabytes, and one that does not come back.
  test("stops when idle and starts again", async () => {
    const { host } = start({ idleMs: 20 });
    await host.call("generate", ask(endless, "hello", { maxTokens: 2 }));
    await untilState(host, "stopped");
    await expect(host.call("generate", ask(endless, "hello", { maxTokens: 2 }))).resolves.toMatchObject({ completionTokens: 2 });
    expect(host.generation).toBe(2);
  });

  // Catches a call that hangs for ever after its thread died, and an engine that stays dead.
  test("a crash rejects what is in flight, and the next call starts a new thread", async () => {
    const here = (path: string) => JSON.stringify(new URL(`../../src/main/engines/${path}`, import.meta.url).href);
    const crashing = join(models.folder, "crashing.ts");
    writeFileSync(
      crashing,
      `import { serveEngine } from ${here("serve-engine.ts")};
       import { createGeneration } from ${here("generation/generation.ts")};
       serveEngine(async (config) => {
         const engine = await createGeneration(config);
         const inspect = () => { setImmediate(() => { throw new Error("crash"); }); return new Promise(() => {}); };
         return { ...engine, methods: { ...engine.methods, inspect } };
       });`,
    );
    const { host, events } = start({ url: new URL(`file://${crashing}`) });
    const { onItem, seen } = firstItem<{ text: string }>();
    const writing = codeOf(host.call("generate", ask(endless, "hello", { maxTokens: 8_000 }), { onItem }));
    await seen;
    expect(await codeOf(host.call("inspect", { path: "" }))).toBe("ENGINE_EXITED");
    expect(await writing).toBe("ENGINE_EXITED");
    expect(events()).toContain("engine.crashed");
    await expect(host.call("generate", ask(endless, "hello", { maxTokens: 2 }))).resolves.toMatchObject({ completionTokens: 2 });
    expect(host.generation).toBe(2);
  });
});
