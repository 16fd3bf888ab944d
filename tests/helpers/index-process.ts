import { createCore } from "../../src/main/core/create-core.ts";
import { createNodeHost } from "../../src/main/core/node-host.ts";
import { owner } from "../../src/main/core/principal.ts";
import { createFakeInference } from "../../src/main/engines/fakes/fake-inference.ts";
import { createMemoryClient } from "../../src/main/transport/memory-client.ts";
import { jobEnd } from "./job-end.ts";
import { modelsFolder } from "./models.ts";

/** Indexes a folder in a process that its parent limits, and prints the job as it ended. Arguments: profile, folder. */
const [profile = "", folder = ""] = process.argv.slice(2);
const host = createNodeHost({ kind: "embedded", profile, models: modelsFolder() });
const core = await createCore({ ...host, log: () => {} }, { engines: { inference: createFakeInference() } });
const client = createMemoryClient(core.router, { principal: owner("embedder"), log: core.log });
const { jobId } = await client.knowledge.addSources({ collection: "notes", paths: [folder] });
const job = await jobEnd(client, jobId);
process.stdout.write(`${JSON.stringify(job)}\n`);
await core.close();
await host.close();
