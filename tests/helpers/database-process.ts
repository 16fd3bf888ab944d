import { restoreBackup, writeBackup } from "../../src/main/db/backup.ts";
import type { Migration } from "../../src/main/db/migrate.ts";
import { migrations } from "../../src/main/db/migrations/index.ts";
import { openDatabase } from "../../src/main/db/open.ts";
import { takeSnapshot } from "../../src/main/db/snapshot.ts";

/** A process that works on a profile's database without end, made to be killed. Arguments: what it does, profile, backup file. */
const [work = "", profile = "", file = ""] = process.argv.slice(2);

/** A change that takes its time: every text is written anew. */
const slowMigration: Migration = {
  version: migrations.length + 1,
  name: "slow",
  sql: "ALTER TABLE texts ADD COLUMN again TEXT; UPDATE texts SET again = text; CREATE TABLE migrated (id TEXT) STRICT;",
};

process.stdout.write("begun\n");
if (work === "migrate") {
  openDatabase(profile, Date.now, [...migrations, slowMigration]).close();
  process.exit(0);
}
if (work === "restore") for (;;) restoreBackup(profile, file);
const db = openDatabase(profile, Date.now);
for (let turn = 0; work === "backup" || work === "snapshot"; turn += 1) {
  if (work === "backup") writeBackup(db, file, JSON.stringify({ "search.limit": 3 + (turn % 5) }));
  else takeSnapshot(db, profile, Date.now());
}
