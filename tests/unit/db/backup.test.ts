import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { restoreBackup, writeBackup } from "../../../src/main/db/backup.ts";
import { openDatabase } from "../../../src/main/db/open.ts";
import { temporaryFolder, temporaryTruth } from "../../helpers/profile.ts";

const now = () => Date.UTC(2026, 0, 1);
const names = (profile: string) => {
  const db = openDatabase(profile, now);
  const rows = db.prepare<[], { name: string }>("SELECT name FROM collections ORDER BY name").all();
  db.close();
  return rows.map(({ name }) => name);
};

function profileWith(name: string) {
  const truth = temporaryTruth();
  truth.db.prepare("INSERT INTO collections (id, name, embedder, created_at) VALUES (?, ?, 'e', 1)").run(name, name);
  return truth;
}

describe("backup and restore", () => {
  it("bring data and settings back under another home", () => {
    const truth = profileWith("notes");
    const file = join(temporaryFolder(), "deep", "croft.backup");
    const { bytes } = writeBackup(truth.db, file, '{"search.limit":7}');
    expect(bytes).toBeGreaterThan(0);

    const elsewhere = join(temporaryFolder(), "new home");
    restoreBackup(elsewhere, file);
    expect(names(elsewhere)).toEqual(["notes"]);
    expect(readFileSync(join(elsewhere, "settings.json"), "utf8")).toBe('{"search.limit":7}');
  });

  // Catches: a backup of a stranger that goes on changing what is stored after it, such as the quotes of answers.
  it.each([
    "CREATE TRIGGER evil AFTER INSERT ON events BEGIN UPDATE threads SET title = 'owned'; END",
    "CREATE VIEW evil AS SELECT 1",
    "DROP TRIGGER title_given; CREATE TRIGGER title_given AFTER INSERT ON threads BEGIN DELETE FROM threads; END",
  ])("refuse rules that no Croft has made, and change nothing: %s", (rule) => {
    const file = join(temporaryFolder(), "b");
    writeBackup(profileWith("theirs").db, file, "{}");
    const db = new Database(file);
    db.exec(rule);
    db.close();
    const present = profileWith("present");
    present.close();
    expect(() => restoreBackup(present.profile, file)).toThrowError(expect.objectContaining({ code: "FILE_HOSTILE" }));
    expect(names(present.profile)).toEqual(["present"]);
  });

  it("keep what stood there, write-ahead log included, and drop the derived index", () => {
    const backup = join(temporaryFolder(), "b");
    writeBackup(profileWith("old").db, backup, "{}");
    const present = profileWith("present");
    writeFileSync(join(present.profile, "index.db"), "derived");
    // Not closed cleanly: the row is only in the write-ahead log.
    const copy = temporaryFolder();
    for (const name of readdirSync(present.profile)) writeFileSync(join(copy, name), readFileSync(join(present.profile, name)));

    restoreBackup(copy, backup);
    expect(names(copy)).toEqual(["old"]);
    expect(existsSync(join(copy, "index.db"))).toBe(false);
    const kept = new Database(join(copy, "croft.db.before-restore"), { readonly: true });
    expect(kept.prepare("SELECT name FROM collections").all()).toEqual([{ name: "present" }]);
    kept.close();
  });

  it("keep what stood there at each restore (a second try would lose the library)", () => {
    const backup = join(temporaryFolder(), "b");
    writeBackup(profileWith("old").db, backup, "{}");
    const { profile, db } = profileWith("present");
    db.close();
    restoreBackup(profile, backup);
    restoreBackup(profile, backup);
    const kept = new Database(join(profile, "croft.db.before-restore"), { readonly: true });
    expect(kept.prepare("SELECT name FROM collections").all()).toEqual([{ name: "present" }]);
    kept.close();
    expect(existsSync(join(profile, "croft.db.before-restore-2"))).toBe(true);
  });

  it("take over what stands in a given database's write-ahead log only", () => {
    const open = profileWith("just written");
    const target = temporaryFolder();
    restoreBackup(target, join(open.profile, "croft.db"));
    expect(names(target)).toEqual(["just written"]);
  });

  it("leave the truth as it is where the index cannot be removed (its rows would name other chunks)", () => {
    const backup = join(temporaryFolder(), "b");
    writeBackup(profileWith("old").db, backup, "{}");
    const { profile, db } = profileWith("present");
    db.close();
    mkdirSync(join(profile, "index.db", "stuck"), { recursive: true });
    expect(() => restoreBackup(profile, backup)).toThrow();
    expect(names(profile)).toEqual(["present"]);
    expect(existsSync(join(profile, "croft.db.restoring"))).toBe(false);
  });

  it("replace an older backup, and neither the open database nor anybody's file", () => {
    const truth = profileWith("notes");
    const file = join(temporaryFolder(), "b");
    writeBackup(truth.db, file, "{}");
    writeBackup(truth.db, file, '{"search.limit":7}');
    const letter = join(temporaryFolder(), "letter.txt");
    writeFileSync(letter, "Dear all");
    for (const given of [letter, join(truth.profile, "croft.db")]) {
      expect(() => writeBackup(truth.db, given, "{}")).toThrowError(expect.objectContaining({ code: "CONFLICT" }));
    }
    expect(readFileSync(letter, "utf8")).toBe("Dear all");
    truth.db.prepare("INSERT INTO collections (id, name, embedder, created_at) VALUES ('l', 'later', 'e', 1)").run();
    truth.close();
    expect(names(truth.profile)).toEqual(["later", "notes"]);
  });

  it.each([
    ["a file that is no database", () => Buffer.from("hello"), "FILE_DAMAGED"],
    ["a database of something else", foreignDatabase, "FILE_TYPE_UNSUPPORTED"],
    ["a backup of a newer Croft", newerDatabase, "SCHEMA_NEWER"],
  ])("refuse %s and change nothing", (_, make, code) => {
    const file = join(temporaryFolder(), "given");
    writeFileSync(file, make());
    const { profile, db } = profileWith("present");
    db.close();
    expect(() => restoreBackup(profile, file)).toThrowError(expect.objectContaining({ code }));
    expect(names(profile)).toEqual(["present"]);
    expect(readdirSync(profile).filter((name) => name.includes("restor"))).toEqual([]);
  });

  it("name a missing file", () => {
    expect(() => restoreBackup(temporaryFolder(), "/nowhere/croft.backup")).toThrowError(expect.objectContaining({ code: "NOT_FOUND" }));
  });

  it("leave no half-written file under the final name when the target cannot be written", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "blocked"), "");
    expect(() => writeBackup(profileWith("x").db, join(folder, "blocked", "file"), "{}")).toThrowError(
      expect.objectContaining({ code: "STORAGE_READONLY" }),
    );
    expect(readdirSync(folder)).toEqual(["blocked"]);
  });
});

function foreignDatabase(): Buffer {
  const file = join(temporaryFolder(), "foreign");
  const db = new Database(file);
  db.exec("CREATE TABLE t (a); PRAGMA user_version = 1;");
  db.close();
  return readFileSync(file);
}

function newerDatabase(): Buffer {
  const truth = profileWith("n");
  truth.db.pragma("user_version = 99");
  const file = join(temporaryFolder(), "newer");
  writeBackup(truth.db, file, "{}");
  return readFileSync(file);
}
