import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import Conf from "conf";
import { SettingKey, type SettingRow, Settings } from "../../../shared/contract/settings.ts";
import { AppError } from "../../../shared/errors.ts";
import type { Logger } from "../../core/logger.ts";

export type SettingsStore = ReturnType<typeof openSettings>;

/**
 * The settings of a profile, kept as `settings.json`. Only values that differ from the default are written, and
 * every value is parsed by its schema when it is read: the file may have been edited by hand.
 */
export function openSettings(profile: string, log: Logger) {
  const file = join(profile, "settings.json");
  moveAsideIfBroken(file, log);
  const conf = new Conf<Record<string, unknown>>({ cwd: profile, configName: "settings", accessPropertiesByDotNotation: false, configFileMode: 0o600 });
  const listeners = new Set<(key: SettingKey) => void>();

  function get<Key extends SettingKey>(key: Key): Settings[Key] {
    const schema = Settings.shape[key];
    const parsed = schema.safeParse(conf.get(key));
    if (parsed.success) return parsed.data as Settings[Key];
    log.warn("setting.ignored", { key, reason: "not valid" });
    return schema.parse(undefined) as Settings[Key];
  }

  function row(key: SettingKey): SettingRow {
    const schema = Settings.shape[key];
    return { key, value: get(key) ?? null, default: schema.parse(undefined) ?? null, description: describe(key) };
  }

  const tell = (key: SettingKey) => {
    for (const listener of listeners) listener(key);
  };

  return {
    get,
    row,
    list: (): SettingRow[] => SettingKey.options.map(row),
    /** @throws INVALID_INPUT when the value is not of the setting's form; the old one stays. */
    set(key: SettingKey, value: unknown): SettingRow {
      const parsed = Settings.shape[key].safeParse(value);
      if (!parsed.success) {
        throw new AppError("INVALID_INPUT", `${key} was not changed: ${parsed.error.issues[0]?.message ?? "the value is not valid"}.`, { hint: describe(key) });
      }
      if (parsed.data === undefined) conf.delete(key);
      else conf.set(key, parsed.data);
      tell(key);
      return row(key);
    },
    reset(key: SettingKey): SettingRow {
      conf.delete(key);
      tell(key);
      return row(key);
    },
    onChange(listener: (key: SettingKey) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** The file's text, as a backup carries it. */
    toJson: (): string => JSON.stringify(conf.store),
  };
}

function describe(key: SettingKey): string {
  return Settings.shape[key].description ?? "";
}

/** A file that is no JSON object would stop the app from starting; it is kept under another name. */
function moveAsideIfBroken(file: string, log: Logger): void {
  if (!existsSync(file)) return;
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return;
  } catch {
    // Falls through to the rename.
  }
  renameSync(file, `${file}.invalid`);
  log.warn("settings.reset", { kept: `${file}.invalid` });
}
