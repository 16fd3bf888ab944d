import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CroftClient, openProfile } from "croft";

// Two instances in one process: each has a profile of its own, both share the models on this machine.
const folder = await mkdtemp(join(tmpdir(), "croft-embed-"));
const bees = await openProfile({ kind: "embedded", profile: join(folder, "bees"), offline: true });
const cheese = await openProfile({ kind: "embedded", profile: join(folder, "cheese"), offline: true });

try {
  await index(bees.client, "bees.md", "The waggle dance tells other bees where flowers are.");
  await index(cheese.client, "cheese.md", "Rennet makes milk curdle, which is how cheese begins.");
  console.log("bees:", await best(bees.client, "Which dance tells where flowers are?"));
  console.log("cheese:", await best(cheese.client, "What makes milk curdle?"));

  // An answer is a stream; leaving the loop early aborts it. `instant` quotes the best sentence and needs no chat model.
  for await (const item of await cheese.client.chat.ask({
    question: "What makes milk curdle?",
    collections: ["notes"],
    effort: "instant",
  })) {
    if (item.type === "done") console.log("answer:", item.answer.answer);
  }
} finally {
  // Drains everything that computes; afterwards nothing keeps the process alive.
  await bees.close();
  await cheese.close();
  await rm(folder, { recursive: true, force: true });
}

async function index(client: CroftClient, name: string, text: string): Promise<void> {
  const file = join(folder, name);
  await writeFile(file, text);
  const { jobId } = await client.knowledge.addSources({ collection: "notes", paths: [file] });
  for await (const item of await client.jobs.watch({})) {
    const job = item.type === "change" ? item.job : item.jobs.find(({ id }) => id === jobId);
    if (job?.id !== jobId || job.state === "queued" || job.state === "running") continue;
    if (job.state !== "done") throw new Error(job.error?.message ?? `The job was ${job.state}.`);
    return;
  }
}

async function best(client: CroftClient, query: string): Promise<string> {
  const { results } = await client.knowledge.search({ query, collections: ["notes"], limit: 1 });
  return results[0]?.text ?? "nothing found";
}
