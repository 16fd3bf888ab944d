import { join } from "node:path";
import { SettingKey, type SettingRow, Settings } from "../../../shared/contract/settings.ts";
import { AppError } from "../../../shared/errors.ts";
import { issueWords } from "../../../shared/issue-words.ts";
import type { Logger } from "../../core/logger.ts";
import { openJsonFile } from "./json-file.ts";

export type SettingsStore = ReturnType<typeof openSettings>;

/**
 * The settings of a profile, kept as `settings.json`. Only values that differ from the default are written, and
 * every value is parsed by its schema when it is read: the file may have been edited by hand.
 */
export function openSettings(profile: string, log: Logger) {
  const file = openJsonFile(join(profile, "settings.json"), (kept) => log.warn("settings.reset", { kept }));
  const listeners = new Set<(key: SettingKey) => void>();

  function get<Key extends SettingKey>(key: Key): Settings[Key] {
    const schema = Settings.shape[key];
    const parsed = schema.safeParse(file.values[key]);
    if (parsed.success) return parsed.data as Settings[Key];
    log.warn("setting.ignored", { key, reason: "not valid" });
    return schema.parse(undefined) as Settings[Key];
  }

  function row(key: SettingKey): SettingRow {
    const schema = Settings.shape[key];
    return { key, value: get(key) ?? null, default: schema.parse(undefined) ?? null, description: describe(key) };
  }

  /** @throws INVALID_INPUT when the value is not of the setting's form; the old one stays. */
  function set(key: SettingKey, value: unknown): SettingRow {
    const parsed = Settings.shape[key].safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new AppError("INVALID_INPUT", `${key} was not changed: it ${issue ? issueWords({ ...issue }) : "is not valid"}.`, {
        hint: describe(key),
      });
    }
    file.set(key, parsed.data);
    tell(key);
    return row(key);
  }

  function reset(key: SettingKey): SettingRow {
    file.set(key, undefined);
    tell(key);
    return row(key);
  }

  const tell = (key: SettingKey) => {
    for (const listener of listeners) listener(key);
  };

  return {
    get,
    row,
    list: (): SettingRow[] => SettingKey.options.map(row),
    set,
    reset,
    onChange(listener: (key: SettingKey) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** The file's text, as a backup carries it. */
    toJson: (): string => JSON.stringify(file.values),
  };
}

function describe(key: SettingKey): string {
  return Settings.shape[key].description ?? "";
}
