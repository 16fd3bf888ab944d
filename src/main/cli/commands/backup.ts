import { resolve } from "node:path";
import { defineCommand } from "../command.ts";
import { bytes, harmless } from "../text.ts";

export const backup = defineCommand({
  summary: "The whole profile in one verified file",
  args: [{ name: "FILE", description: "File to write" }],
  options: {},
  examples: [["croft backup ~/croft-backup.db", "Documents' texts, conversations, jobs, settings; the index is built again"]],
  async run({ args: [file = ""], open, output }) {
    const { client } = await open();
    const written = await client.system.backup({ file: resolve(file) });
    output.result(written, () => `${harmless(written.file)}, ${bytes(written.bytes)}`);
    return 0;
  },
});
