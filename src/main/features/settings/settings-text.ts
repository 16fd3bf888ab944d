import { SettingKey, type SettingsImport } from "../../../shared/contract/settings.ts";
import { AppError, toWire } from "../../../shared/errors.ts";
import type { SettingsStore } from "./settings.ts";

/** What an exported file says of itself, so that another program's JSON is not taken for one. */
const kind = "croft-settings";

/** The settings that differ from their defaults, for another machine. Secrets are no settings and are not in it. */
export function exportSettings(store: SettingsStore): string {
  const changed = store.list().filter(({ value, default: standard }) => JSON.stringify(value) !== JSON.stringify(standard));
  return `${JSON.stringify({ kind, version: 1, values: Object.fromEntries(changed.map(({ key, value }) => [key, value])) }, null, 2)}\n`;
}

/**
 * Sets what a file says, value by value, each parsed by its own schema; settings that it does not name stay.
 * @throws INVALID_INPUT when it is no file of settings; nothing was changed then
 */
export function importSettings(store: SettingsStore, text: string): SettingsImport {
  const values = valuesOf(text);
  const result: SettingsImport = { applied: [], refused: [] };
  for (const [name, value] of Object.entries(values)) {
    const key = SettingKey.safeParse(name);
    if (!key.success) {
      result.refused.push({ key: shown(name), reason: "No setting has this name." });
      continue;
    }
    try {
      result.applied.push(store.set(key.data, value));
    } catch (error) {
      result.refused.push({ key: key.data, reason: toWire(error).message });
    }
  }
  return result;
}

/** A stranger's name, short and on one line. */
const shown = (name: string): string => name.replaceAll(/[^\x20-\x7e]+/g, " ").slice(0, 80);

function valuesOf(text: string): Record<string, unknown> {
  const file = parse(text);
  if (isObject(file) && file["kind"] === kind && file["version"] === 1 && isObject(file["values"])) return file["values"];
  throw new AppError("INVALID_INPUT", "This is no file of Croft's settings; nothing was changed.", {
    hint: "Choose a file that was exported from the settings of Croft.",
  });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
