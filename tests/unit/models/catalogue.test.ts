import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { isFetched, plannedBytes, readCatalogue, writtenText } from "../../../src/main/features/models/catalogue.ts";
import { weightsOf } from "../../../src/main/features/models/installed.ts";
import { Settings } from "../../../src/shared/contract/settings.ts";

const resources = resolve(import.meta.dirname, "../../../resources");
const { models } = await readCatalogue(resources);

describe("the catalogue", () => {
  test("pins every starter model, so that the set-up can check what it fetches", () => {
    const starters = models.filter((model) => model.starter || model.sets?.length);
    expect(starters.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["qwen2.5-coder-1.5b-instruct", "bge-small-en-v1.5", "smollm2-135m-instruct"]),
    );
    for (const file of starters.flatMap((model) => model.files.filter(isFetched))) expect(file.sha256, file.path).toBeDefined();
  });

  test("asks the hub first and names carriers only behind it", () => {
    for (const model of models) {
      for (const file of model.files.filter(isFetched)) expect(file.sources[0]?.type, `${model.id} ${file.path}`).toBe("hub");
    }
  });

  test("has the models that the settings name by default", () => {
    const defaults = Settings.parse({});
    for (const id of [defaults["models.chat"], defaults["models.embedding"]]) {
      expect(models.map((model) => `local:${model.id}`)).toContain(id);
    }
  });

  test("gives every ONNX model the files that transformers.js reads, and the weights of its dtype", () => {
    for (const model of models) {
      if (model.format !== "onnx") continue;
      const weights = model.onnx.dtype === "q8" ? "onnx/model_quantized.onnx" : "onnx/model.onnx";
      expect(model.files.map(({ path }) => path)).toEqual(
        expect.arrayContaining([weights, "config.json", "tokenizer.json", "tokenizer_config.json"]),
      );
      expect(weightsOf(model).path).toBe(weights);
    }
  });

  test("plans with real sizes", () => {
    for (const model of models) for (const file of model.files) expect(plannedBytes(file), `${model.id} ${file.path}`).toBeGreaterThan(0);
    expect(writtenText({ a: 1 })).toBe('{\n  "a": 1\n}\n');
  });

  test.each([
    ["a path that leaves the model's folder", { path: "../../outside.gguf" }],
    ["an absolute path", { path: "/etc/passwd" }],
    ["a hash without a size", { sha256: "0".repeat(64), approximateBytes: 5 }],
    ["no source", { sources: [] }],
    ["a hub repository that climbs", { sources: [{ type: "hub", repo: "../..", file: "../x" }] }],
  ])("refuses %s", async (_what, change) => {
    const folder = mkdtempSync(join(tmpdir(), "croft-catalogue-"));
    const file = {
      path: "model.gguf",
      approximateBytes: 5,
      sources: [{ type: "hub", repo: "someone/model", file: "model.gguf" }],
      ...change,
    };
    const model = {
      id: "one",
      name: "One",
      role: "chat",
      format: "gguf",
      licence: "MIT",
      languages: [],
      contextTokens: 1,
      contextBytesPerToken: 1,
      starter: false,
      files: [file],
    };
    writeFileSync(join(folder, "models.json"), JSON.stringify({ version: 1, models: [model] }));
    await expect(readCatalogue(folder)).rejects.toMatchObject({ code: "INTERNAL" });
    rmSync(folder, { recursive: true });
  });
});
