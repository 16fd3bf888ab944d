import { resolve } from "node:path";
import { AppError } from "../../../shared/errors.ts";
import { defineCommand } from "../command.ts";
import { harmless } from "../text.ts";

export const unlink = defineCommand({
  summary: "Take a folder or file out of a collection; the files themselves stay where they are",
  args: [
    { name: "NAME", description: "Name or id of a collection" },
    { name: "PATH", description: "A folder or file that was added to it" },
  ],
  options: {},
  examples: [["croft kb unlink papers ~/papers/old", "Forget the folder and the documents that only it held"]],
  async run({ args: [collection = "", path = ""], open, output }) {
    const { client } = await open();
    const sources = await client.knowledge.listSources({ collection });
    const found = sources.find((source) => source.path === path) ?? sources.find((source) => source.path === resolve(path));
    if (!found)
      throw new AppError("NOT_FOUND", `${path} is no source of ${collection}. Nothing was removed.`, {
        hint: "Name a folder or file as it was added, not one inside it.",
      });
    const removed = await client.knowledge.removeSource({ collection, id: found.id });
    output.result(removed, () => `${harmless(found.path)} taken out, ${removed.removedDocuments} documents removed`);
    return 0;
  },
});
