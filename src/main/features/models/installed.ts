import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Model } from "../../../shared/contract/models.ts";
import { isFetched, plannedBytes } from "./catalogue.ts";
import type { CatalogueModel } from "./catalogue.ts";
import type { Brought, State } from "./store-state.ts";

/** A model that can be loaded now. */
export type Installed = Omit<Brought, "origin"> & { id: string; origin: NonNullable<Model["origin"]> };

/** The weights of a model: what is hashed, probed and loaded. */
export function weightsOf(model: CatalogueModel) {
  const file = model.files.filter(isFetched).find(({ path }) => /\.(gguf|onnx)$/.test(path));
  if (!file) throw new Error(`The catalogue gives ${model.id} no weights.`);
  return file;
}

/** What a person brought under this id, when it still lies where it lay, whole. */
export async function findBrought(id: string, state: State): Promise<Installed | undefined> {
  const brought = state.models[id];
  if (!brought) return undefined;
  const facts = await stat(brought.path).catch(() => undefined);
  const whole = brought.format === "onnx" ? facts?.isDirectory() : facts?.size === brought.bytes;
  return whole ? { id, ...brought } : undefined;
}

/** A catalogue model of which every file lies in the store with its size; hashes were checked when they came. */
export async function findFetched(model: CatalogueModel, folder: string, state: State): Promise<Installed | undefined> {
  const weights = weightsOf(model);
  let bytes = 0;
  for (const file of model.files) {
    const facts = await stat(join(folder, file.path)).catch(() => undefined);
    if (!facts || (isFetched(file) && file.bytes !== undefined && file.bytes !== facts.size)) return undefined;
    bytes += facts.size;
  }
  const sha256 = weights.sha256 ?? state.hashes[`${model.id}/${weights.path}`]?.sha256;
  // Without a hash nothing proves where it came from; downloading again checks it against the hub.
  if (sha256 === undefined) return undefined;
  const { id, name, role, licence, format } = model;
  const shared = { id, name, role, licence, bytes, sha256, origin: "fetched" as const };
  if (model.format === "onnx") return { ...shared, format: "onnx", path: folder, onnx: model.onnx };
  return {
    ...shared,
    format,
    path: join(folder, weights.path),
    contextTokens: model.contextTokens,
    contextBytesPerToken: model.contextBytesPerToken,
  };
}

/** True when some of a model lies in the store: a finished file or the beginning of one. */
export async function isPartial(model: CatalogueModel, folder: string): Promise<boolean> {
  const names = model.files.filter(isFetched).flatMap(({ path }) => [path, `${path}.part`]);
  const found = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => undefined)));
  return found.some(Boolean);
}

export const catalogueBytes = (model: CatalogueModel) => model.files.reduce((sum, file) => sum + plannedBytes(file), 0);
