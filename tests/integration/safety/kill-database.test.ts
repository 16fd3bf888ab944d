import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { restoreBackup, writeBackup } from "../../../src/main/db/backup.ts";
import { migrations } from "../../../src/main/db/migrations/index.ts";
import { openDatabase } from "../../../src/main/db/open.ts";
import { isSound, listSnapshots, takeSnapshot } from "../../../src/main/db/snapshot.ts";
import { temporaryFolder } from "../../helpers/profile.ts";
import { startProgram } from "../../helpers/program.ts";
import { seeded } from "../../helpers/random-text.ts";

const KILLS = Number(process.env["CROFT_KILLS"] ?? 5);
const TEXTS = 400;
/** Between the first step and more than the whole of it, on a usual machine. */
const longestMs = 400;

/** A profile with some megabytes of text, and the name of every one of them. */
function fullProfile(): string {
  const profile = temporaryFolder();
  const db = openDatabase(profile, () => Date.UTC(2026, 0, 1));
  const insert = db.prepare("INSERT INTO texts (hash, text, length, created_at) VALUES (?, ?, ?, 1)");
  db.transaction(() => {
    for (let text = 0; text < TEXTS; text += 1) insert.run(`hash ${text}`, `text ${text} `.repeat(3000), text);
  })();
  db.close();
  return profile;
}

/** Starts the work and kills it after a while, whether it has ended or not. */
async function killWhile(work: string, profile: string, file: string, delayMs: number): Promise<void> {
  const { child, kill, ended } = startProgram("database-process.ts", [work, profile, file]);
  await once(child.stdout, "data");
  await Promise.race([after(delayMs), ended]);
  kill();
  await ended;
}

const delays = (seed: number): number[] => {
  const random = seeded(seed);
  return Array.from({ length: KILLS }, () => Math.floor(random() * longestMs));
};

function textsOf(file: string): { n: number; version: number } {
  const db = new Database(file, { readonly: true });
  try {
    const { n } = db.prepare<[], { n: number }>("SELECT count(*) AS n FROM texts WHERE text LIKE 'text %'").get() ?? { n: -1 };
    return { n, version: Number(db.pragma("user_version", { simple: true })) };
  } finally {
    db.close();
  }
}

const timeout = 60_000 + KILLS * 10_000;

describe("kill -9 of work on the database", () => {
  it("during a migration leaves the old schema or the new one, whole, and the snapshot of before", { timeout }, async () => {
    for (const delay of delays(1)) {
      const profile = fullProfile();
      await killWhile("migrate", profile, "", delay);
      expect(isSound(join(profile, "croft.db"))).toBe(true);
      const { n, version } = textsOf(join(profile, "croft.db"));
      expect(n).toBe(TEXTS);
      expect([migrations.length, migrations.length + 1]).toContain(version);
      for (const name of listSnapshots(profile))
        expect(textsOf(join(profile, "snapshots", name))).toEqual({ n: TEXTS, version: migrations.length });
      if (version > migrations.length) expect(listSnapshots(profile)).toHaveLength(1);
      else openDatabase(profile, Date.now).close();
    }
  });

  it("during a snapshot leaves the profile as it was, and every snapshot that has its name whole", { timeout }, async () => {
    const profile = fullProfile();
    for (const delay of delays(2)) {
      await killWhile("snapshot", profile, "", delay);
      expect(isSound(join(profile, "croft.db"))).toBe(true);
      expect(textsOf(join(profile, "croft.db")).n).toBe(TEXTS);
      for (const name of listSnapshots(profile)) {
        expect(isSound(join(profile, "snapshots", name))).toBe(true);
        expect(textsOf(join(profile, "snapshots", name)).n).toBe(TEXTS);
      }
    }
    const db = openDatabase(profile, Date.now);
    takeSnapshot(db, profile, Date.now());
    db.close();
    expect(readdirSync(join(profile, "snapshots")).filter((name) => !name.endsWith(".db"))).toEqual([]);
  });

  it("during a backup leaves the former backup or the new one, and what lies about from it stops no later one", { timeout }, async () => {
    const profile = fullProfile();
    const folder = temporaryFolder();
    const file = join(folder, "croft.backup");
    const first = openDatabase(profile, Date.now);
    writeBackup(first, file, "{}");
    for (const delay of delays(3)) {
      await killWhile("backup", profile, file, delay);
      expect(isSound(join(profile, "croft.db"))).toBe(true);
      const elsewhere = temporaryFolder();
      restoreBackup(elsewhere, file);
      expect(textsOf(join(elsewhere, "croft.db")).n).toBe(TEXTS);
    }
    writeBackup(first, file, "{}");
    first.close();
    expect(readdirSync(folder)).toEqual(["croft.backup"]);
  });

  it("during a restore leaves the former database or the restored one under its name, and loses neither", { timeout }, async () => {
    const source = fullProfile();
    const file = join(temporaryFolder(), "croft.backup");
    const db = openDatabase(source, Date.now);
    writeBackup(db, file, "{}");
    db.close();
    for (const delay of delays(4)) {
      const profile = temporaryFolder();
      const present = openDatabase(profile, Date.now);
      present.prepare("INSERT INTO texts (hash, text, length, created_at) VALUES ('h', 'text of before', 14, 1)").run();
      present.close();
      await killWhile("restore", profile, file, delay);
      expect(isSound(join(profile, "croft.db"))).toBe(true);
      const { n } = textsOf(join(profile, "croft.db"));
      expect([1, TEXTS]).toContain(n);
      // Once the name was given to the restored one, what stood there is beside it.
      if (n === TEXTS) expect(textsOf(join(profile, "croft.db.before-restore")).n).toBe(1);
      restoreBackup(profile, file);
      expect(textsOf(join(profile, "croft.db")).n).toBe(TEXTS);
      expect(readdirSync(profile).filter((name) => /restoring|keeping|partial/.test(name))).toEqual([]);
    }
  });
});
