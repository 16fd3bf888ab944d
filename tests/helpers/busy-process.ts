import { createCore } from "../../src/main/core/create-core.ts";
import { createNodeHost } from "../../src/main/core/node-host.ts";
import { owner } from "../../src/main/core/principal.ts";
import { createFakeGeneration } from "../../src/main/engines/fakes/fake-generation.ts";
import { createFakeInference } from "../../src/main/engines/fakes/fake-inference.ts";
import { createMemoryClient } from "../../src/main/transport/memory-client.ts";
import { modelsFolder } from "./models.ts";

/**
 * A Croft that indexes and answers without end, made to be killed. Arguments: profile, folder. It prints a line for
 * everything that was acknowledged to it, after it was.
 */
const [profile = "", folder = ""] = process.argv.slice(2);
const host = createNodeHost({ kind: "embedded", profile, models: modelsFolder() });
const core = await createCore(
  { ...host, log: () => {} },
  {
    engines: { inference: createFakeInference(), generation: createFakeGeneration({ reply: () => "It was finished in 1874, they say." }) },
  },
);
const client = createMemoryClient(core.router, { principal: owner("embedder"), log: core.log });
const say = (kind: string, value: string) => process.stdout.write(`${kind} ${value}\n`);

async function index(): Promise<void> {
  for (;;) {
    const { jobId, collection } = await client.knowledge.addSources({ collection: "notes", paths: [folder] });
    say("job", jobId);
    say("collection", collection.id);
    const stop = new AbortController();
    for await (const item of await client.jobs.watch({}, { signal: stop.signal })) {
      if (item.type === "change" && item.job.id === jobId && item.job.state === "done") break;
      for (const { id } of await client.knowledge.listDocuments({ collection: "notes" })) say("document", id);
    }
    stop.abort();
    say("indexed", jobId);
  }
}

async function answer(): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    for await (const item of await client.chat.ask({ question: `Question ${turn}?`, model: "smollm2-135m-instruct" })) {
      if (item.type === "token") say("token", item.text.replaceAll("\n", " "));
      if (item.type === "done") say("answer", item.answer.message);
    }
  }
}

say("ready", "");
await Promise.all([index(), answer()]);
