import { mkdirSync, readdirSync, renameSync, rmSync, type Stats, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { IndexResult } from "../../../../src/shared/contract/knowledge.ts";
import { jobEnd } from "../../../bench/lib/open-core.ts";
import type { ServerProcess } from "../../../bench/lib/server-process.ts";
import { fileRows } from "./agreement.ts";
import { bytesRead, treeOf } from "./process-tree.ts";

export type SecondSync = {
  files: number;
  /** Of these, which hold something else now and look as they did. */
  read: number;
  /** What every process of the server read during the sync, index and libraries among it. */
  bytesRead: number;
  bytes: number;
  /** After one file was touched: how many were read again. */
  afterTouch: number;
  ms: number;
};

/**
 * Exchanges the content of every file and leaves size and time as they were, then syncs: whatever were opened would
 * be seen to have changed. The files are put back afterwards, and one of them is touched as the counter-proof.
 */
export async function syncAgain(server: ServerProcess, paths: { profile: string; root: string }, collection: string): Promise<SecondSync> {
  const { profile, root } = paths;
  const kept = `${root}.kept`;
  renameSync(root, kept);
  let files = 0;
  let bytes = 0;
  for (const name of readdirSync(kept, { recursive: true, encoding: "utf8" })) {
    const looks = statSync(join(kept, name));
    if (!looks.isFile()) continue;
    files += 1;
    bytes += looks.size;
    imitate(join(root, name), looks);
  }
  const sync = async () => {
    const startedAt = performance.now();
    const { jobId } = await server.client.knowledge.sync({ collection });
    const { indexed, failed, removed, skipped, unavailable } = (await jobEnd(server.client, jobId)).result as IndexResult;
    return { changed: indexed + failed + removed + unavailable, skipped, ms: performance.now() - startedAt };
  };
  const before = fileRows(profile, root);
  const readBefore = readSoFar(server);
  const second = await sync();
  const readAfter = readSoFar(server);
  const now = fileRows(profile, root);
  const differ = [...before].filter(([path, row]) => JSON.stringify(now.get(path)) !== JSON.stringify(row)).length;

  rmSync(root, { recursive: true });
  renameSync(kept, root);
  const [touched = ""] = [...now].find(([path, { state }]) => state === "indexed" && path.endsWith(".txt")) ?? [];
  writeFileSync(join(root, touched), "Touched since.\n");
  const third = await sync();
  return {
    files,
    read: Math.max(second.changed, differ),
    bytesRead: readAfter - readBefore,
    bytes,
    afterTouch: third.changed,
    ms: second.ms,
  };
}

/** Another file of the same size and time. */
function imitate(path: string, { size, mtimeMs }: Stats): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.alloc(size, "changed without a sign\n"));
  // The middle of the millisecond, since seconds are handed on as a fraction.
  const seconds = (Math.trunc(mtimeMs) + 0.5) / 1000;
  utimesSync(path, seconds, seconds);
}

const readSoFar = ({ child }: ServerProcess) => treeOf(child.pid ?? 0).reduce((sum, pid) => sum + bytesRead(pid), 0);
