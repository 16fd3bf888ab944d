import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { broken, isBroken } from "./broken-files.ts";
import type { PlannedFile } from "./plan.ts";
import { soundFile } from "./sound-files.ts";

/** Writes the planned files below `root`. @returns bytes written */
export async function writeCollection(root: string, files: readonly PlannedFile[]): Promise<number> {
  const originals = new Map(files.map((file) => [file.path, file]));
  let total = 0;
  for (const file of files) {
    const source = file.kind === "copy" ? originals.get(file.copyOf ?? "") : file;
    if (!source) throw new Error(`${file.path} is a copy of nothing.`);
    const bytes = await bytesOf(source);
    const path = join(root, file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    total += bytes.length;
  }
  return total;
}

async function bytesOf(file: PlannedFile): Promise<Buffer> {
  const { kind } = file;
  if (kind === "copy") throw new Error(`${file.path} is a copy of a copy.`);
  return isBroken(kind) ? broken[kind].make(file.seed) : soundFile(file, kind);
}
