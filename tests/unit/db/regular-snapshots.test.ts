import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/shared/errors.ts";
import { snapshot } from "../../../src/main/db/off-thread.ts";
import { openDatabase } from "../../../src/main/db/open.ts";
import { isSnapshotDue, keepSnapshots } from "../../../src/main/db/regular-snapshots.ts";
import { copyVerified, isSound, listSnapshots, newestSoundSnapshot, snapshotTime, takeSnapshot } from "../../../src/main/db/snapshot.ts";
import { temporaryFolder, temporaryTruth } from "../../helpers/profile.ts";

const DAY = 86_400_000;
const START = Date.UTC(2030, 0, 1);

/** A profile, its keeper by a clock that the test moves, and what was logged. */
function kept(take?: typeof snapshot) {
  const clock = { now: START };
  const truth = temporaryTruth(undefined, () => clock.now);
  const logged: string[] = [];
  const log = { info: (event: string) => void logged.push(event), warn: (event: string) => void logged.push(event) };
  const keeper = keepSnapshots({ profile: truth.profile, truth, log }, take);
  /** As if the database was written to at that time. */
  const writeAt = (time: number) => utimesSync(truth.db.name, time / 1000, time / 1000);
  return { truth, profile: truth.profile, clock, logged, keeper, writeAt };
}

describe("regular snapshots", () => {
  it("hold what was committed, in the write-ahead log as well, and are sound", async () => {
    const { truth, profile, keeper, logged } = kept();
    truth.db.prepare("INSERT INTO collections (id, name, embedder, created_at) VALUES ('c', 'notes', 'e', 1)").run();
    await keeper.look();
    const [name = ""] = listSnapshots(profile);
    expect(snapshotTime(name)).toBe(START);
    const file = join(profile, "snapshots", name);
    expect(isSound(file)).toBe(true);
    const copy = new Database(file, { readonly: true });
    expect(copy.prepare("SELECT name FROM collections").all()).toEqual([{ name: "notes" }]);
    copy.close();
    expect(logged).toEqual(["snapshot.taken"]);
    await keeper.close();
  });

  it("are taken once a day, and not where nothing was written (five copies of one state would push out all others)", async () => {
    const { profile, keeper, clock, writeAt } = kept();
    const count = async (at: number) => {
      clock.now = at;
      await keeper.look();
      return listSnapshots(profile).length;
    };
    expect(await count(START)).toBe(1);
    writeAt(START + 1000);
    expect(await count(START + DAY - 1)).toBe(1);
    expect(await count(START + DAY)).toBe(2);
    writeAt(START + 2000);
    expect(await count(START + 3 * DAY)).toBe(2);
    await keeper.close();
  });

  it("are five at most, the newest", async () => {
    const { profile, keeper, clock, writeAt } = kept();
    for (let day = 0; day < 7; day += 1) {
      clock.now = START + day * DAY;
      writeAt(clock.now - 1);
      await keeper.look();
    }
    const times = listSnapshots(profile).map(snapshotTime);
    expect(times).toEqual([6, 5, 4, 3, 2].map((day) => START + day * DAY));
    await keeper.close();
  });

  // Catches a conversation that was deleted and can be read in five copies for days.
  it("that hold what a person deleted go when it is gone, and not before there is another", async () => {
    let isFull = false;
    const { truth, profile, keeper, clock } = kept((...of) =>
      isFull ? Promise.reject(new AppError("DISK_FULL", "The disk is full.")) : snapshot(...of),
    );
    await keeper.look();
    const [first = ""] = listSnapshots(profile);
    clock.now = START + 60_000;
    truth.transact((transaction) => transaction.event("thread.removed", "t"));
    clock.now += 30_000;
    await keeper.look();
    expect(listSnapshots(profile)).toEqual([first]);
    clock.now += 31_000;
    isFull = true;
    await keeper.look();
    expect(listSnapshots(profile)).toEqual([first]);
    isFull = false;
    await keeper.look();
    expect(listSnapshots(profile).map(snapshotTime)).toEqual([clock.now]);
    await keeper.close();
  });

  it("stay after what only left a folder or was changed", async () => {
    const { truth, profile, keeper, clock } = kept();
    await keeper.look();
    clock.now = START + 60_000;
    for (const kind of ["document.removed", "thread.renamed", "collection.created"])
      truth.transact((transaction) => transaction.event(kind, "x"));
    clock.now += 600_000;
    await keeper.look();
    expect(listSnapshots(profile).map(snapshotTime)).toEqual([START]);
    await keeper.close();
  });

  it("go on after a clock that ran ahead (none would be taken until that day)", () => {
    const { truth, profile } = kept();
    takeSnapshot(truth.db, profile, START + 400 * DAY);
    expect(isSnapshotDue(profile, START)).toBe(true);
  });

  it("leave the former ones where the disk is full, log it, and try again", async () => {
    let isFull = true;
    const { truth, profile, keeper, clock, logged, writeAt } = kept((...of) =>
      isFull ? Promise.reject(new AppError("DISK_FULL", "The disk is full.")) : snapshot(...of),
    );
    for (let day = 0; day < 5; day += 1) takeSnapshot(truth.db, profile, START + day * DAY);
    const before = listSnapshots(profile);
    clock.now = START + 9 * DAY;
    writeAt(clock.now - 1);
    await keeper.look();
    expect(listSnapshots(profile)).toEqual(before);
    isFull = false;
    await keeper.look();
    expect(logged).toEqual(["snapshot.failed", "snapshot.taken"]);
    expect(listSnapshots(profile)).toHaveLength(5);
    expect(snapshotTime(listSnapshots(profile)[0] ?? "")).toBe(clock.now);
    await keeper.close();
  });

  it("clear away what a crash half way left, and never count it as a snapshot", async () => {
    const { profile, keeper } = kept();
    const folder = join(profile, "snapshots");
    mkdirSync(folder);
    for (const name of ["croft-2029-12-31T00-00-00-000Z.db.partial", "croft-2029-12-31T00-00-00-000Z.db.partial-journal"])
      writeFileSync(join(folder, name), "half");
    expect(listSnapshots(profile)).toEqual([]);
    await keeper.look();
    expect(readdirSync(folder)).toEqual(["croft-2030-01-01T00-00-00-000Z.db"]);
    await keeper.close();
  });

  it("are taken by one thread at a time, which closing waits for (a folder would be removed under it)", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    let calls = 0;
    const { keeper } = kept(() => {
      calls += 1;
      return promise;
    });
    const looks = [keeper.look(), keeper.look()];
    let isClosed = false;
    const closing = keeper.close().then(() => (isClosed = true));
    await new Promise((done) => setImmediate(done));
    expect(isClosed).toBe(false);
    resolve("");
    await Promise.all([...looks, closing]);
    await keeper.look();
    expect(calls).toBe(1);
  });
});

describe("a damaged database", () => {
  it("offers the newest snapshot that is sound, not one that the same disk damaged", () => {
    const profile = temporaryFolder();
    const db = openDatabase(profile, () => START);
    takeSnapshot(db, profile, START);
    const worse = takeSnapshot(db, profile, START + DAY);
    db.close();
    writeFileSync(worse, Buffer.alloc(statSync(worse).size, 0x5a));
    writeFileSync(join(profile, "croft.db"), Buffer.alloc(8192, 0x5a));
    expect(() => openDatabase(profile, () => START)).toThrowError(
      expect.objectContaining({
        code: "DATABASE_DAMAGED",
        data: { snapshot: "croft-2030-01-01T00-00-00-000Z.db" },
        hint: expect.stringContaining("croft-2030-01-01T00-00-00-000Z.db"),
      }),
    );
    expect(readFileSync(worse)[0]).toBe(0x5a);
  });

  it("offers a backup where no snapshot is sound", () => {
    const profile = temporaryFolder();
    mkdirSync(join(profile, "snapshots"));
    writeFileSync(join(profile, "snapshots", "croft-2030-01-01T00-00-00-000Z.db"), "no database");
    expect(newestSoundSnapshot(profile)).toBeUndefined();
  });
});

describe("the time in a snapshot's name", () => {
  it.each(["croft-.db", "croft-2030-01-01.db", "croft-2030-99-01T00-00-00-000Z.db", "croft-x.db.partial"])("is none in %s", (name) => {
    expect(snapshotTime(name)).toBeUndefined();
  });
});

describe("a copy of the database on a disk that has no room for it", () => {
  function large() {
    const truth = temporaryTruth();
    const insert = truth.db.prepare("INSERT INTO collections (id, name, embedder, created_at) VALUES (?, ?, 'e', 1)");
    truth.jot(() => {
      for (let row = 0; row < 20_000; row += 1) insert.run(`id ${row}`, `name ${row} of many`);
    });
    return truth;
  }
  const size = ({ db }: ReturnType<typeof large>) => {
    const number = (pragma: string) => Number(db.pragma(pragma, { simple: true }));
    return (number("page_count") - number("freelist_count")) * number("page_size");
  };

  // Catches: a snapshot that fills the disk to its last byte before it fails, so that nobody else can write either.
  it("is refused before a byte is written, with how much there is and how much is needed; those that are there stay", () => {
    const truth = large();
    const former = takeSnapshot(truth.db, truth.profile, START);
    const needed = size(truth);
    expect(() => takeSnapshot(truth.db, truth.profile, START + DAY, () => needed)).toThrow(
      expect.objectContaining({ code: "DISK_FULL", hint: expect.any(String), data: { needed, free: needed } }),
    );
    expect(readdirSync(join(truth.profile, "snapshots"))).toEqual([basename(former)]);
    const target = join(temporaryFolder(), "copy.db");
    expect(() => copyVerified(truth.db, target, () => 0)).toThrow(expect.objectContaining({ code: "DISK_FULL" }));
    expect(readdirSync(dirname(target))).toEqual([]);
  });

  // Catches: a margin that refuses where there is room, and free pages counted as if they were copied.
  it("is made where it fits, by what it will take and not by the size of the file", () => {
    const truth = large();
    const full = size(truth);
    truth.db.exec("DELETE FROM collections");
    const left = size(truth);
    expect(left).toBeLessThan(full / 4);
    const target = join(temporaryFolder(), "copy.db");
    copyVerified(truth.db, target, () => left * 1.05 + 1024 * 1024);
    expect(isSound(target)).toBe(true);
    expect(statSync(target).size).toBeLessThanOrEqual(left);
  });

  // Catches: the check on a real disk that counts blocks as bytes and refuses everywhere.
  it("finds room by itself on the disk that it is written to", () => {
    const truth = temporaryTruth();
    expect(isSound(takeSnapshot(truth.db, truth.profile, START))).toBe(true);
  });
});
