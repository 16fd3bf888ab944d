// Folders that the scripts share. No dependency may be imported here: this runs before they are installed.
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));

/**
 * The user-wide model store, as the app finds it: CROFT_MODELS, else `models` in the platform's data folder.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string}
 */
export function modelsFolder(environment = process.env, platform = process.platform, home = homedir()) {
  const chosen = environment.CROFT_MODELS;
  if (chosen) return resolve(chosen.replace(/^~(?=\/|$)/, home));
  return join(dataFolder(environment, platform, home), "models");
}

function dataFolder(environment, platform, home) {
  if (platform === "darwin") return join(home, "Library", "Application Support", "croft");
  if (platform === "win32") return join(environment.LOCALAPPDATA || join(home, "AppData", "Local"), "croft", "Data");
  return join(environment.XDG_DATA_HOME || join(home, ".local", "share"), "croft");
}
