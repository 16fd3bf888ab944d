import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createCore, type CoreOptions } from "../../src/main/core/create-core.ts";
import { createNodeHost } from "../../src/main/core/node-host.ts";
import { owner } from "../../src/main/core/principal.ts";
import { createMemoryClient } from "../../src/main/transport/memory-client.ts";
import { temporaryFolder } from "./profile.ts";
import { writeEmbeddingModel } from "./synthetic-onnx.ts";

const axis = (at: number) => Array.from({ length: 8 }, (_, index) => (index === at ? 1 : 0));
/** Words of the two models, which lie elsewhere in each: the same file twice would be one model. */
const spaces = {
  "old-model": { things: axis(0), number: axis(1) },
  "new-model": { things: axis(5), number: axis(6) },
};

/** A model store with two small embedding models, `old-model` and `new-model`, brought by a person. */
export async function storeOfTwoEmbedders(): Promise<string> {
  const models = temporaryFolder("croft-models-");
  const brought = temporaryFolder("croft-brought-");
  const { client, close } = await openOver(models, temporaryFolder(), {});
  for (const [name, words] of Object.entries(spaces)) {
    const folder = join(brought, name);
    await writeEmbeddingModel(folder, words);
    await client.models.import({ path: folder, role: "embedding", copy: true });
  }
  await close();
  return models;
}

/** A real core over this model store and profile; closed when the test is over. */
export async function openOver(models: string, profile: string, options: CoreOptions) {
  const node = createNodeHost({ kind: "embedded", profile, models });
  const core = await createCore({ ...node, log: () => {} }, options);
  const client = createMemoryClient(core.router, { principal: owner("embedder"), log: core.log });
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= core.close().then(() => node.close()));
  onTestFinished(close);
  return { client, profile, close };
}
