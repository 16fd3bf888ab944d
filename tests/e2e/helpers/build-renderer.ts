import { resolve } from "node:path";
import { build } from "vite";

const root = resolve(import.meta.dirname, "../../../src/renderer");

/**
 * Builds the interface into a folder of its own, and returns the folder. Tests run the build that tells of mistakes in
 * views; `production` is the one that people get.
 */
export async function buildRenderer({ production = false } = {}): Promise<string> {
  const outDir = resolve(import.meta.dirname, `../../../out/e2e-renderer${production ? "-production" : ""}`);
  const before = process.env["NODE_ENV"];
  if (production) process.env["NODE_ENV"] = "production";
  try {
    await build({ configFile: resolve(root, "vite.config.ts"), logLevel: "error", build: { outDir, emptyOutDir: true, manifest: true } });
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
  return outDir;
}
