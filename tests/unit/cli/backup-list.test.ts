import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../helpers/profile.ts";
import { testCli } from "../../helpers/run-cli.ts";

function profileWith(names: readonly string[]): string {
  const profile = temporaryFolder();
  mkdirSync(join(profile, "snapshots"));
  for (const name of names) writeFileSync(join(profile, "snapshots", name), "x".repeat(2000));
  return profile;
}
const newer = "croft-2030-01-02T09-30-00-000Z.db";
const older = "croft-2030-01-01T09-30-00-000Z.db";

describe("croft backup --list", () => {
  // Catches: a list that opens the database, which cannot be opened just when the list is wanted.
  it("names each snapshot by a path that can be restored, the newest first, without core", async () => {
    const profile = profileWith([older, newer, `${newer}.partial`, "notes.txt"]);
    const { code, stdout, closed } = await testCli(["backup", "--list", "--profile", profile]);
    expect([code, closed]).toEqual([0, 0]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(join(profile, "snapshots", newer));
    expect(lines[1]).toContain(join(profile, "snapshots", older));
    expect(lines[0]).toContain("2.0 kB");
  });

  it("is one JSON value for programs", async () => {
    const profile = profileWith([newer]);
    const { stdout } = await testCli(["backup", "--list", "--json", "--profile", profile]);
    expect(JSON.parse(stdout)).toEqual({
      snapshots: [{ file: join(profile, "snapshots", newer), at: Date.UTC(2030, 0, 2, 9, 30), bytes: 2000 }],
    });
  });

  it("says where there are none that one will come", async () => {
    const { code, stdout } = await testCli(["backup", "--list", "--profile", temporaryFolder()]);
    expect(code).toBe(0);
    expect(stdout).toContain("No snapshots yet");
  });

  // Catches: a file that is written, or silently not written, by somebody who asked for a list.
  it("is refused beside a file, and a backup without one", async () => {
    for (const line of [["backup", "b.db", "--list"], ["backup"]]) {
      const { code, stderr, closed } = await testCli(line);
      expect([code, closed]).toEqual([2, 0]);
      expect(stderr).toContain("Nothing was written");
    }
  });
});
