/** A core in a process of its own that runs a folder, to be killed at any moment. Arguments: profile, folder. */
import { createCore } from "../../src/main/core/create-core.ts";
import { createNodeHost } from "../../src/main/core/node-host.ts";
import { owner } from "../../src/main/core/principal.ts";
import { createMemoryClient } from "../../src/main/transport/memory-client.ts";
import { resultsOf } from "./batch.ts";
import { jobEnd } from "./core.ts";

const [profile = "", folder = ""] = process.argv.slice(2);
const host = createNodeHost({ kind: "embedded", profile, offline: true });
const core = await createCore({ ...host, log: () => {} });
const client = createMemoryClient(core.router, { principal: owner("embedder"), log: core.log });
const { run, jobId } = await client.batch.run({ paths: [folder], recipe: { name: "invoice" }, model: "none", name: "killed" });
const watching = new AbortController();
void (async () => {
  for await (const item of await client.batch.watchRun({ run: run.name }, { signal: watching.signal }))
    process.send?.({
      acknowledged: [...(await resultsOf(client, run.name)).values()].flatMap(({ id }) => id ?? []),
      counts: item.run.counts,
    });
})().catch(() => undefined);
const job = await jobEnd(client, jobId);
watching.abort();
process.send?.({ state: job.state });
await core.close();
await host.close();
process.disconnect();
