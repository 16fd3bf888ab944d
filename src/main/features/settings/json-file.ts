import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

export type JsonFile = {
  /** Values by key, as they stand in the file: not parsed by any schema yet. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Sets a value, or takes it out when it is undefined; on disk when this returns. */
  set(key: string, value: unknown): void;
};

/**
 * A small JSON object on disk, replaced whole at every change, so that it is never half written. A file that is no
 * JSON object is kept under another name and told of; the app must start all the same.
 */
export function openJsonFile(path: string, onBroken: (keptAs: string) => void): JsonFile {
  let values = read();

  function read(): Record<string, unknown> {
    if (!existsSync(path)) return {};
    try {
      const value: unknown = JSON.parse(readFileSync(path, "utf8"));
      if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
    } catch {
      // Told below.
    }
    renameSync(path, `${path}.invalid`);
    onBroken(`${path}.invalid`);
    return {};
  }

  return {
    get values() {
      return values;
    },
    set(key, value) {
      const { [key]: _former, ...rest } = values;
      const next = value === undefined ? rest : { ...rest, [key]: value };
      writeFileSync(`${path}.partial`, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600, flush: true });
      renameSync(`${path}.partial`, path);
      values = next;
    },
  };
}
