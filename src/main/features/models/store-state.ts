import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { Sha256 } from "../../../shared/contract/define.ts";
import { ModelRole } from "../../../shared/contract/models.ts";
import { OnnxFacts } from "./catalogue.ts";
import { withFileLock } from "./file-lock.ts";

/** A model that a person brought, or a catalogue model read where another app keeps it. */
export const Brought = z.object({
  origin: z.enum(["imported", "linked"]),
  name: z.string(),
  role: ModelRole,
  licence: z.string(),
  format: z.enum(["gguf", "onnx"]),
  /** Absolute: the GGUF file, or the folder of an ONNX model. */
  path: z.string(),
  bytes: z.number(),
  sha256: Sha256,
  contextTokens: z.number().optional(),
  contextBytesPerToken: z.number().optional(),
  onnx: OnnxFacts.optional(),
  /** Names below the model's folder of what was copied into it. */
  files: z.array(z.string()).optional(),
});
export type Brought = z.infer<typeof Brought>;

/** What was learned about a file on this machine. */
const Learned = z.object({
  probe: z.object({ ok: z.boolean(), message: z.string(), at: z.number() }).optional(),
  memoryBytes: z.number().optional(),
  speed: z
    .object({ promptTokensPerSecond: z.number().optional(), tokensPerSecond: z.number().optional(), textsPerSecond: z.number().optional() })
    .optional(),
});
export type Learned = z.infer<typeof Learned>;

const State = z.object({
  version: z.literal(1),
  models: z.record(z.string(), Brought).default({}),
  /** sha256 of files whose hash is pinned nowhere, by model and path, as verified when they came. */
  hashes: z.record(z.string(), z.object({ sha256: Sha256, bytes: z.number() })).default({}),
  /** By sha256 of the weights. */
  learned: z.record(z.string(), Learned).default({}),
});
export type State = z.infer<typeof State>;

export type StateFile = { read(): Promise<State>; update(change: (state: State) => void): Promise<void> };

/**
 * What the store knows beyond the files themselves, in `store.json`. Every change is read, made and written under a
 * lock, so two processes do not lose each other's; the file is replaced whole, so a crash leaves the old or the new.
 * A damaged one is put aside: models in their folders are found without it.
 */
export function openStateFile(folder: string, onDamaged: (kept: string) => void): StateFile {
  const path = join(folder, "store.json");

  async function read(): Promise<State> {
    const text = await readFile(path, "utf8").catch(ignoreMissing);
    if (text === undefined) return empty();
    const parsed = State.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    const kept = `${path}.damaged`;
    await rename(path, kept).catch(ignoreMissing);
    onDamaged(kept);
    return empty();
  }

  async function update(change: (state: State) => void): Promise<void> {
    await mkdir(folder, { recursive: true });
    await withFileLock(`${path}.lock`, async () => {
      const state = await read();
      change(state);
      await writeAtomically(path, `${JSON.stringify(state, null, 2)}\n`);
    });
  }

  return { read, update };
}

/** Writes a file so that its name always holds the old text or the new, also after a power cut. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

const empty = (): State => ({ version: 1, models: {}, hashes: {}, learned: {} });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
