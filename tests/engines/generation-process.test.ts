import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { syntheticModels } from "../helpers/generation.ts";

const models = syntheticModels();
afterAll(models.remove);

const source = (path: string) => JSON.stringify(new URL(`../../src/main/engines/${path}`, import.meta.url).href);
const context = "{ signal: new AbortController().signal, emit() {}, async checkpoint() {} }";

/** Runs a script in a process of its own. */
async function run(script: string) {
  const file = join(models.folder, `script-${Math.random().toString(36).slice(2)}.ts`);
  writeFileSync(file, script);
  const child = spawn(process.execPath, ["--no-warnings", file], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [stdout, stderr, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { stdout, stderr, code, signal };
}

// Catches SIGABRT at quit: a thread that is ended, or a process that exits, while llama.cpp computes.
test.each([
  ["writes", '"hello"', "onItem"],
  ["reads a long prompt", '"x".repeat(7000)', "sent"],
])("quitting while it %s ends the process cleanly", async (_, question, moment) => {
  const model = models.write({ answer: "abcdef", endless: true, contextTokens: 16_384, layers: 6, width: 256 }, { contextTokens: 8_192 });
  const result = await run(`
    import { setTimeout } from "node:timers/promises";
    import { createArbiter } from ${source("arbiter.ts")};
    import { createEngineHost } from ${source("engine-host.ts")};
    import { entryUrl } from ${source("entries.ts")};
    import { threadSpawner } from ${source("spawn-thread.ts")};
    const quiet = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
    const host = createEngineHost({ name: "generation", config: { threads: 1, gpu: false, trustBinary: false }, spawn: threadSpawner(entryUrl("generation")),
      arbiter: createArbiter({ cores: 2 }), threads: { generate: 1 }, idleMs: 60000, log: quiet, now: () => performance.now() });
    const model = ${JSON.stringify(model)};
    await host.call("generate", { model, messages: [{ role: "user", text: "first" }], maxTokens: 1, temperature: 0 });
    const started = Promise.withResolvers();
    const call = host.call("generate", { model, messages: [{ role: "user", text: ${question} }], maxTokens: 8000, temperature: 0 },
      { onItem: () => started.resolve() }).then(() => "answered", (error) => error.code);
    // Nothing tells that the prompt is being read but the time of the processor that it takes.
    const before = process.cpuUsage();
    const computes = async () => { while (process.cpuUsage(before).user < 30_000) await setTimeout(5); };
    await (${JSON.stringify(moment)} === "sent" ? computes() : started.promise);
    await host.close();
    console.log(await call);
    process.exit(0);
  `);
  expect(result).toMatchObject({ code: 0, signal: null, stderr: "", stdout: "CLOSED\n" });
});

const loads = (trustBinary: boolean) => `
  import childProcess from "node:child_process";
  import { syncBuiltinESMExports } from "node:module";
  childProcess.fork = () => { throw new Error("forking is switched off"); };
  syncBuiltinESMExports();
  const { createGeneration } = await import(${source("generation/generation.ts")});
  try {
    const engine = await createGeneration({ threads: 1, gpu: false, trustBinary: ${trustBinary} });
    const model = ${JSON.stringify(models.write({ answer: "ran" }))};
    const output = await engine.methods.generate({ model, messages: [{ role: "user", text: "hello" }], maxTokens: 9, temperature: 0 }, ${context});
    await engine.dispose();
    try { childProcess.fork("x"); } catch (error) { console.log(output.text, "/", error.message); }
  } catch (error) {
    console.log(error.code);
    process.exit(0); // the library's timer of five minutes would keep the process
  }
`;

// Catches an app without any local model where the RunAsNode fuse is off, and a `fork` that stays replaced.
test("a trusted binary loads where forking is impossible", async () => {
  expect(await run(loads(true))).toMatchObject({ code: 0, stdout: "ran / forking is switched off\n", stderr: "" });
});

// Without trust the library's own test decides; only Linux tests the processor's binary.
test.runIf(process.platform === "linux")("an untrusted one does not", async () => {
  expect(await run(loads(false))).toMatchObject({ stdout: "ENGINE_UNAVAILABLE\n" });
});

// Catches llama.cpp writing to the terminal of the command line, or its reason being lost.
test("llama.cpp's output goes into the error and nowhere else", async () => {
  const broken = models.write();
  truncateSync(broken.path, statSync(broken.path).size - 20_000);
  const result = await run(`
    import { createGeneration } from ${source("generation/generation.ts")};
    const engine = await createGeneration({ threads: 1, gpu: false, trustBinary: false });
    await engine.methods.generate({ model: ${JSON.stringify(broken)}, messages: [{ role: "user", text: "hello" }], maxTokens: 9, temperature: 0 }, ${context})
      .catch((error) => console.log(error.code, error.cause.message.includes("llama.cpp:")));
    await engine.dispose();
  `);
  expect(result).toMatchObject({ code: 0, stdout: "MODEL_INVALID true\n", stderr: "" });
});
