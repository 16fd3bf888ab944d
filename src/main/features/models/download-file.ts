import { mkdir, open, rename, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { DelegateBackoff, handleWhen, retry } from "cockatiel";
import type { Logger } from "../../core/logger.ts";
import { AppError, isAbort } from "../../../shared/errors.ts";
import { withFileLock } from "./file-lock.ts";
import type { Identity } from "./hub.ts";
import { diskFault, discardPart, mismatch, PassingFault, transfer } from "./transfer.ts";

export type DownloadOptions = {
  fetch: typeof globalThis.fetch;
  url: string;
  /** Final path. The file has this name only when it is whole and its hash is right. */
  path: string;
  expected: Identity;
  signal: AbortSignal;
  log: Logger;
  onProgress(done: number, total: number | undefined, note?: string): void;
  stallMs?: number | undefined;
  /** First pause before another try; it doubles up to 30 s. Milliseconds. */
  retryBaseMs?: number | undefined;
};

/** Tries in a row that brought no byte before a download is given up; what came so far is kept. */
const fruitlessTries = 6;
/** The same where not a single byte ever came: most likely there is no way to the server at all. */
const hopelessTries = 3;
const longestPauseMs = 30_000;
/** Left free on the disk beside the file, for everything else that runs. */
const spareBytes = 64 * 1024 * 1024;

/**
 * Downloads one file: ranged, resumed after a break or a restart, verified, then moved to its name. Two processes
 * that want the same file share one download: the second waits and reports the first one's progress.
 * @throws OFFLINE · EGRESS_DENIED · DISK_FULL · CHECKSUM_MISMATCH · DOWNLOAD_FAILED · ABORTED
 */
export async function downloadFile(options: DownloadOptions): Promise<{ sha256: string; bytes: number } | undefined> {
  const { path, signal } = options;
  const part = `${path}.part`;
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw diskFault(error);
  });
  const onWait = async () => {
    const facts = await stat(part).catch(() => undefined);
    if (facts) options.onProgress(facts.size, options.expected.bytes, "another Croft downloads it");
  };
  return withFileLock(
    `${path}.lock`,
    async () => {
      const there = await stat(path).catch(() => undefined);
      if (there && (options.expected.bytes === undefined || there.size === options.expected.bytes)) return undefined;
      await requireSpace(part, options.expected.bytes);
      const result = await transferWithRetries(part, options);
      await finish(part, path, result, options);
      return result;
    },
    { signal, onWait },
  );
}

async function transferWithRetries(part: string, options: DownloadOptions): Promise<{ sha256: string; bytes: number }> {
  const { log, url, signal, retryBaseMs = 500, stallMs = 30_000 } = options;
  let fruitless = 0;
  let reached = 0;
  const onBytes = (done: number, total: number | undefined) => {
    if (done > reached) {
      reached = done;
      fruitless = 0;
    }
    options.onProgress(done, total);
  };
  // The count starts again with every byte won, so a poor line still finishes a large file.
  const worthwhile = (error: unknown) =>
    error instanceof PassingFault && !signal.aborted && ++fruitless < (reached === 0 ? hopelessTries : fruitlessTries);
  const pause = new DelegateBackoff(
    () => Math.min(longestPauseMs, retryBaseMs * 2 ** Math.max(0, fruitless - 1)) * (0.75 + Math.random() / 2),
  );
  const policy = retry(handleWhen(worthwhile), { maxAttempts: Number.POSITIVE_INFINITY, backoff: pause });
  policy.onRetry((event) => {
    const reason = "error" in event && event.error instanceof Error ? event.error : undefined;
    log.warn("download.retry", { url, attempt: event.attempt, delayMs: event.delay, error: reason });
    options.onProgress(reached, options.expected.bytes, `${reason?.message ?? "It broke."} Trying again.`);
  });
  try {
    return await policy.execute(
      () => transfer({ fetch: options.fetch, url, part, expected: options.expected, signal, stallMs, onBytes }),
      signal,
    );
  } catch (error) {
    if (signal.aborted || isAbort(error))
      throw new AppError("ABORTED", "The download was stopped; what came so far is kept.", { cause: error });
    if (error instanceof AppError && error.code === "CHECKSUM_MISMATCH") await discardPart(part);
    if (!(error instanceof PassingFault)) throw diskFault(error);
    throw new AppError("DOWNLOAD_FAILED", `The download failed after several tries: ${error.message} What came so far is kept.`, {
      hint: "Check the connection, then download again: it goes on where it stopped.",
      data: { url, bytes: reached },
      cause: error,
    });
  }
}

async function finish(part: string, path: string, result: { sha256: string; bytes: number }, options: DownloadOptions): Promise<void> {
  const { expected, url } = options;
  if (
    (expected.sha256 !== undefined && expected.sha256 !== result.sha256) ||
    (expected.bytes !== undefined && expected.bytes !== result.bytes)
  ) {
    await discardPart(part);
    throw mismatch(url, expected.sha256 === undefined ? `it has ${result.bytes} bytes` : `its sha256 is ${result.sha256}`);
  }
  await rename(part, path);
  await discardPart(part);
  await syncFolder(dirname(path));
}

/** Makes a rename survive a power cut; folders cannot be opened on Windows, where it is not needed. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  await handle.sync().catch(() => {});
  await handle.close();
}

/** @throws DISK_FULL before the first byte, when the file cannot fit anyway */
async function requireSpace(part: string, bytes: number | undefined): Promise<void> {
  if (bytes === undefined) return;
  const [space, standing] = await Promise.all([statfs(dirname(part)), stat(part).catch(() => undefined)]);
  const missing = bytes - (standing?.size ?? 0);
  const free = space.bavail * space.bsize;
  if (missing + spareBytes <= free) return;
  throw new AppError("DISK_FULL", `The disk has ${toMegabytes(free)} MB free; the model needs ${toMegabytes(missing)} MB more.`, {
    hint: "Free some space, or choose another folder with CROFT_MODELS.",
    data: { free, missing },
  });
}

const toMegabytes = (bytes: number) => Math.round(bytes / 1024 / 1024);
