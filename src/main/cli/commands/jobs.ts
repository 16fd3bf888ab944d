import { type Job, jobStates } from "../../../shared/contract/jobs.ts";
import type { CroftClient } from "../../../shared/client/create-client.ts";
import { type Command, defineCommand, type Group } from "../command.ts";
import { columns, dateTime, harmless, oneLine } from "../text.ts";

const id = { name: "ID", description: "Id of a job" };

const describe = (job: Job): string =>
  columns([
    ["id", job.id],
    ["kind", job.kind],
    ["title", harmless(job.title)],
    ["state", job.state],
    ["progress", `${job.progress.done}/${job.progress.total} ${job.progress.unit}`],
    ["made", dateTime(job.createdAt)],
    ...(job.error ? [["error", `${job.error.code}: ${harmless(job.error.message)}`]] : []),
  ]);

const list = defineCommand({
  summary: "Durable jobs, the latest first",
  args: [],
  options: { state: { type: "string", choices: jobStates, description: "Only jobs in this state" } },
  examples: [["croft jobs list --state running", "What is being done"]],
  async run({ values, open, output }) {
    const { client } = await open();
    const all = await client.jobs.list(values.state ? { states: [values.state] } : {});
    output.list(
      all,
      () =>
        columns(
          all.map((job) => [job.id, job.state, `${job.progress.done}/${job.progress.total} ${job.progress.unit}`, oneLine(job.title, 80)]),
        ),
      "No such jobs. Indexing and downloads are jobs: croft kb add --help",
    );
    return 0;
  },
});

const onJob = (summary: string, example: string, change: (client: CroftClient, job: { id: string }) => Promise<Job>): Command =>
  defineCommand({
    summary,
    args: [id],
    options: {},
    examples: [[`croft jobs ${example} 0192f3a4-7b1c-7def-8abc-0123456789ab`, summary]],
    async run({ args: [job = ""], open, output }) {
      const { client } = await open();
      const changed = await change(client, { id: job });
      output.result(changed, () => describe(changed));
      return 0;
    },
  });

export const jobs: Group = {
  summary: "Durable work: indexing, downloads",
  commands: {
    list,
    show: onJob("One job", "show", (client, job) => client.jobs.get(job)),
    pause: onJob("Pause a job at its next safe point", "pause", (client, job) => client.jobs.pause(job)),
    resume: onJob("Go on with a paused job", "resume", (client, job) => client.jobs.resume(job)),
    cancel: onJob("Cancel a job; what it did is kept", "cancel", (client, job) => client.jobs.cancel(job)),
    retry: onJob("Try a failed or cancelled job again", "retry", (client, job) => client.jobs.retry(job)),
  },
};
