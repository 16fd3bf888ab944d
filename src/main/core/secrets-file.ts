import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { AppError } from "../../shared/errors.ts";
import type { Secrets } from "./host.ts";

const File = z.record(z.string(), z.string());

/** The environment variable that overrides a secret: `openai.key` is CROFT_SECRET_OPENAI_KEY. */
const secretVariable = (name: string): string => `CROFT_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}`;

/** Secrets of a host without a keychain: the environment first, then a file that only this user may read. */
export function createSecretsFile(file: string, environment: NodeJS.ProcessEnv = process.env): Secrets {
  let writing: Promise<unknown> = Promise.resolve();
  let reading: Promise<Record<string, string>> | undefined;

  async function read(): Promise<Record<string, string>> {
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "{}";
      throw error;
    });
    return parse(text, file);
  }

  /** Those who ask together share one reading: a list of ten thousand sources asks for each. */
  const readOnce = () => {
    if (reading) return reading;
    const mine = read().finally(() => {
      if (reading === mine) reading = undefined;
    });
    return (reading = mine);
  };

  function update(change: (secrets: Record<string, string>) => Record<string, string>): Promise<void> {
    const next = writing.then(async () => {
      const text = JSON.stringify(change(await read()));
      const staged = `${file}.${randomUUID()}`;
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(staged, text, { mode: 0o600, flag: "wx" });
      await rename(staged, file);
      // Who asks from now on must not get what a reading from before is about to bring.
      reading = undefined;
    });
    writing = next.catch(() => undefined);
    return next;
  }

  return {
    async get(name) {
      const overridden = environment[secretVariable(name)];
      if (overridden) return overridden;
      const secrets = await readOnce();
      return Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    },
    set: (name, value) => update((secrets) => ({ ...secrets, [name]: value })),
    delete: (name) => update((secrets) => Object.fromEntries(Object.entries(secrets).filter(([key]) => key !== name))),
    isProtected: async () => false,
  };
}

/** Without a cause: the errors of parsers quote what they read, and logs keep causes. */
function parse(text: string, file: string): Record<string, string> {
  try {
    return File.parse(JSON.parse(text));
  } catch {
    throw new AppError("FILE_DAMAGED", `The secrets in ${file} cannot be read; the file was left as it is.`, {
      hint: "Mend the file, or remove it and enter the keys again.",
    });
  }
}
