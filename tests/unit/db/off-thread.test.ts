import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { restoreBackup } from "../../../src/main/db/backup.ts";
import { backUp, checkDatabase } from "../../../src/main/db/off-thread.ts";
import { openDatabase } from "../../../src/main/db/open.ts";
import { temporaryFolder, temporaryTruth } from "../../helpers/profile.ts";

describe("work on the database in a thread of its own", () => {
  it("backs up what was committed while core writes on, and lets core's loop turn (it would answer nobody for seconds)", async () => {
    const truth = temporaryTruth();
    const insert = truth.db.prepare("INSERT INTO collections (id, name, embedder, created_at) VALUES (?, ?, 'e', 1)");
    insert.run("a", "before");
    const file = join(temporaryFolder(), "b");
    let isDone = false;
    let turns = 0;
    const backup = backUp(truth.db.name, file, '{"search.limit":7}').finally(() => (isDone = true));
    while (!isDone) {
      turns += 1;
      insert.run(`during-${turns}`, `during ${turns}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await backup).bytes).toBeGreaterThan(0);
    expect(turns).toBeGreaterThan(1);

    const elsewhere = temporaryFolder();
    restoreBackup(elsewhere, file);
    const db = openDatabase(elsewhere, () => 0);
    expect(db.prepare("SELECT name FROM collections WHERE id = 'a'").get()).toEqual({ name: "before" });
    db.close();
  });

  it("tells of a failure by its code and with its hint", async () => {
    const letter = join(temporaryFolder(), "letter.txt");
    writeFileSync(letter, "Dear all");
    await expect(backUp(temporaryTruth().db.name, letter, "{}")).rejects.toMatchObject({ code: "CONFLICT", hint: expect.any(String) });
  });

  it("finds a sound database sound, and says what is wrong with another", async () => {
    const truth = temporaryTruth();
    expect(await checkDatabase(truth.db.name)).toBe("ok");
    const insert = truth.db.prepare("INSERT INTO collections (id, name, embedder, created_at) VALUES (?, ?, 'e', 1)");
    truth.jot(() => {
      for (let row = 0; row < 500; row += 1) insert.run(`id ${row}`, `name ${row}`);
    });
    const file = truth.db.name;
    truth.close();
    const bytes = readFileSync(file);
    // Everything behind the schema: the pages of tables and indices.
    bytes.fill(0xa5, bytes.length / 2);
    writeFileSync(file, bytes);
    expect(await checkDatabase(file)).not.toBe("ok");
  });

  it("rejects where there is no database, instead of waiting for ever", async () => {
    await expect(checkDatabase(join(temporaryFolder(), "none.db"))).rejects.toMatchObject({ code: "INTERNAL" });
  });
});
