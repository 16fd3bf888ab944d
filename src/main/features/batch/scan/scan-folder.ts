import type { ScanReport } from "../../../../shared/contract/batch.ts";
import type { Progress } from "../../../../shared/contract/jobs.ts";
import { AppError, isAbort, toAppError, toWire } from "../../../../shared/errors.ts";
import type { EngineHost } from "../../../engines/engine.ts";
import type { ReadersProtocol } from "../../../engines/readers/protocol.ts";
import { hashFile, walk } from "../../knowledge/index.ts";
import { countPages } from "./count-pages.ts";
import type { CostStore } from "./cost-store.ts";
import { estimate } from "./estimate.ts";

export type ScanDeps = {
  readers: Pick<EngineHost<ReadersProtocol>, "call">;
  costs: CostStore;
  now: () => number;
  /** Whether a content was read already, as the recipe and model in question would read it. */
  isKnown: (fileHash: string) => boolean;
  usesModel: boolean;
  concurrency: number;
};

/** As many files as fields are suggested from. */
const MOST_SAMPLES = 5;

/** Looks at every file below the paths: type by content, pages, equal contents, and what cannot be read. */
export async function* scanFolder(
  paths: readonly string[],
  deps: ScanDeps,
  signal: AbortSignal,
): AsyncGenerator<{ type: "progress"; progress: Progress } | { type: "report"; report: ScanReport }, void> {
  const startedAt = deps.now();
  const files: { path: string; size: number }[] = [];
  const seen = new Set<string>();
  const unreadable: ScanReport["unreadable"] = [];
  for (const path of paths) {
    const found = await walk(path, { include: [], exclude: [], signal }).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== "NOT_FOUND") throw error;
      throw new AppError("NOT_FOUND", `${path} cannot be reached. Nothing was looked at.`, {
        hint: "Check the path, or connect the drive.",
        cause: error,
      });
    });
    // A folder may lie in another that was chosen: its files are no copies of themselves.
    for (const file of found.files) {
      if (seen.has(file.path)) continue;
      seen.add(file.path);
      files.push(file);
    }
    for (const folder of found.unreadable) unreadable.push({ path: folder, code: "FILE_UNREADABLE", message: "It could not be listed." });
  }
  const types = new Map<string, { files: number; pages: number; bytes: number }>();
  const contents = new Map<string, string[]>();
  const samples: string[] = [];
  let [pages, toRecognise, known] = [0, 0, 0];
  for (const [done, { path, size }] of files.entries()) {
    signal.throwIfAborted();
    yield { type: "progress", progress: { done, total: files.length, unit: "files" } };
    try {
      if (size === 0) throw new AppError("FILE_EMPTY", "The file is empty.");
      const { type, mime, supported } = await deps.readers.call("detect", { path }, { signal, priority: "background" });
      if (!supported) throw new AppError("FILE_TYPE_UNSUPPORTED", `Files of the type ${type} cannot be read.`);
      const hash = await hashFile(path, signal);
      const same = contents.get(hash);
      if (same) {
        same.push(path);
        continue;
      }
      contents.set(hash, [path]);
      const { pages: count, problem } = await countPages(path, type, size);
      if (problem) throw problem;
      const entry = types.get(type) ?? { files: 0, pages: 0, bytes: 0 };
      types.set(type, { files: entry.files + 1, pages: entry.pages + count, bytes: entry.bytes + size });
      if (samples.length < MOST_SAMPLES) samples.push(path);
      if (deps.isKnown(hash)) known += 1;
      else {
        pages += count;
        if (mime.startsWith("image/")) toRecognise += count;
      }
    } catch (error) {
      if (isAbort(error)) throw error;
      const { code, message, hint } = toWire(toAppError(error));
      unreadable.push({ path, code, message, ...(hint === undefined ? {} : { hint }) });
    }
  }
  const work = { text: pages - toRecognise, ocr: toRecognise, model: deps.usesModel ? pages : 0 };
  yield {
    type: "report",
    report: {
      paths: [...paths],
      files: files.length,
      bytes: files.reduce((sum, { size }) => sum + size, 0),
      pages: [...types.values()].reduce((sum, entry) => sum + entry.pages, 0),
      pagesToRecognise: toRecognise,
      types: [...types].map(([type, counts]) => ({ type, ...counts })).sort((a, b) => b.files - a.files),
      duplicates: [...contents].flatMap(([hash, list]) => (list.length > 1 ? [{ hash, paths: list }] : [])),
      unreadable,
      samples,
      known,
      estimate: estimate(work, deps.costs, deps.concurrency),
      took: deps.now() - startedAt,
    },
  };
}
