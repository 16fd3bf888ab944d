import { defineCommand } from "../command.ts";
import { followJob } from "../follow-job.ts";
import { showIndexResult } from "../index-result.ts";

export const sync = defineCommand({
  summary: "Look at linked folders again: new, changed, moved and gone files",
  args: [{ name: "NAME", description: "Name or id of a collection" }],
  options: { detach: { type: "boolean", description: "Leave the work to the running app or a core in the background" } },
  examples: [["croft kb sync papers", "Index what changed"]],
  async run({ args: [collection = ""], values, open, output, signal }) {
    const { client } = await open({ detached: values.detach });
    const { jobId } = await client.knowledge.sync({ collection });
    if (values.detach) {
      output.result({ collection, job: jobId }, () => jobId);
      return 0;
    }
    return showIndexResult(await followJob(client, jobId, { output, signal }), output);
  },
});
