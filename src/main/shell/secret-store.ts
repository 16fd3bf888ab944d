import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { SafeStorage } from "electron";
import { z } from "zod";
import type { Secrets } from "../core/host.ts";

export type Encryption = Pick<
  SafeStorage,
  "isAsyncEncryptionAvailable" | "encryptStringAsync" | "decryptStringAsync" | "getSelectedStorageBackend"
>;

/** Name of a secret → its encrypted form in base64. */
const Stored = z.record(z.string(), z.base64());
type Stored = Map<string, string>;

/**
 * API keys, encrypted by the system's key store, in one file readable by its owner only. Where the system encrypts
 * nothing they are kept in memory until Croft quits: a key in a file that anyone may read is worse than typing it again.
 */
export function createSecretStore(file: string, encryption: Encryption, platform: NodeJS.Platform): Secrets {
  const session = new Map<string, string>();
  let queue: Promise<unknown> = Promise.resolve();

  /** One change at a time, so that none is lost to another that read the file before it. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = queue.then(work);
    queue = result.catch(() => {});
    return result;
  }

  async function isProtected(): Promise<boolean> {
    if (!(await encryption.isAsyncEncryptionAvailable())) return false;
    return platform !== "linux" || encryption.getSelectedStorageBackend() !== "basic_text";
  }

  async function change(edit: (secrets: Stored) => void): Promise<void> {
    const secrets = await readStored(file);
    edit(secrets);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.new`, JSON.stringify(Object.fromEntries(secrets)), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }

  async function encrypted(value: string): Promise<string> {
    return (await encryption.encryptStringAsync(value)).toString("base64");
  }

  return {
    isProtected,
    get: (name) =>
      inTurn(async () => {
        const kept = session.get(name);
        if (kept !== undefined) return kept;
        const stored = (await readStored(file)).get(name);
        if (stored === undefined || !(await isProtected())) return undefined;
        const { result, shouldReEncrypt } = await encryption.decryptStringAsync(Buffer.from(stored, "base64"));
        if (shouldReEncrypt) {
          const renewed = await encrypted(result);
          await change((secrets) => void secrets.set(name, renewed));
        }
        return result;
      }),
    set: (name, value) =>
      inTurn(async () => {
        if (!(await isProtected())) return void session.set(name, value);
        const text = await encrypted(value);
        await change((secrets) => void secrets.set(name, text));
      }),
    delete: (name) =>
      inTurn(async () => {
        session.delete(name);
        await change((secrets) => void secrets.delete(name));
      }),
  };
}

/** A file that is missing or damaged holds no secrets; they can be typed again, and nothing else depends on them. */
async function readStored(file: string): Promise<Stored> {
  try {
    return new Map(Object.entries(Stored.parse(JSON.parse(await readFile(file, "utf8")))));
  } catch {
    return new Map();
  }
}
