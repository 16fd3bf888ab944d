import { readdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { Migration } from "../../../src/main/db/migrate.ts";
import { migrations } from "../../../src/main/db/migrations/index.ts";
import { openDatabase } from "../../../src/main/db/open.ts";
import { isSound, listSnapshots } from "../../../src/main/db/snapshot.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const now = () => Date.UTC(2026, 0, 1);
const next: Migration = { version: migrations.length + 1, name: "next", sql: "CREATE TABLE more (id TEXT) STRICT;" };

describe("migrations", () => {
  it("are numbered from 1 without a gap, so that none is skipped or run twice", () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it("bring an empty profile to the newest schema and take no snapshot of nothing", () => {
    const profile = temporaryFolder();
    const db = openDatabase(profile, now);
    expect(db.pragma("user_version", { simple: true })).toBe(migrations.length);
    expect(listSnapshots(profile)).toEqual([]);
    db.close();
  });

  it("take a verified snapshot of the data before the first change, so that an update can be undone", () => {
    const profile = temporaryFolder();
    const before = openDatabase(profile, now);
    before.prepare("INSERT INTO collections (id, name, embedder, created_at) VALUES ('c', 'notes', 'e', 1)").run();
    before.close();

    const after = openDatabase(profile, now, [...migrations, next]);
    const [snapshot] = listSnapshots(profile);
    expect(after.prepare("SELECT count(*) AS n FROM more").get()).toEqual({ n: 0 });
    after.close();

    const file = join(profile, "snapshots", snapshot ?? "missing");
    expect(isSound(file)).toBe(true);
    const copy = new Database(file, { readonly: true });
    expect(copy.prepare("SELECT name FROM collections").all()).toEqual([{ name: "notes" }]);
    expect(copy.pragma("user_version", { simple: true })).toBe(migrations.length);
    copy.close();
  });

  it("leave the old schema whole when one fails half-way", () => {
    const profile = temporaryFolder();
    openDatabase(profile, now).close();
    const broken: Migration = { ...next, sql: "CREATE TABLE half (id TEXT) STRICT; SELECT * FROM nowhere;" };
    expect(() => openDatabase(profile, now, [...migrations, broken])).toThrow(/nowhere/);

    const db = openDatabase(profile, now);
    expect(db.prepare("SELECT name FROM sqlite_master WHERE name = 'half'").get()).toBeUndefined();
    db.close();
  });

  it("refuse a database of a newer Croft and touch nothing, so that an older version cannot ruin it", () => {
    const profile = temporaryFolder();
    openDatabase(profile, now, [...migrations, next]).close();
    expect(() => openDatabase(profile, now)).toThrowError(
      expect.objectContaining({ code: "SCHEMA_NEWER", data: { found: next.version, known: migrations.length } }),
    );
    const db = new Database(join(profile, "croft.db"), { readonly: true });
    expect(db.pragma("user_version", { simple: true })).toBe(next.version);
    db.close();
  });

  it("keep five snapshots and drop the oldest, so that updates do not fill the disk", () => {
    const profile = temporaryFolder();
    openDatabase(profile, now).close();
    let list = [...migrations];
    for (let step = 1; step <= 7; step += 1) {
      list = [...list, { version: list.length + 1, name: `step ${step}`, sql: `CREATE TABLE step_${step} (id TEXT) STRICT;` }];
      openDatabase(profile, () => Date.UTC(2026, 0, step), list).close();
    }
    const kept = listSnapshots(profile);
    expect(kept).toHaveLength(5);
    expect(kept[0]).toContain("2026-01-07");
    expect(readdirSync(join(profile, "snapshots")).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });
});
