import { resolve } from "node:path";
import { build } from "vite";

const root = resolve(import.meta.dirname, "../../../src/renderer");

/** Builds the interface as the hosts serve it, into a folder of its own. Returns the folder. */
export async function buildRenderer(): Promise<string> {
  const outDir = resolve(import.meta.dirname, "../../../out/e2e-renderer");
  await build({ configFile: resolve(root, "vite.config.ts"), logLevel: "error", build: { outDir, emptyOutDir: true, manifest: true } });
  return outDir;
}
