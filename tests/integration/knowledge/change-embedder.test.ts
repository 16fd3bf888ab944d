import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, vi } from "vitest";
import { isSound } from "../../../src/main/db/snapshot.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import { addAndWait, folderOf, jobEnd, openTestCore } from "../../helpers/core.ts";
import { skipReason } from "../../helpers/models.ts";
import { temporaryFolder } from "../../helpers/profile.ts";
import { startProgram } from "../../helpers/program.ts";
import { openOver, storeOfTwoEmbedders } from "../../helpers/two-embedders.ts";

const OLD = "old-model";
const NEW = "new-model";
const FILES = 24;
const [BGE, MINILM] = ["bge-small-en-v1.5", "all-minilm-l6-v2"];
const missing = skipReason(BGE) ?? skipReason(MINILM);

const texts = () => Object.fromEntries(Array.from({ length: FILES }, (_, index) => [`file-${index}.txt`, `number ${index} of the things`]));

/** An embedder that waits, when it is asked with the new model, until the gate opens. */
function gated() {
  const inference = createFakeInference();
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const host: typeof inference = Object.assign(Object.create(inference), {
    async call(method: string, input: { model: { folder: string }; kind?: string }, options: { signal?: AbortSignal }) {
      if (method === "embed" && input.kind === "passage" && input.model.folder.includes(NEW)) {
        asked.resolve();
        await Promise.race([gate.promise, new Promise((resolve) => options.signal?.addEventListener("abort", resolve))]);
      }
      return inference.call(method as never, input as never, options);
    },
  });
  return { host, open: () => gate.resolve(), asked: asked.promise };
}

/** A core whose model store holds both models. */
const open = async (inference: ReturnType<typeof createFakeInference>) => {
  const models = await storeOfTwoEmbedders();
  return { models, ...(await openOver(models, temporaryFolder(), { engines: { inference } })) };
};

const hybrid = async (client: CroftClient, query = "number 17", collection = "notes") =>
  (await client.knowledge.search({ query, collections: [collection], mode: "hybrid", limit: 5, explain: true })).results;

/** How many vectors index.db holds, by embedder. */
function vectorsIn(profile: string): Record<string, number> {
  const db = new Database(join(profile, "index.db"), { readonly: true });
  try {
    const embedders = db.prepare<[], { id: number; name: string }>("SELECT id, name FROM embedders").all();
    return Object.fromEntries(
      embedders.map(({ id, name }) => [name.split("#")[0], db.prepare<[], number>(`SELECT count(*) FROM small_${id}`).pluck().get() ?? 0]),
    );
  } finally {
    db.close();
  }
}

describe("another embedding model for a collection", () => {
  it("is built beside the old one, which is searched all along; then it takes its place and the old is gone", async () => {
    const inference = gated();
    const { client, profile } = await open(inference.host);
    await client.knowledge.createCollection({ name: "notes", embedder: OLD });
    const folder = folderOf(texts());
    await addAndWait(client, "notes", folder);
    const before = await hybrid(client);
    expect(before[0]?.legs?.vector).not.toBeNull();

    const { jobId } = await client.knowledge.changeEmbedder({ collection: "notes", embedder: NEW });
    await inference.asked;
    expect(await hybrid(client)).toEqual(before);
    expect(await client.knowledge.showCollection({ collection: "notes" })).toMatchObject({ embedder: OLD });
    // What comes meanwhile is found at once, and is not forgotten by the switch.
    writeFileSync(join(folder, "late.txt"), "latecomer");
    await addAndWait(client, "notes", folder);
    expect(await hybrid(client, "latecomer")).not.toEqual([]);

    inference.open();
    expect(await jobEnd(client, jobId)).toMatchObject({ state: "done", result: { embedder: NEW, documents: FILES + 1 } });
    expect(await client.knowledge.showCollection({ collection: "notes" })).toMatchObject({ embedder: NEW });
    const after = await hybrid(client);
    expect(after[0]).toMatchObject({ text: before[0]?.text, chunk: { id: before[0]?.chunk.id } });
    expect(after[0]?.legs?.vector).not.toBeNull();
    expect(await hybrid(client, "latecomer")).not.toEqual([]);
    expect(vectorsIn(profile)).toEqual({ [NEW]: FILES + 1 });
  });

  it("can be cancelled: the collection stays as it was, and what was made is cleared away", async () => {
    const inference = gated();
    const { client, profile } = await open(inference.host);
    await client.knowledge.createCollection({ name: "notes", embedder: OLD });
    await addAndWait(client, "notes", folderOf(texts()));
    const before = await hybrid(client);
    const { jobId } = await client.knowledge.changeEmbedder({ collection: "notes", embedder: NEW });
    await inference.asked;
    await client.jobs.cancel({ id: jobId });
    expect(await client.knowledge.showCollection({ collection: "notes" })).toMatchObject({ embedder: OLD });
    expect(await hybrid(client)).toEqual(before);
    inference.open();
    await vi.waitFor(() => expect(vectorsIn(profile)).toEqual({ [OLD]: FILES }), { timeout: 20_000, interval: 100 });
  });

  it("leaves the vectors of other collections that hold the same documents", async () => {
    const { client, profile } = await open(createFakeInference());
    const folder = folderOf(texts());
    const small = folderOf({ "file-3.txt": "number 3 of the things" });
    for (const name of ["notes", "others"]) await client.knowledge.createCollection({ name, embedder: OLD });
    await addAndWait(client, "notes", folder);
    await addAndWait(client, "others", small);
    const { jobId } = await client.knowledge.changeEmbedder({ collection: "notes", embedder: NEW });
    await jobEnd(client, jobId);
    expect(vectorsIn(profile)).toEqual({ [OLD]: 1, [NEW]: FILES });
    expect((await hybrid(client, "number 3", "others"))[0]?.legs?.vector).not.toBeNull();
  });

  it("is refused where it makes no sense, and nothing is changed", async () => {
    const { client } = await open(createFakeInference());
    await client.knowledge.createCollection({ name: "notes", embedder: OLD });
    const code = (embedder: string, collection = "notes") =>
      client.knowledge.changeEmbedder({ collection, embedder }).then(
        () => undefined,
        (error: { code?: string }) => error.code,
      );
    expect(await code(OLD)).toBe("CONFLICT");
    expect(await code(`local:${OLD}`)).toBe("CONFLICT");
    expect(await code("nothing-like-it")).toBe("NOT_FOUND");
    expect(await code(NEW, "nowhere")).toBe("NOT_FOUND");
    expect(await client.jobs.list({})).toEqual([]);
  });

  it("survives kill -9 at any point, and then is done", { timeout: 120_000 }, async () => {
    const first = await open(createFakeInference());
    await first.client.knowledge.createCollection({ name: "notes", embedder: OLD });
    await addAndWait(first.client, "notes", folderOf(texts()));
    await first.close();
    for (const lines of [2, 3, 4]) {
      await killAfter(first, lines);
      expect(isSound(join(first.profile, "croft.db"))).toBe(true);
    }
    const { client, profile } = await openOver(first.models, first.profile, { engines: { inference: createFakeInference() } });
    const job = (await client.jobs.list({})).find(({ kind }) => kind === "knowledge.embedder");
    expect(await jobEnd(client, job?.id ?? "")).toMatchObject({ state: "done" });
    expect(await client.knowledge.showCollection({ collection: "notes" })).toMatchObject({ embedder: NEW, documents: FILES });
    expect((await hybrid(client))[0]?.legs?.vector).not.toBeNull();
    expect(vectorsIn(profile)).toEqual({ [NEW]: FILES });
  });

  it.skipIf(missing)(
    `really is another: both find by meaning, each in its turn${missing ? ` (${missing})` : ""}`,
    { timeout: 180_000 },
    async () => {
      const { client } = await openTestCore();
      await client.knowledge.createCollection({ name: "notes", embedder: BGE });
      const long = Array.from({ length: 60 }, (_, index) => `In year ${index} the harvest of barley was weighed and stored in the barn.`);
      const folder = folderOf({
        "cat.txt": "The kitten slept on the warm sofa all afternoon.",
        "tax.txt": "Income has to be declared to the revenue office by May.",
        // Longer than the new model reads at once: its end must count as well.
        "long.txt": `${long.join(" ")} At last the volcano erupted and buried the village in ash.`,
      });
      await addAndWait(client, "notes", folder);
      const nearest = async (query: string) =>
        (await client.knowledge.search({ query, collections: ["notes"], mode: "vector", rerank: false, limit: 1 })).results[0]?.document
          .title;
      const asked = ["a young feline resting", "deadline for my fiscal return", "eruption of lava"];
      const wanted = ["cat.txt", "tax.txt", "long.txt"];
      expect(await Promise.all(asked.map(nearest))).toEqual(wanted);
      const { jobId } = await client.knowledge.changeEmbedder({ collection: "notes", embedder: MINILM });
      expect(await jobEnd(client, jobId)).toMatchObject({ state: "done" });
      expect(await Promise.all(asked.map(nearest))).toEqual(wanted);
    },
  );
});

/** Runs the process and kills it when it has said so many lines, or has come to the end of its work. */
async function killAfter({ profile, models }: { profile: string; models: string }, lines: number): Promise<void> {
  let said = 0;
  const { child, ended } = startProgram("embedder-process.ts", [profile, models, "notes", NEW], (line, kill) => {
    said += 1;
    if (said === lines || line === "job done") kill();
  });
  await ended;
  expect(child.signalCode).toBe("SIGKILL");
}
