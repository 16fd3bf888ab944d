import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { restoreBackup, writeBackup } from "../../../src/main/db/backup.ts";
import { openDatabase } from "../../../src/main/db/open.ts";
import { takeSnapshot } from "../../../src/main/db/snapshot.ts";
import { temporaryFolder, temporaryTruth } from "../../helpers/profile.ts";

const now = () => Date.UTC(2026, 0, 1);

describe("opening a profile", () => {
  it("names a damaged database as such, leaves it alone and offers the last snapshot", () => {
    const profile = temporaryFolder();
    const db = openDatabase(profile, now);
    takeSnapshot(db, profile, now());
    db.close();
    const file = join(profile, "croft.db");
    writeFileSync(file, Buffer.alloc(8192, 0x5a));

    expect(() => openDatabase(profile, now)).toThrowError(
      expect.objectContaining({
        code: "DATABASE_DAMAGED",
        hint: expect.stringContaining("croft restore"),
        data: { snapshot: expect.stringMatching(/^croft-.*\.db$/) },
      }),
    );
    expect(readFileSync(file)[0]).toBe(0x5a);
  });

  it("says so when the place of the profile is a file", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "taken"), "");
    expect(() => openDatabase(join(folder, "taken", "profile"), now)).toThrowError(expect.objectContaining({ code: "STORAGE_READONLY" }));
  });

  it("says so when the folder cannot be written, and loses nothing of what is in it", () => {
    const profile = temporaryFolder();
    const db = openDatabase(profile, now);
    db.prepare("INSERT INTO collections (id, name, embedder, created_at) VALUES ('c', 'notes', 'e', 1)").run();
    db.close();
    chmodSync(join(profile, "croft.db"), 0o444);
    chmodSync(profile, 0o555);
    asNobody(() => {
      expect(() => openDatabase(profile, now)).toThrowError(expect.objectContaining({ code: "STORAGE_READONLY" }));
    });
    chmodSync(profile, 0o755);
    chmodSync(join(profile, "croft.db"), 0o644);
    const again = openDatabase(profile, now);
    expect(again.prepare("SELECT name FROM collections").all()).toEqual([{ name: "notes" }]);
    again.close();
  });

  it.skipIf(process.platform === "win32")("lets nobody else read what it holds, though the folder was open to all before", () => {
    const profile = temporaryFolder();
    chmodSync(profile, 0o755);
    // As a Croft before this rule made it.
    writeFileSync(join(profile, "croft.db"), "", { mode: 0o644 });
    const db = openDatabase(profile, now);
    db.prepare("INSERT INTO collections (id, name, embedder, created_at) VALUES ('c', 'notes', 'e', 1)").run();
    takeSnapshot(db, profile, now());
    writeBackup(db, join(profile, "backup"), "{}");
    const files = readdirSync(profile, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const open = files.filter(({ parentPath, name }) => (statSync(join(parentPath, name)).mode & 0o077) !== 0);
    db.close();
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(["backup", "croft.db", "croft.db-wal"]));
    expect(open.map(({ name }) => name)).toEqual([]);

    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, "croft.db"), readFileSync(join(profile, "croft.db")), { mode: 0o644 });
    restoreBackup(elsewhere, join(profile, "backup"));
    for (const name of ["croft.db", "croft.db.before-restore"]) expect(statSync(join(elsewhere, name)).mode & 0o077).toBe(0);
  });

  it("sets what durability and integrity rest on", () => {
    const { db } = temporaryTruth();
    expect(db.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(db.pragma("synchronous", { simple: true })).toBe(2);
    expect(db.pragma("foreign_keys", { simple: true })).toBe(1);
    expect(db.pragma("trusted_schema", { simple: true })).toBe(0);
  });
});

/** Root may write anywhere: for the length of a call this process has the rights of `nobody`. */
function asNobody(work: () => void): void {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    work();
  } finally {
    process.seteuid?.(0);
  }
}
