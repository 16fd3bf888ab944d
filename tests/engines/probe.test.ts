import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Child } from "../../src/main/core/host.ts";
import { entryUrl } from "../../src/main/engines/entries.ts";
import { probeModel } from "../../src/main/features/models/probe-model.ts";
import { forkChild } from "../helpers/engine-hosts.ts";
import { modelFolder, skipReason } from "../helpers/models.ts";
import { writeSyntheticGguf } from "../helpers/synthetic-gguf.ts";
import { writeEmbeddingModel, writeRerankModel } from "../helpers/synthetic-onnx.ts";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "croft-probe-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const startChild = forkChild(entryUrl("probe"));
const signal = new AbortController().signal;
const probeGguf = (path: string, options: Partial<Parameters<typeof probeModel>[2]> = {}) =>
  probeModel(startChild, { kind: "gguf", path, threads: 1 }, { signal, ...options });

/** Bytes of the good file changed where a number follows a key of the header. */
function withNumber(good: Buffer, key: string, value: number): Buffer {
  const copy = Buffer.from(good);
  copy.writeUInt32LE(value, copy.indexOf(key) + key.length + 4);
  return copy;
}

describe("a probe", () => {
  test("of a good GGUF makes a token and says what it took", async () => {
    const path = join(folder, "good.gguf");
    writeSyntheticGguf(path);
    const result = await probeGguf(path);
    expect(result).toMatchObject({ ok: true });
    expect(result.memoryBytes).toBeGreaterThan(0);
  });

  test("of a good ONNX model makes a vector, and of a cross-encoder a score", async () => {
    const words = await writeEmbeddingModel(join(folder, "words"), { hello: [1, 0], sea: [0, 1] });
    expect(await probeModel(startChild, { kind: "onnx", model: words, reranks: false, threads: 1 }, { signal })).toMatchObject({
      ok: true,
    });
    const judge = await writeRerankModel(join(folder, "judge"), { hello: 1 });
    expect(await probeModel(startChild, { kind: "onnx", model: judge, reranks: true, threads: 1 }, { signal })).toMatchObject({ ok: true });
  });

  test("of an embedder with another width than it claims fails", async () => {
    const words = await writeEmbeddingModel(join(folder, "wide"), { hello: [1, 0] });
    const result = await probeModel(
      startChild,
      { kind: "onnx", model: { ...words, dimensions: 384 }, reranks: false, threads: 1 },
      { signal },
    );
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining("384") });
  });

  test("of damaged files fails, whatever they do to native code, and this process goes on", async () => {
    const path = join(folder, "bad.gguf");
    writeSyntheticGguf(path);
    const good = readFileSync(path);
    const bad = {
      garbage: Buffer.alloc(100_000, 7),
      cut: good.subarray(0, good.length >> 1),
      "no heads": withNumber(good, "llama.attention.head_count", 0),
      "absurd width": withNumber(good, "llama.embedding_length", 0xfffffff0),
      "absurd rope": withNumber(good, "llama.rope.dimension_count", 0x7fffffff),
    };
    for (const [what, bytes] of Object.entries(bad)) {
      writeFileSync(path, bytes);
      expect(await probeGguf(path), what).toMatchObject({ ok: false });
    }
  });

  test("of a broken ONNX graph fails", async () => {
    const words = await writeEmbeddingModel(join(folder, "broken"), { hello: [1, 0] });
    writeFileSync(join(words.folder, "onnx/model.onnx"), Buffer.alloc(5000, 255));
    expect(await probeModel(startChild, { kind: "onnx", model: words, reranks: false, threads: 1 }, { signal })).toMatchObject({
      ok: false,
    });
  });

  test("whose process dies under native code is a failed probe, not an error", async () => {
    const dying = (): Child => {
      const child = startChild();
      // SIGABRT is what an abort in native code ends with.
      child.onMessage(() => process.kill(child.pid ?? 0, "SIGABRT"));
      return { ...child, post: () => {} };
    };
    const result = await probeModel(dying, { kind: "gguf", path: join(folder, "good.gguf"), threads: 1 }, { signal });
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining("ended the process") });
  });

  test("that hangs is given up, and its process ends", async () => {
    let ended = false;
    const hanging = (): Child => {
      const child = startChild();
      child.onExit(() => void (ended = true));
      return { ...child, post: () => {} };
    };
    const result = await probeModel(hanging, { kind: "gguf", path: "", threads: 1 }, { signal, timeoutMs: 500 });
    expect(result).toMatchObject({ ok: false });
    expect(ended).toBe(true);
  });

  test("is stopped by its signal", async () => {
    const controller = new AbortController();
    const stopping = (): Child => {
      const child = startChild();
      child.onMessage(() => controller.abort());
      return { ...child, post: () => {} };
    };
    await expect(probeModel(stopping, { kind: "gguf", path: "", threads: 1 }, { signal: controller.signal })).rejects.toMatchObject({
      code: "ABORTED",
    });
  });

  const chatMissing = skipReason("smollm2-135m-instruct");
  test.skipIf(chatMissing)(`of a real chat model measures its memory${chatMissing ? ` (skipped: ${chatMissing})` : ""}`, async () => {
    const path = join(modelFolder("smollm2-135m-instruct") ?? "", "SmolLM2-135M-Instruct.Q4_1.gguf");
    const result = await probeModel(startChild, { kind: "gguf", path, threads: 2 }, { signal });
    expect(result).toMatchObject({ ok: true });
    // The weights are 98 MB; a measure below them has missed the mapped file.
    expect(result.memoryBytes).toBeGreaterThan(98_000_000);
  });

  const embedderMissing = skipReason("bge-small-en-v1.5");
  test.skipIf(embedderMissing)(`of a real embedder makes a vector${embedderMissing ? ` (skipped: ${embedderMissing})` : ""}`, async () => {
    const model = {
      folder: modelFolder("bge-small-en-v1.5") ?? "",
      dtype: "q8",
      pooling: "cls",
      queryPrefix: "",
      maxTokens: 512,
      dimensions: 384,
    } as const;
    expect(await probeModel(startChild, { kind: "onnx", model, reranks: false, threads: 2 }, { signal })).toMatchObject({ ok: true });
  });
});
