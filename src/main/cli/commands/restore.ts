import { resolve } from "node:path";
import { acquireProfileLock } from "../../core/profile-lock.ts";
import { defineCommand } from "../command.ts";

export const restore = defineCommand({
  summary: "Put a backup in the place of the profile; what stood there is kept beside it",
  args: [{ name: "FILE", description: "A file that `croft backup` wrote" }],
  options: {},
  examples: [["croft restore ~/croft-backup.db", "Croft must not be running on this profile"]],
  async run({ args: [file = ""], profile, output }) {
    const lock = acquireProfileLock(profile, "restore");
    try {
      const { restoreBackup } = await import("../../db/backup.ts");
      restoreBackup(profile, resolve(file));
    } finally {
      lock.release();
    }
    output.result(
      { profile, restored: resolve(file) },
      () => `Restored into ${profile}; the index is built again when Croft next opens it.`,
    );
    return 0;
  },
});
