import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../../../shared/contract/jobs.ts";
import { AppError } from "../../../shared/errors.ts";
import type { Logger } from "../../core/logger.ts";
import { isFetched, plannedBytes, writtenText } from "./catalogue.ts";
import type { CatalogueModel, FetchedFile } from "./catalogue.ts";
import { downloadFile } from "./download-file.ts";
import { declaredIdentity, hubUrl } from "./hub.ts";
import type { Identity } from "./hub.ts";
import { writeAtomically } from "./store-state.ts";

export type DownloadModelOptions = {
  model: CatalogueModel;
  /** The model's folder. */
  folder: string;
  endpoint: string;
  fetch: typeof globalThis.fetch;
  log: Logger;
  signal: AbortSignal;
  onProgress(progress: Progress): void;
  stallMs?: number | undefined;
  retryBaseMs?: number | undefined;
};

/** Files that compute: without a hash to check they are not accepted. */
const isWeights = (path: string) => /\.(gguf|onnx|onnx_data)$/.test(path);

/**
 * Brings every file of a model into its folder, each verified before it has its name; files that are there are left.
 * @returns hashes of files that the catalogue does not pin, by path
 * @throws what `downloadFile` throws, and DOWNLOAD_FAILED when nobody says what weights must be
 */
export async function downloadModel(options: DownloadModelOptions): Promise<Map<string, { sha256: string; bytes: number }>> {
  const { model, folder } = options;
  const hashes = new Map<string, { sha256: string; bytes: number }>();
  let before = 0;
  let total = model.files.reduce((sum, file) => sum + plannedBytes(file), 0);
  for (const file of model.files) {
    const path = join(folder, file.path);
    if (!isFetched(file)) {
      await writeIfDifferent(path, writtenText(file.content));
      continue;
    }
    if (!(await isThere(path, file.bytes))) {
      const { url, expected } = await identify(file, options);
      total += (expected.bytes ?? plannedBytes(file)) - plannedBytes(file);
      const report = (done: number, _total: number | undefined, note?: string) =>
        options.onProgress({ done: before + done, total: Math.max(total, before + done), unit: "bytes", note: note ?? file.path });
      const { fetch, log, signal, stallMs, retryBaseMs } = options;
      const result = await downloadFile({ fetch, url, path, expected, signal, log, onProgress: report, stallMs, retryBaseMs });
      if (result && file.sha256 === undefined) hashes.set(file.path, result);
    }
    before += (await stat(path)).size;
    options.onProgress({ done: before, total: Math.max(total, before), unit: "bytes", note: file.path });
  }
  return hashes;
}

/** Address and identity of a file: the pinned one, or what the hub declares. */
async function identify(file: FetchedFile, options: DownloadModelOptions): Promise<{ url: string; expected: Identity }> {
  const source = file.sources.find((candidate) => candidate.type === "hub");
  if (!source) throw new AppError("DOWNLOAD_FAILED", `${file.path} is not on the model hub.`, { hint: "Import it from a file." });
  const url = hubUrl(options.endpoint, source);
  if (file.sha256 !== undefined) return { url, expected: { bytes: file.bytes, sha256: file.sha256 } };
  const expected = await declaredIdentity(options.fetch, url, options.signal).catch((error: unknown) => {
    if (error instanceof AppError || options.signal.aborted) throw error;
    throw new AppError("DOWNLOAD_FAILED", "The model hub cannot be reached; nothing was downloaded.", {
      hint: "Check the connection, or import the model from a file with: croft models import PATH",
      cause: error,
    });
  });
  if (isWeights(file.path) && expected.sha256 === undefined) {
    throw new AppError("DOWNLOAD_FAILED", `The model hub does not say what ${file.path} must be, so it cannot be checked.`, {
      hint: "Get the file yourself and import it.",
    });
  }
  return { url, expected };
}

async function isThere(path: string, bytes: number | undefined): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined);
  return facts !== undefined && (bytes === undefined || facts.size === bytes);
}

async function writeIfDifferent(path: string, text: string): Promise<void> {
  if ((await readFile(path, "utf8").catch(() => undefined)) !== text) await writeAtomically(path, text);
}
