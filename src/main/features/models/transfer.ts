import type { Hash } from "node:crypto";
import { createHash } from "node:crypto";
import { open, readFile, rm, stat } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "../../../shared/errors.ts";
import { feedHash } from "./hash-file.ts";
import type { Identity } from "./hub.ts";
import { writeAtomically } from "./store-state.ts";

/** Beside a partial file: which version of the remote file it is the beginning of. */
const Origin = z.object({ url: z.string(), validator: z.string().optional(), total: z.number().optional() });
type Origin = z.infer<typeof Origin>;

export type TransferOptions = {
  fetch: typeof globalThis.fetch;
  url: string;
  /** Path of the partial file. */
  part: string;
  expected: Identity;
  signal: AbortSignal;
  /** No byte for this long means that the connection is dead. Milliseconds. */
  stallMs: number;
  /** Bytes on disk after each piece, and the size of the whole where it is known. */
  onBytes(done: number, total: number | undefined): void;
};

/** A fault that passes: the same request may succeed a moment later. */
export class PassingFault extends Error {
  override readonly name = "PassingFault";
}

/**
 * One request that brings a partial file as far as the connection lasts, from where it stands. A server that ignores
 * the range, or whose file has changed since, makes it start again; what lies on disk is never mixed from two versions.
 * @returns the finished file's hash and size
 * @throws PassingFault when another try may help · CHECKSUM_MISMATCH when more comes than the file may have ·
 *   DOWNLOAD_FAILED when the server refuses · DISK_FULL with the partial file kept
 */
export async function transfer(options: TransferOptions): Promise<{ sha256: string; bytes: number }> {
  const { part, url, expected } = options;
  const standing = await standingPart(part, url, expected.sha256 !== undefined);
  const hash = createHash("sha256");
  await feedHash(hash, part, { length: standing.bytes, signal: options.signal });
  const declared = expected.bytes ?? standing.origin?.total;
  if (standing.bytes > 0 && standing.bytes === declared) return { sha256: hash.digest("hex"), bytes: standing.bytes };

  const stall = stallGuard(options.signal, options.stallMs);
  try {
    const response = await request(options, standing, stall.signal);
    stall.alive();
    const resumed = resumesAt(response, standing.bytes);
    const total = totalOf(response, resumed ? standing.bytes : 0) ?? expected.bytes;
    if (expected.bytes !== undefined && total !== undefined && total !== expected.bytes)
      throw mismatch(url, `it has ${total} bytes instead of ${expected.bytes}`);
    await writeAtomically(
      `${part}.json`,
      JSON.stringify({ url, validator: validatorOf(response), total } satisfies { [Key in keyof Origin]: Origin[Key] | undefined }),
    );
    const start = resumed ? standing.bytes : 0;
    const running = resumed ? hash : createHash("sha256");
    const bytes = await append(response, { ...options, start, total, hash: running, alive: stall.alive });
    if (total !== undefined && bytes < total) throw new PassingFault("The connection ended early.");
    return { sha256: running.digest("hex"), bytes };
  } catch (error) {
    throw stall.explain(error);
  } finally {
    stall.end();
  }
}

/** Forgets a partial file. */
export async function discardPart(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(`${part}.json`, { force: true });
}

async function standingPart(part: string, url: string, hashDecides: boolean): Promise<{ bytes: number; origin: Origin | undefined }> {
  const facts = await stat(part).catch(() => undefined);
  const text = await readFile(`${part}.json`, "utf8").catch(() => undefined);
  const origin = text === undefined ? undefined : parseOrigin(text);
  // Without a validator nothing proves that the rest belongs to this beginning, unless the hash is known: it decides.
  if (!facts || !origin || origin.url !== url || (origin.validator === undefined && !hashDecides)) {
    await discardPart(part);
    return { bytes: 0, origin: undefined };
  }
  return { bytes: facts.size, origin };
}

function parseOrigin(text: string): Origin | undefined {
  try {
    return Origin.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function request(
  options: TransferOptions,
  standing: { bytes: number; origin: Origin | undefined },
  signal: AbortSignal,
): Promise<Response> {
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (standing.bytes > 0) {
    headers["range"] = `bytes=${standing.bytes}-`;
    if (standing.origin?.validator) headers["if-range"] = standing.origin.validator;
  }
  const response = await send(options, headers, signal);
  if (response.ok) return response;
  await response.body?.cancel();
  if (response.status === 416) {
    await discardPart(options.part);
    throw new PassingFault("The server's file has another size now.");
  }
  if (response.status >= 500 || response.status === 408 || response.status === 429)
    throw new PassingFault(`The server answered ${response.status}.`);
  throw new AppError("DOWNLOAD_FAILED", `The download was refused: the server answered ${response.status}.`, {
    hint:
      response.status === 404
        ? "The file is not there any more; update Croft or choose another model."
        : "Check access to the model hub and try again.",
    data: { status: response.status },
  });
}

async function send(options: TransferOptions, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  try {
    return await options.fetch(options.url, { headers, signal, redirect: "follow" });
  } catch (error) {
    // The egress policy and an offline switch speak in our own errors; anything else is the network.
    if (error instanceof AppError || signal.aborted) throw error;
    throw new PassingFault("The server cannot be reached.", { cause: error });
  }
}

/** True when the answer goes on at the byte asked for, false when it is the whole file again. */
function resumesAt(response: Response, bytes: number): boolean {
  if (response.status !== 206) return false;
  const start = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
  if (Number(start) === bytes) return bytes > 0;
  throw new PassingFault("The server sent another range than was asked for.");
}

function totalOf(response: Response, start: number): number | undefined {
  const ranged = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
  if (ranged !== undefined) return Number(ranged);
  const length = response.headers.get("content-length");
  return length === null ? undefined : start + Number(length);
}

function validatorOf(response: Response): string | undefined {
  const etag = response.headers.get("etag");
  // A weak tag does not promise the same bytes (RFC 9110, 13.1.5).
  return etag && !etag.startsWith("W/") ? etag : (response.headers.get("last-modified") ?? undefined);
}

type Append = TransferOptions & { start: number; total: number | undefined; hash: Hash; alive(): void };

/** Writes the body behind what stands in the partial file. What was written stays, whatever ends it. */
async function append(response: Response, options: Append): Promise<number> {
  if (!response.body) throw new PassingFault("The server sent nothing.");
  const limit = options.total ?? Number.POSITIVE_INFINITY;
  const file = await open(options.part, options.start === 0 ? "w" : "r+");
  let position = options.start;
  try {
    for await (const chunk of response.body) {
      options.alive();
      if (position + chunk.length > limit) throw mismatch(options.url, "the server sends more bytes than it has");
      await writeWhole(file, chunk, position);
      options.hash.update(chunk);
      position += chunk.length;
      options.onBytes(position, options.total);
    }
    return position;
  } catch (error) {
    if (error instanceof AppError || options.signal.aborted) throw error;
    throw new PassingFault("The connection broke.", { cause: error });
  } finally {
    // What is claimed to be there after a power cut must be there.
    await file.sync().catch(() => {});
    await file.close();
  }
}

async function writeWhole(file: Awaited<ReturnType<typeof open>>, chunk: Uint8Array, position: number): Promise<void> {
  try {
    for (let written = 0; written < chunk.length;)
      written += (await file.write(chunk, written, chunk.length - written, position + written)).bytesWritten;
  } catch (error) {
    throw diskFault(error);
  }
}

/** A full or read-only disk as our own error; anything else unchanged. */
export function diskFault(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new AppError("DISK_FULL", "The disk is full; what was downloaded is kept.", {
      hint: "Free some space and download again: it goes on where it stopped.",
      cause: error,
    });
  }
  if (code === "EROFS" || code === "EACCES" || code === "EPERM") {
    return new AppError("STORAGE_READONLY", "The model folder cannot be written to.", {
      hint: "Choose a folder that you may write to, with CROFT_MODELS.",
      cause: error,
    });
  }
  return error;
}

export function mismatch(url: string, reason: string): AppError {
  return new AppError("CHECKSUM_MISMATCH", `The downloaded file is not the one that was asked for: ${reason}. It was discarded.`, {
    hint: "Try again later; if it happens again, the source is damaged or altered.",
    data: { url },
  });
}

/** Ends a request on which nothing arrives any more. */
function stallGuard(outer: AbortSignal, stallMs: number) {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(new PassingFault(`Nothing arrived for ${Math.round(stallMs / 1000)} s.`)), stallMs);
  };
  alive();
  return {
    signal: AbortSignal.any([outer, controller.signal]),
    alive,
    end: () => clearTimeout(timer),
    /** The reason for an abort, not the abort itself. */
    explain: (error: unknown): unknown => (controller.signal.aborted && !outer.aborted ? controller.signal.reason : error),
  };
}
