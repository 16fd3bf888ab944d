import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSecretStore } from "../../../src/main/shell/secret-store.ts";
import type { Encryption } from "../../../src/main/shell/secret-store.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "croft-secrets-"));
  file = join(folder, "deep", "secrets.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The system's key store, as far as it is used; `rotate` makes every value ask to be encrypted anew. */
function fakeEncryption(options: { available?: boolean; backend?: "basic_text" | "gnome_libsecret"; rotate?: boolean } = {}) {
  return {
    isAsyncEncryptionAvailable: async () => options.available ?? true,
    getSelectedStorageBackend: () => options.backend ?? "gnome_libsecret",
    encryptStringAsync: async (text) => Buffer.from(text, "utf8").map((byte) => byte ^ (options.rotate ? 0x33 : 0x55)) as Buffer,
    decryptStringAsync: async (bytes) => ({
      result: Buffer.from(bytes.map((byte) => byte ^ 0x55)).toString("utf8"),
      shouldReEncrypt: options.rotate ?? false,
    }),
  } satisfies Encryption;
}

describe("a protected store", () => {
  it("keeps a key over a restart, encrypted, for its owner only", async () => {
    await createSecretStore(file, fakeEncryption(), "linux").set("provider.key", "sk-123");
    expect(readFileSync(file, "utf8")).not.toContain("sk-123");
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(await createSecretStore(file, fakeEncryption(), "linux").get("provider.key")).toBe("sk-123");
  });

  it("forgets what was deleted and knows nothing of what was never set", async () => {
    const store = createSecretStore(file, fakeEncryption(), "darwin");
    await store.set("a", "1");
    await store.delete("a");
    expect(await store.get("a")).toBeUndefined();
    expect(await store.get("toString")).toBeUndefined();
  });

  it("loses none of several changes made at once", async () => {
    const store = createSecretStore(file, fakeEncryption(), "darwin");
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.set(`key${index}`, String(index))));
    const values = await Promise.all(Array.from({ length: 20 }, (_, index) => store.get(`key${index}`)));
    expect(values).toEqual(Array.from({ length: 20 }, (_, index) => String(index)));
  });

  it("writes a value anew when the system changed its key", async () => {
    await createSecretStore(file, fakeEncryption(), "darwin").set("a", "1");
    const before = readFileSync(file, "utf8");
    expect(await createSecretStore(file, fakeEncryption({ rotate: true }), "darwin").get("a")).toBe("1");
    expect(readFileSync(file, "utf8")).not.toBe(before);
  });

  it("starts over from a damaged file", async () => {
    const store = createSecretStore(join(folder, "secrets.json"), fakeEncryption(), "darwin");
    writeFileSync(join(folder, "secrets.json"), '{"a": 1');
    expect(await store.get("a")).toBeUndefined();
    await store.set("a", "2");
    expect(await store.get("a")).toBe("2");
  });
});

describe("where the system protects nothing", () => {
  it.each([{ available: false }, { backend: "basic_text" as const }])("%o keeps keys in memory and never in a file", async (options) => {
    const store = createSecretStore(file, fakeEncryption(options), "linux");
    expect(await store.isProtected()).toBe(false);
    await store.set("a", "1");
    expect(await store.get("a")).toBe("1");
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
    await store.delete("a");
    expect(await store.get("a")).toBeUndefined();
  });

  it("the name of a backend means nothing outside Linux", async () => {
    expect(await createSecretStore(file, fakeEncryption({ backend: "basic_text" }), "win32").isProtected()).toBe(true);
  });
});
