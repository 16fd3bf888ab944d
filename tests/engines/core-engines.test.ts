import { spawn } from "node:child_process";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { createEngines } from "../../src/main/core/engines.ts";
import type { Child, Host } from "../../src/main/core/host.ts";
import { createNodeHost } from "../../src/main/core/node-host.ts";
import { codeOf, recordingLog } from "../helpers/engine-hosts.ts";
import { modelsFolder } from "../helpers/models.ts";
import { temporaryFolder } from "../helpers/profile.ts";
import { writeEmbeddingModel, writeRerankModel } from "../helpers/synthetic-onnx.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

function open(startChild?: Host["startChild"]) {
  const node = createNodeHost({ kind: "embedded", profile: temporaryFolder(), models: modelsFolder() });
  const { engines } = createEngines({ ...node, ...(startChild ? { startChild } : {}) }, recordingLog().log, {
    threads: () => 1,
    idleMs: () => 60_000,
  });
  opened.push({ close: async () => void (await Promise.all(Object.values(engines).map((engine) => engine.close()))) }, node);
  return engines;
}

/** A process that takes 1.2 GB outside of V8's heap, as a reader does whose library swells natively. */
function swellingChild(): Child {
  const child = spawn(process.execPath, ["-e", "const held = Buffer.alloc(1.2e9, 1); setInterval(() => held.length, 1e6)"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    pid: child.pid,
    post: () => {},
    onMessage: () => {},
    onExit: (listener) => void child.once("exit", listener),
    kill: () => void child.kill("SIGKILL"),
  };
}

describe("the engines of a core", () => {
  it.skipIf(process.platform === "win32")(
    "end a readers' process that swells outside of V8's heap (its own limit does not see that; the machine would swap)",
    async () => {
      const { readers } = open(swellingChild);
      expect(await codeOf(readers.call("detect", { path: "/nowhere" }))).toBe("FILE_TOO_LARGE");
    },
  );

  it("keep an embedder and a reranker loaded together (each search would load both anew)", async () => {
    const { inference } = open();
    const embedder = await writeEmbeddingModel(temporaryFolder(), { sea: [1, 0], hill: [0, 1] });
    const reranker = await writeRerankModel(temporaryFolder(), { sea: 1 });
    const search = async () => {
      const embedded = await inference.call("embed", { model: embedder, texts: ["sea"], kind: "query", threads: 1 });
      const ranked = await inference.call("rerank", { model: reranker, query: "sea", texts: ["hill"], threads: 1, budgetMs: 1000 });
      return [embedded.loadMs, ranked.loadMs];
    };
    await search();
    expect(await search()).toEqual([0, 0]);
  });
});
