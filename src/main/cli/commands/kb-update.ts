import { ChangeResult } from "../../../shared/contract/knowledge.ts";
import { AppError } from "../../../shared/errors.ts";
import { defineCommand } from "../command.ts";
import { followJob } from "../follow-job.ts";
import { harmless } from "../text.ts";

export const update = defineCommand({
  summary: "Give a collection another embedding model; it is searched by its old one until the new is ready",
  args: [{ name: "NAME", description: "Name or id of a collection" }],
  options: {
    embedder: { type: "string", value: "ID", description: "Embedding model" },
    detach: { type: "boolean", description: "Leave the work to the running app or a core in the background" },
  },
  examples: [["croft kb update papers --embedder all-minilm-l6-v2", "Embed everything again, and switch over"]],
  async run({ args: [collection = ""], values, open, output, signal }) {
    const { embedder } = values;
    if (!embedder)
      throw new AppError("INVALID_INPUT", "--embedder is missing: nothing to change.", { hint: "See: croft kb update --help" });
    const { client } = await open({ detached: values.detach });
    const { jobId } = await client.knowledge.changeEmbedder({ collection, embedder });
    if (values.detach) {
      output.result({ collection, job: jobId }, () => jobId);
      return 0;
    }
    const result = ChangeResult.parse((await followJob(client, jobId, { output, signal })).result);
    output.result(
      result,
      () => `${harmless(result.collection)} is embedded by ${harmless(result.embedder)}; ${result.documents} documents embedded`,
    );
    return 0;
  },
});
