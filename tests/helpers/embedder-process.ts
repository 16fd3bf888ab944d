import { createCore } from "../../src/main/core/create-core.ts";
import { createNodeHost } from "../../src/main/core/node-host.ts";
import { owner } from "../../src/main/core/principal.ts";
import { createFakeInference } from "../../src/main/engines/fakes/fake-inference.ts";
import { createMemoryClient } from "../../src/main/transport/memory-client.ts";

/**
 * A Croft that gives a collection another embedding model, made to be killed. Arguments: profile, model store, collection, model. It
 * prints a line for each call to the embedder and for each state of the job, the one in which it was found included: a job that had
 * ended before anybody watched changes no more.
 */
const [profile = "", models = "", collection = "", embedder = ""] = process.argv.slice(2);
const host = createNodeHost({ kind: "embedded", profile, models });
const inference = createFakeInference();
const telling: typeof inference = Object.assign(Object.create(inference), {
  call(method: string, input: never, options: never) {
    process.stdout.write(`call ${method}\n`);
    return inference.call(method as never, input, options);
  },
});
const core = await createCore({ ...host, log: () => {} }, { engines: { inference: telling } });
const client = createMemoryClient(core.router, { principal: owner("embedder"), log: core.log });
const unfinished = (await client.jobs.list({})).find(({ kind }) => kind === "knowledge.embedder");
if (!unfinished) await client.knowledge.changeEmbedder({ collection, embedder });
for await (const item of await client.jobs.watch({}))
  for (const job of item.type === "snapshot" ? item.jobs : [item.job])
    if (job.kind === "knowledge.embedder") process.stdout.write(`job ${job.state}\n`);
