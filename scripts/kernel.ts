/** Writes src/main/engines/search/kernel-code.ts from kernel.wat: `node scripts/kernel.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import wabt from "wabt";

const folder = join(import.meta.dirname, "../src/main/engines/search");

/** The source as a module of base64. */
export async function kernelCode(): Promise<string> {
  const { parseWat } = await wabt();
  const source = readFileSync(join(folder, "kernel.wat"), "utf8");
  const { buffer } = parseWat("kernel.wat", source, { simd: true }).toBinary({});
  const base64 = Buffer.from(buffer).toString("base64");
  return `/** kernel.wat as WebAssembly, written by scripts/kernel.ts. */\nexport const kernelCode =\n  "${base64}";\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(folder, "kernel-code.ts"), await kernelCode());
