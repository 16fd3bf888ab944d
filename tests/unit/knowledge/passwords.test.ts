import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createCollectionStore } from "../../../src/main/features/knowledge/collections/collection-store.ts";
import { createPasswords } from "../../../src/main/features/knowledge/sources/password-store.ts";
import { createSourceStore, SourceOptions } from "../../../src/main/features/knowledge/sources/source-store.ts";
import { recordingLog } from "../../helpers/engine-hosts.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

/** Secrets in memory, as a host keeps them. */
function secretsOf(kept = new Map<string, string>()) {
  return {
    kept,
    get: async (name: string) => kept.get(name),
    set: async (name: string, value: string) => void kept.set(name, value),
    delete: async (name: string) => void kept.delete(name),
    isProtected: async () => true,
  };
}

function openStores() {
  const truth = temporaryTruth();
  const { id } = createCollectionStore(truth).create("notes", "m");
  const sources = createSourceStore(truth);
  const source = sources.add(id, "path", "/docs", SourceOptions.parse({}));
  return { truth, sources, source, collectionId: id, log: recordingLog().log };
}

/** What an earlier Croft wrote. */
const putOldPassword = ({ truth, source }: ReturnType<typeof openStores>) =>
  truth.db
    .prepare("UPDATE sources SET options = ? WHERE id = ?")
    .run(JSON.stringify({ include: ["*.pdf"], reading: { ocr: "auto", password: "open-sesame-4711" } }), source.id);

describe("the password of a source", () => {
  test("lies with the secrets, and nowhere in the database's files", async () => {
    const stores = openStores();
    const secrets = secretsOf();
    const passwords = createPasswords({ ...stores, secrets });
    await passwords.set(stores.source.id, "open-sesame-4711");
    expect(await passwords.of(stores.source.id)).toBe("open-sesame-4711");
    for (const file of ["croft.db", "croft.db-wal"])
      expect(readFileSync(join(stores.truth.profile, file)).includes("open-sesame")).toBe(false);
    await passwords.forget([stores.source.id]);
    expect(secrets.kept.size).toBe(0);
  });

  test("that an earlier Croft kept in the database moves, and is written over where it was", async () => {
    const stores = openStores();
    putOldPassword(stores);
    const secrets = secretsOf();
    const passwords = createPasswords({ ...stores, secrets });
    expect(await passwords.of(stores.source.id)).toBe("open-sesame-4711");
    expect(stores.sources.list(stores.collectionId)[0]?.options).toMatchObject({ include: ["*.pdf"], reading: { ocr: "auto" } });
    stores.truth.close();
    expect(readFileSync(join(stores.truth.profile, "croft.db")).includes("open-sesame")).toBe(false);
  });

  test("stays where it is when the secrets cannot be written, and is not lost", async () => {
    const stores = openStores();
    putOldPassword(stores);
    const broken = { ...secretsOf(), set: () => Promise.reject(new Error("no key store")) };
    await createPasswords({ ...stores, secrets: broken }).of(stores.source.id);
    const secrets = secretsOf();
    expect(await createPasswords({ ...stores, secrets }).of(stores.source.id)).toBe("open-sesame-4711");
  });

  test("is as good as none when the secrets cannot be read: other files are indexed all the same", async () => {
    const stores = openStores();
    const broken = { ...secretsOf(), get: () => Promise.reject(new Error("damaged")) };
    expect(await createPasswords({ ...stores, secrets: broken }).of(stores.source.id)).toBeUndefined();
  });

  test("gives locked files another try when it is a new one, and leaves others as they are", async () => {
    const stores = openStores();
    const { sources, source } = stores;
    const passwords = createPasswords({ ...stores, secrets: secretsOf() });
    const paths = ["/docs/locked.pdf", "/docs/wrong.pdf", "/docs/broken.pdf"];
    const codes = ["FILE_ENCRYPTED", "FILE_PASSWORD_WRONG", "FILE_DAMAGED"];
    sources.noteSeen(
      source.id,
      paths.map((path) => ({ path, size: 1, modifiedAt: 1 })),
    );
    for (const [index, path] of paths.entries())
      stores.truth.db
        .prepare("UPDATE files SET state = 'failed', reason = json_object('code', ?, 'message', 'x') WHERE path = ?")
        .run(codes[index], path);
    const states = () => paths.map((path) => sources.file(source.id, path)?.state);
    await passwords.set(source.id, "one");
    expect(states()).toEqual(["pending", "pending", "failed"]);
    stores.truth.db.prepare("UPDATE files SET state = 'failed' WHERE path = ?").run(paths[0]);
    await passwords.set(source.id, "one");
    expect(states()[0]).toBe("failed");
    await passwords.set(source.id, "two");
    expect(states()[0]).toBe("pending");
  });
});
