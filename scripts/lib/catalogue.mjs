// The same resources/models.json that the app reads, by the same rules: identity is bytes and sha256.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

/** @returns {{ id: string, name: string, sets?: string[], files: object[] }[]} */
export function readModels(folder = root) {
  return JSON.parse(readFileSync(join(folder, "resources", "models.json"), "utf8")).models;
}

/** The text of a file that is written from facts instead of fetched. */
export const writtenText = (content) => `${JSON.stringify(content, null, 2)}\n`;

export const isFetched = (file) => "sources" in file;

/** Files of a model that are not in the store with their size. Their hash was checked when they came. */
export function missingFiles(model, store) {
  return model.files.filter((file) => {
    const facts = statSync(join(store, model.id, file.path), { throwIfNoEntry: false });
    if (!facts) return true;
    return file.bytes !== undefined && facts.size !== file.bytes;
  });
}
