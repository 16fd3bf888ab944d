import { expect, it } from "vitest";
import { migrations } from "../../../src/main/db/migrations/index.ts";
import { openDatabase } from "../../../src/main/db/open.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

// Catches: a profile of the version before that loses what it has when batch comes.
it("keeps what a profile had before batch", () => {
  const profile = temporaryFolder();
  const before = openDatabase(profile, Date.now, migrations.slice(0, 2));
  before.prepare("INSERT INTO collections VALUES ('c', 'notes', 'e', 1)").run();
  before.close();
  const after = openDatabase(profile, Date.now, migrations);
  expect(after.prepare("SELECT name FROM collections").all()).toEqual([{ name: "notes" }]);
  expect(after.prepare("SELECT count(*) AS n FROM batch_records").get()).toEqual({ n: 0 });
  after.close();
});
