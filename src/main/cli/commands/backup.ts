import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { AppError } from "../../../shared/errors.ts";
import { defineCommand } from "../command.ts";
import { bytes, columns, dateTime, harmless } from "../text.ts";

export const backup = defineCommand({
  summary: "The whole profile in one verified file, or a list of its snapshots",
  args: [{ name: "FILE", description: "File to write", optional: true }],
  options: { list: { type: "boolean", description: "The snapshots that Croft keeps by itself, the newest first; nothing is written" } },
  examples: [
    ["croft backup ~/croft-backup.db", "Documents' texts, conversations, jobs, settings; the index is built again"],
    ["croft backup --list", "Each can be given to `croft restore`"],
  ],
  async run({ args: [file], values: { list }, profile, open, output }) {
    if (list) {
      if (file !== undefined)
        throw new AppError("INVALID_INPUT", "--list writes no file. Nothing was written.", { hint: "Leave out the one or the other." });
      // By the folder alone: the list is wanted most where the database cannot be opened.
      const snapshots = await snapshotsOf(profile);
      output.result({ snapshots }, () =>
        snapshots.length === 0
          ? "No snapshots yet; one is taken each day while Croft runs."
          : columns(snapshots.map(({ at, bytes: size, file: path }) => [at === null ? "" : dateTime(at), bytes(size), harmless(path)])),
      );
      return 0;
    }
    if (file === undefined)
      throw new AppError("INVALID_INPUT", "FILE is missing: the file to write. Nothing was written.", { hint: "See: croft backup --help" });
    const { client } = await open();
    const written = await client.system.backup({ file: resolve(file) });
    output.result(written, () => `${harmless(written.file)}, ${bytes(written.bytes)}`);
    return 0;
  },
});

/** What is in the folder of snapshots; one that is removed meanwhile is left out. `at` is milliseconds since 1970. */
async function snapshotsOf(profile: string): Promise<{ file: string; at: number | null; bytes: number }[]> {
  const { listSnapshots, snapshotTime } = await import("../../db/snapshot.ts");
  return listSnapshots(profile).flatMap((name) => {
    const file = join(profile, "snapshots", name);
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    return size === undefined ? [] : [{ file, at: snapshotTime(name) ?? null, bytes: size }];
  });
}
