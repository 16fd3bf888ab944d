import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import envPaths from "env-paths";

/** The user-wide model store: CROFT_MODELS, or `models` in the user's data folder. */
export function modelsFolder(): string {
  return process.env["CROFT_MODELS"] || join(envPaths("croft", { suffix: "" }).data, "models");
}

/** Folder of an installed model, or undefined. A folder counts once it holds weights under their final name. */
export function modelFolder(id: string): string | undefined {
  const folder = join(modelsFolder(), id);
  return holdsWeights(folder) || holdsWeights(join(folder, "onnx")) ? folder : undefined;
}

/** Why a test of this model cannot run, or undefined when it can: `test.skipIf(reason)` plus the reason in its name. */
export function skipReason(id: string): string | undefined {
  return modelFolder(id) === undefined ? `model ${id} is not installed in ${modelsFolder()}; npm run setup fetches it` : undefined;
}

function holdsWeights(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => /\.(gguf|onnx)$/.test(name));
}
