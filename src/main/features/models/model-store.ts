import { join } from "node:path";
import type { Progress } from "../../../shared/contract/jobs.ts";
import type { Model } from "../../../shared/contract/models.ts";
import { AppError } from "../../../shared/errors.ts";
import type { Logger } from "../../core/logger.ts";
import type { OnnxModel } from "../../engines/inference/protocol.ts";
import { isFetched } from "./catalogue.ts";
import type { Catalogue } from "./catalogue.ts";
import { downloadModel } from "./download-model.ts";
import { copyCandidate, inspectCandidate } from "./import-model.ts";
import type { ImportOptions } from "./import-model.ts";
import { findBrought, findFetched, isPartial, weightsOf } from "./installed.ts";
import type { Installed } from "./installed.ts";
import { findByIdentity } from "./known-folders.ts";
import { describeCatalogue, describeInstalled } from "./describe-model.ts";
import { removeFiles } from "./remove-files.ts";
import { openStateFile } from "./store-state.ts";
import type { Brought, Learned, State } from "./store-state.ts";

export type ModelStoreOptions = {
  /** The user-wide model folder; made when something is first put into it. */
  folder: string;
  catalogue: Catalogue;
  /** The host's, with the egress policy asked first. */
  fetch: typeof globalThis.fetch;
  log: Logger;
  /** Root of the model hub: `hubEndpoint()`. */
  endpoint: string;
  /** Folders of other programs in which a wanted GGUF may lie: `knownModelFolders()`. */
  otherFolders: readonly string[];
  /** Memory that can be had without swapping, in bytes. Default: what the system says. */
  availableMemory?: (() => number) | undefined;
  stallMs?: number | undefined;
  retryBaseMs?: number | undefined;
};

type GgufFile = {
  id: string;
  path: string;
  bytes: number;
  sha256: string;
  trainContextTokens: number;
  contextBytesPerToken: number;
};

export type ModelStore = {
  list(): Promise<Model[]>;
  /** @throws NOT_FOUND for an id that nobody knows */
  show(id: string): Promise<Model>;
  /** @throws MODEL_MISSING when it is not installed · NOT_FOUND · NOT_SUPPORTED when it is no GGUF */
  resolveGguf(id: string): Promise<GgufFile>;
  /** @throws MODEL_MISSING when it is not installed · NOT_FOUND · NOT_SUPPORTED when it is no ONNX model */
  resolveOnnx(id: string): Promise<OnnxModel>;
  /** @throws MODEL_MISSING · NOT_FOUND */
  installed(id: string): Promise<Installed>;
  /** From other programs' folders or the hub; done at once when it is installed. */
  download(id: string, options: { signal: AbortSignal; onProgress(progress: Progress): void }): Promise<Model>;
  import(options: ImportOptions): Promise<Model>;
  /** Deletes what Croft fetched or copied; a linked file is only forgotten. @returns bytes freed */
  remove(id: string): Promise<{ freed: number }>;
  /** What is known about a file by its hash, on this machine. */
  learned(sha256: string): Promise<Learned>;
  learn(sha256: string, facts: Learned): Promise<void>;
};

/** The models of a user: what is known, what is installed, and how one comes and goes. Shared by all profiles. */
export function createModelStore(options: ModelStoreOptions): ModelStore {
  const { folder, catalogue, log, availableMemory = () => process.availableMemory() } = options;
  const state = openStateFile(folder, (kept) => log.warn("models.state-damaged", { kept }));
  const folderOf = (id: string) => join(folder, id);
  const known = (id: string) => catalogue.models.find((model) => model.id === id);

  async function find(id: string, current: State): Promise<Installed | undefined> {
    const model = known(id);
    return (await findBrought(id, current)) ?? (model && (await findFetched(model, folderOf(id), current)));
  }

  async function installed(modelId: string): Promise<Installed> {
    const id = localId(modelId);
    const current = await state.read();
    const found = await find(id, current);
    if (found) return found;
    const lost = current.models[id];
    if (lost) {
      throw new AppError("MODEL_MISSING", `The model ${id} is not at ${lost.path} any more, or has changed.`, {
        hint: known(id) ? `Get it with: croft models download ${id}` : `Import it again, or forget it with: croft models remove ${id}`,
        data: { id },
      });
    }
    if (!known(id)) throw unknown(id);
    throw new AppError("MODEL_MISSING", `The model ${id} is not installed.`, {
      hint: `Get it with: croft models download ${id}`,
      data: { id },
    });
  }

  async function describe(id: string, current: State): Promise<Model> {
    const model = known(id);
    const found = await find(id, current);
    const available = availableMemory();
    if (found) return describeInstalled(found, current.learned[found.sha256] ?? {}, model, available);
    if (model) return describeCatalogue(model, (await isPartial(model, folderOf(id))) ? "partial" : "missing", available);
    const lost = current.models[id];
    if (!lost) throw unknown(id);
    return { ...describeInstalled({ id, ...lost }, current.learned[lost.sha256] ?? {}, undefined, available), state: "missing" };
  }

  async function list(): Promise<Model[]> {
    const current = await state.read();
    const ids = new Set([...catalogue.models.map((model) => model.id), ...Object.keys(current.models)]);
    return Promise.all([...ids].map((id) => describe(id, current)));
  }

  async function show(modelId: string): Promise<Model> {
    return describe(localId(modelId), await state.read());
  }

  async function download(modelId: string, { signal, onProgress }: Parameters<ModelStore["download"]>[1]): Promise<Model> {
    const id = localId(modelId);
    const model = known(id);
    const current = await state.read();
    if (await find(id, current)) return describe(id, current);
    if (!model) throw unknown(id);
    const weights = weightsOf(model);
    if (model.format === "gguf" && weights.bytes !== undefined && weights.sha256 !== undefined) {
      const path = await findByIdentity(options.otherFolders, { bytes: weights.bytes, sha256: weights.sha256 }, signal);
      if (path !== undefined) {
        const { name, role, licence, format, contextTokens, contextBytesPerToken } = model;
        const linked: Brought = {
          origin: "linked",
          name,
          role,
          licence,
          format,
          path,
          bytes: weights.bytes,
          sha256: weights.sha256,
          contextTokens,
          contextBytesPerToken,
        };
        await state.update((next) => void (next.models[id] = linked));
        log.info("models.linked", { id, path });
        return show(id);
      }
    }
    const { fetch, endpoint, stallMs, retryBaseMs } = options;
    const hashes = await downloadModel({ model, folder: folderOf(id), endpoint, fetch, log, signal, onProgress, stallMs, retryBaseMs });
    await state.update((next) => {
      for (const [path, hash] of hashes) next.hashes[`${id}/${path}`] = hash;
      // A link whose file is gone has been replaced by a copy of our own.
      delete next.models[id];
    });
    log.info("models.downloaded", { id });
    return show(id);
  }

  async function importModel(request: ImportOptions): Promise<Model> {
    const candidate = await inspectCandidate(request);
    const { model } = candidate;
    const match = catalogue.models.find((entry) => weightsOf(entry).sha256 === model.sha256 && entry.format === model.format);
    const current = await state.read();
    const same = match?.id ?? Object.keys(current.models).find((id) => current.models[id]?.sha256 === model.sha256);
    if (same !== undefined && (await find(same, current))) return describe(same, current);
    const id = same ?? freeId(candidate.suggestedId, current);
    const files = match?.format === "gguf" ? [weightsOf(match).path] : undefined;
    const brought = request.copy ? await copyCandidate(candidate, folderOf(id), request.signal, files) : model;
    const facts = match ? { name: match.name, licence: match.licence, ...(match.format === "onnx" ? { onnx: match.onnx } : {}) } : {};
    await state.update((next) => void (next.models[id] = { ...brought, ...facts }));
    log.info("models.imported", { id, copied: request.copy });
    return show(id);
  }

  function freeId(wanted: string, current: State): string {
    const taken = (id: string) => known(id) !== undefined || current.models[id] !== undefined;
    if (!taken(wanted)) return wanted;
    for (let number = 2; ; number++) if (!taken(`${wanted}-${number}`)) return `${wanted}-${number}`;
  }

  async function remove(modelId: string): Promise<{ freed: number }> {
    const id = localId(modelId);
    const current = await state.read();
    const brought = current.models[id];
    const model = known(id);
    if (!brought && !model) throw unknown(id);
    // Only what Croft itself put there: its own folder, the files it lists or copied. A linked file lies elsewhere.
    const names = brought?.origin === "imported" ? (brought.files ?? []) : (model?.files.map(({ path }) => path) ?? []);
    const freed = await removeFiles(folderOf(id), names);
    await state.update((next) => {
      delete next.models[id];
      for (const file of model?.files.filter(isFetched) ?? []) delete next.hashes[`${id}/${file.path}`];
    });
    log.info("models.removed", { id, freed });
    return { freed };
  }

  return {
    list,
    show,
    installed,
    download,
    import: importModel,
    remove,
    async resolveGguf(modelId) {
      const found = await installed(modelId);
      if (found.format !== "gguf")
        throw new AppError("NOT_SUPPORTED", `${found.id} is a model for ${found.role}; it writes no text.`, {
          hint: "Choose a chat model: croft models list",
        });
      const { id, path, bytes, sha256, contextTokens = 0, contextBytesPerToken = 0 } = found;
      return { id, path, bytes, sha256, trainContextTokens: contextTokens, contextBytesPerToken };
    },
    async resolveOnnx(modelId) {
      const found = await installed(modelId);
      if (!found.onnx)
        throw new AppError("NOT_SUPPORTED", `${found.id} is a model for ${found.role}; it makes no vectors or scores.`, {
          hint: "Choose an embedding model: croft models list",
        });
      return { folder: found.path, ...found.onnx };
    },
    learned: async (sha256) => (await state.read()).learned[sha256] ?? {},
    learn: (sha256, facts) => state.update((next) => void (next.learned[sha256] = { ...next.learned[sha256], ...facts })),
  };
}

/** The id within the provider `local`. @throws NOT_FOUND for another provider's */
function localId(modelId: string): string {
  const [provider, ...rest] = modelId.split(":");
  if (rest.length === 0) return modelId;
  if (provider === "local") return rest.join(":");
  throw new AppError("NOT_FOUND", `${modelId} is not a model on this machine.`, { hint: "Local models are listed by: croft models list" });
}

function unknown(id: string): AppError {
  return new AppError("NOT_FOUND", `No model is called ${id}.`, { hint: "See what there is with: croft models list", data: { id } });
}
