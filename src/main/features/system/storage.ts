import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Storage } from "../../../shared/contract/system.ts";
import { storageParts } from "../../../shared/contract/system.ts";

type Part = Storage["parts"][number];
type PartId = Part["id"];

/** What Croft keeps on disk, by what it is for. Links are not followed; what vanishes meanwhile counts nothing. */
export async function measureStorage(profile: string, models: string): Promise<Storage> {
  const sizes = new Map<PartId, Part>(storageParts.map((id) => [id, { id, bytes: 0, files: 0 }]));
  const add = (id: PartId, bytes: number) => {
    const part = sizes.get(id);
    if (part) sizes.set(id, { id, bytes: part.bytes + bytes, files: part.files + 1 });
  };
  for await (const { name, bytes } of filesIn(profile, models)) add(partOf(name), bytes);
  for await (const { bytes } of filesIn(models)) add("models", bytes);
  const { bavail, bsize } = await statfs(profile);
  return { profile, models, free: bavail * bsize, parts: storageParts.flatMap((id) => sizes.get(id) ?? []) };
}

function partOf(name: string): PartId {
  const [first = ""] = name.split(/[\\/]/);
  if (/^croft\.db(-wal|-shm)?$/.test(first)) return "truth";
  if (first.startsWith("index.db")) return "index";
  if (first === "uploads") return "files";
  if (first === "snapshots" || first.includes(".before-restore")) return "snapshots";
  return first === "logs" ? "logs" : "other";
}

async function* filesIn(root: string, except?: string, below = ""): AsyncGenerator<{ name: string; bytes: number }> {
  const entries = await readdir(join(root, below), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const name = join(below, entry.name);
    if (entry.isDirectory() && join(root, name) !== except) yield* filesIn(root, except, name);
    if (!entry.isFile()) continue;
    const facts = await stat(join(root, name)).catch(() => undefined);
    if (facts) yield { name, bytes: facts.size };
  }
}
