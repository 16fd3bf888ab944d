import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import type { ModelRole } from "../../../shared/contract/models.ts";
import { AppError } from "../../../shared/errors.ts";
import { syncFolder } from "./download-file.ts";
import { readGgufHeader } from "./gguf-header.ts";
import { hashFile } from "./hash-file.ts";
import { readOnnxFolder } from "./read-onnx-folder.ts";
import type { Brought } from "./store-state.ts";
import { diskFault } from "./transfer.ts";

export type ImportOptions = {
  /** A GGUF file, or a folder in the layout of transformers.js. */
  path: string;
  role?: ModelRole | undefined;
  /** False reads the model where it lies. */
  copy: boolean;
  signal: AbortSignal;
};

/** A model as it was found where the person keeps it; nothing is copied yet. */
export type Candidate = { suggestedId: string; model: Brought; source: string; files: string[] };

/**
 * Looks at what a person brings, before anything is copied: a GGUF whose header and size agree, or a complete ONNX
 * folder, with the hash of its weights.
 * @throws NOT_FOUND · MODEL_INVALID · NOT_SUPPORTED when the role does not go with the file
 */
export async function inspectCandidate(options: ImportOptions): Promise<Candidate> {
  const source = await realpath(options.path).catch((error: unknown) => {
    throw new AppError("NOT_FOUND", `There is no file or folder at ${options.path}.`, { hint: "Check the path.", cause: error });
  });
  const facts = await stat(source);
  return facts.isDirectory() ? inspectFolder(source, options) : inspectFile(source, facts.size, options);
}

async function inspectFile(source: string, bytes: number, options: ImportOptions): Promise<Candidate> {
  const header = await readGgufHeader(source);
  if (!header.generates || (options.role ?? "chat") !== "chat") {
    throw new AppError("NOT_SUPPORTED", "Croft uses GGUF files for chat only; embedders and rerankers are read as ONNX.", {
      hint: "Import the ONNX folder of this model.",
      data: { architecture: header.architecture },
    });
  }
  const sha256 = await hashFile(source, { signal: options.signal });
  const name = header.name ?? basename(source, extname(source));
  const model: Brought = {
    origin: "linked",
    name,
    role: "chat",
    licence: header.licence ?? "unknown",
    format: "gguf",
    path: source,
    bytes,
    sha256,
    contextTokens: header.trainContextTokens,
    contextBytesPerToken: header.contextBytesPerToken,
  };
  return { suggestedId: slug(basename(source, extname(source))), model, source: dirname(source), files: [basename(source)] };
}

async function inspectFolder(source: string, options: ImportOptions): Promise<Candidate> {
  const { facts, role, files } = await readOnnxFolder(source);
  if (options.role !== undefined && options.role !== role) {
    throw new AppError("NOT_SUPPORTED", `This model is for ${role}, not for ${options.role}.`, {
      hint: "Leave the role out: it is read from the model.",
    });
  }
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(source, file))).size));
  const model: Brought = {
    origin: "linked",
    name: basename(source),
    role,
    licence: "unknown",
    format: "onnx",
    path: source,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    sha256: await hashFile(join(source, files[0] ?? ""), { signal: options.signal }),
    onnx: facts,
  };
  return { suggestedId: slug(basename(source)), model, source, files };
}

/**
 * Copies a candidate into a folder, each file under a temporary name until it is whole, and proves that the copy of
 * the weights is what was inspected. On failure nothing of it stays. `names` are other names to copy under.
 * @throws DISK_FULL · CHECKSUM_MISMATCH when the file changed meanwhile · ABORTED
 */
export async function copyCandidate(
  candidate: Candidate,
  folder: string,
  signal: AbortSignal,
  names?: readonly string[],
): Promise<Brought> {
  const { model, source, files } = candidate;
  const targets = files.map((file, index) => names?.[index] ?? file);
  const written: string[] = [];
  try {
    for (const [index, file] of files.entries()) {
      const target = join(folder, targets[index] ?? file);
      await mkdir(dirname(target), { recursive: true });
      written.push(target, `${target}.part`);
      const hash = await copyFile(join(source, file), `${target}.part`, signal);
      if (index === 0 && hash !== model.sha256)
        throw new AppError("CHECKSUM_MISMATCH", "The file changed while it was copied; nothing was imported.", { hint: "Try again." });
      await rename(`${target}.part`, target);
      await syncFolder(dirname(target));
    }
  } catch (error) {
    for (const path of written) await rm(path, { force: true });
    if (signal.aborted) throw new AppError("ABORTED", "The import was stopped; nothing of it was kept.", { cause: error });
    throw diskFault(error);
  }
  return { ...model, origin: "imported", path: model.format === "gguf" ? join(folder, targets[0] ?? "") : folder, files: targets };
}

async function copyFile(from: string, to: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(to, "w");
  try {
    for await (const chunk of createReadStream(from, { highWaterMark: 1 << 20, signal })) {
      hash.update(chunk);
      await file.write(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

/** A model id out of a file name. */
function slug(name: string): string {
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "");
  return id.slice(0, 100) || "model";
}
