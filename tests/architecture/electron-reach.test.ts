import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { importGraph } from "../helpers/import-graph.ts";

const source = (path: string) => resolve(import.meta.dirname, "../../src", path);
const isElectron = (name: string) => name === "electron" || name.startsWith("electron/");

describe("what can reach electron", () => {
  it.each(["main/server.ts", "main/cli.ts", "main/embed.ts", "main/core-process.ts"])(
    "%s cannot, by any way: it runs where there is no Electron",
    (entry) => {
      const { packages, files } = importGraph(source(entry));
      // A walk that saw nothing would prove nothing.
      expect(files.size).toBeGreaterThan(20);
      expect(packages.has("zod")).toBe(true);
      for (const [name, way] of packages) if (isElectron(name)) expect.fail(`${name} is reached: ${way.join(" → ")}`);
    },
  );

  it.each(["inference/worker.ts", "generation/worker.ts", "ocr/worker.ts", "search/worker.ts", "readers/worker.ts", "probe.ts"])(
    "the engine's %s cannot",
    (entry) => {
      const { packages } = importGraph(source(`main/engines/${entry}`));
      expect([...packages.keys()].filter(isElectron)).toEqual([]);
    },
  );

  it("the shell does, so the walk would have seen it", () => {
    expect(importGraph(source("main/index.ts")).packages.has("electron")).toBe(true);
  });
});

describe("the shell", () => {
  it("loads no native part and no engine: they compute in core's process, not in the one that draws windows", () => {
    const { packages, files } = importGraph(source("main/index.ts"));
    const heavy = [
      "better-sqlite3",
      "onnxruntime-node",
      "node-llama-cpp",
      "@xenova/transformers",
      "sharp",
      "tesseract.js",
      "@napi-rs/canvas",
    ];
    expect([...packages.keys()].filter((name) => heavy.includes(name))).toEqual([]);
    expect([...files].filter((file) => /src\/main\/(features|db|jobs|providers)\//.test(file))).toEqual([]);
  });
});

describe("the preload", () => {
  it("imports electron and nothing else, since a sandbox loads nothing else", () => {
    const { packages, files } = importGraph(source("preload/index.ts"));
    expect([...packages.keys()]).toEqual(["electron"]);
    expect(files.size).toBe(1);
  });

  it("knows no name of the product: it hands on what it is given", () => {
    expect(readFileSync(source("preload/index.ts"), "utf8")).not.toMatch(/croft|chat|knowledge|document|collection/i);
  });
});
