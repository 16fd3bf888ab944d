import { createCore } from "../../src/main/core/create-core.ts";
import { createNodeHost } from "../../src/main/core/node-host.ts";
import { owner } from "../../src/main/core/principal.ts";
import { createFakeInference } from "../../src/main/engines/fakes/fake-inference.ts";
import { createMemoryClient } from "../../src/main/transport/memory-client.ts";
import { modelsFolder } from "./models.ts";

/** Indexes a folder into the collection `notes` in a process of its own, and prints what came of it. Arguments: profile, folder. */
const [profile = "", folder = ""] = process.argv.slice(2);
const host = createNodeHost({ kind: "embedded", profile, models: modelsFolder() });
const core = await createCore({ ...host, log: () => {} }, { engines: { inference: createFakeInference() } });
const client = createMemoryClient(core.router, { principal: owner("embedder"), log: core.log });
const { jobId } = await client.knowledge.addSources({ collection: "notes", paths: [folder] });
for await (const item of await client.jobs.watch({})) {
  const job = item.type === "snapshot" ? item.jobs.find(({ id }) => id === jobId) : item.job;
  if (job?.id === jobId && ["done", "failed"].includes(job.state)) {
    process.stdout.write(JSON.stringify(job));
    break;
  }
}
await core.close();
await host.close();
