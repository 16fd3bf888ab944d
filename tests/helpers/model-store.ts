import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createModelStore } from "../../src/main/features/models/index.ts";
import type { Catalogue, CatalogueModel } from "../../src/main/features/models/catalogue.ts";
import type { ModelStoreOptions } from "../../src/main/features/models/model-store.ts";
import { recordingLog } from "./engine-hosts.ts";
import { writeSyntheticGguf } from "./synthetic-gguf.ts";

export const sha256Of = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** A temporary folder that is deleted by `end`, with a synthetic GGUF beside an empty store. */
export function storeFixture() {
  const root = mkdtempSync(join(tmpdir(), "croft-store-"));
  const ggufPath = join(root, "Tiny Model.Q8.gguf");
  writeSyntheticGguf(ggufPath);
  const gguf = readFileSync(ggufPath);
  return {
    root,
    folder: join(root, "store"),
    ggufPath,
    gguf,
    sha256: sha256Of(gguf),
    end: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A catalogue with one chat model of these bytes. */
export function catalogueOf(bytes: Buffer, pinned = true): Catalogue {
  const identity = pinned ? { bytes: bytes.length, sha256: sha256Of(bytes) } : { approximateBytes: bytes.length };
  const model: CatalogueModel = {
    id: "tiny",
    name: "Tiny",
    role: "chat",
    format: "gguf",
    licence: "MIT",
    languages: ["en"],
    starter: false,
    contextTokens: 4096,
    contextBytesPerToken: 256,
    files: [{ path: "tiny.gguf", ...identity, sources: [{ type: "hub", repo: "someone/tiny", file: "tiny.gguf" }] }],
  };
  return { version: 1, models: [model] };
}

/** A store with no network and no other programs, unless options say otherwise. */
export function openStore(folder: string, options: Partial<ModelStoreOptions> = {}) {
  const { log, events } = recordingLog();
  const store = createModelStore({
    folder,
    catalogue: { version: 1, models: [] },
    fetch: () => Promise.reject(new Error("no network in this test")),
    log,
    endpoint: "http://127.0.0.1:1",
    otherFolders: [],
    availableMemory: () => 8 * 1024 ** 3,
    retryBaseMs: 1,
    ...options,
  });
  return { store, events };
}

export const never = new AbortController().signal;
