import { appendFileSync, cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, folderOf, jobEnd, openTestCore, resultOf } from "../../helpers/core.ts";
import { modelFolder } from "../../helpers/models.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const engines = () => ({ inference: createFakeInference() });
const find = { query: "rapeseed", collections: ["notes"], mode: "hybrid" as const };

// Catches: a first folder that fails as a whole, and leaves an empty collection behind, where no embedding model is there.
it("indexes by words where there is no embedding model, says so, and embeds the same documents once there is one", async () => {
  const profile = temporaryFolder();
  const folder = folderOf({ "kell.md": "# Kell Point\n\nThe lamp burned rapeseed oil.", "b.txt": "Nothing of note. 鯨油のランプ。" });
  const without = await openTestCore({ profile, models: temporaryFolder() });
  expect(await addAndWait(without.client, "notes", folder)).toMatchObject({
    indexed: 2,
    failed: 0,
    wordsOnly: { code: "MODEL_MISSING", hint: expect.stringContaining("croft models download") },
  });
  expect(await without.client.knowledge.search(find)).toMatchObject({
    results: [{ document: { title: "Kell Point" }, text: expect.stringContaining("rapeseed oil") }],
    wordsOnly: ["notes"],
  });
  // Nothing is done twice, and nothing waits.
  expect(resultOf(await jobEnd(without.client, (await without.client.knowledge.sync({ collection: "notes" })).jobId))).toMatchObject({
    indexed: 0,
    skipped: 2,
  });
  // A file that changed is found by its new words alone.
  writeFileSync(join(folder, "kell.md"), "# Kell Point\n\nThe lamp burned whale oil, and never rapeseed.");
  await jobEnd(without.client, (await without.client.knowledge.sync({ collection: "notes" })).jobId);
  const { results } = await without.client.knowledge.search(find);
  expect(results.map(({ text }) => text)).toEqual([expect.stringContaining("whale oil")]);
  // The best sentence answers, too: nothing of it needs a model.
  const items = await without.client.chat.ask({ question: "Which oil was never burned?", collections: ["notes"], effort: "instant" });
  const answers: string[] = [];
  for await (const item of items) if (item.type === "done") answers.push(item.answer.answer);
  expect(answers).toEqual([expect.stringContaining("never rapeseed")]);
  await without.close();

  const { client } = await openTestCore({ profile, engines: engines() });
  appendFileSync(join(folder, "b.txt"), "A keeper.");
  const result = resultOf(await jobEnd(client, (await client.knowledge.sync({ collection: "notes" })).jobId));
  expect(result).toMatchObject({ indexed: 1, skipped: 1 });
  expect(result.wordsOnly).toBeUndefined();
  const found = await client.knowledge.search({ ...find, mode: "vector", explain: true });
  expect(found.wordsOnly).toBeUndefined();
  expect(found.results.map(({ document }) => document.title).toSorted()).toEqual(["Kell Point", "b.txt"]);
  expect(found.results[0]?.legs?.vector).toMatchObject({ rank: 1 });
});

// Catches: a library that stays without vectors until the next start, though its model was fetched in the window.
it("embeds what waits as soon as the model was fetched", async ({ skip }) => {
  const installed = modelFolder("bge-small-en-v1.5");
  if (installed === undefined) return skip("the starter embedding model is not installed");
  const models = temporaryFolder();
  const { client } = await openTestCore({ models, engines: engines() });
  const folder = folderOf({ "kell.md": "The lamp burned rapeseed oil." });
  expect((await addAndWait(client, "notes", folder)).wordsOnly).toBeDefined();
  cpSync(installed, join(models, "bge-small-en-v1.5"), { recursive: true });
  await jobEnd(client, (await client.models.download({ id: "bge-small-en-v1.5" })).jobId);
  await expect.poll(async () => (await client.knowledge.search({ ...find, mode: "vector" })).results.length).toBe(1);
  expect((await client.knowledge.search(find)).wordsOnly).toBeUndefined();
});

// Catches: a start without the model that indexes again what has vectors of it.
it("does nothing anew where the model was removed after everything had its vectors", async () => {
  const profile = temporaryFolder();
  const folder = folderOf({ "kell.md": "The lamp burned rapeseed oil." });
  const first = await openTestCore({ profile, engines: engines() });
  await addAndWait(first.client, "notes", folder);
  await first.close();
  const { client } = await openTestCore({ profile, models: temporaryFolder() });
  const { jobId } = await client.knowledge.sync({ collection: "notes" });
  expect(resultOf(await jobEnd(client, jobId))).toMatchObject({ indexed: 0, skipped: 1, wordsOnly: { code: "MODEL_MISSING" } });
  expect((await client.knowledge.search(find)).results).toHaveLength(1);
  expect((await client.jobs.list({})).map(({ title }) => title)).not.toContain("Rebuild the index");
});

// Catches: a mistyped model that is found out only when the first folder is indexed.
it("makes no collection with a model that nobody knows, or that makes no vectors", async () => {
  const { client } = await openTestCore({ models: temporaryFolder() });
  const create = (embedder: string) => client.knowledge.createCollection({ name: "notes", embedder });
  await expect(create("nope")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(create("qwen2.5-coder-1.5b-instruct")).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
  expect(await client.knowledge.listCollections({})).toEqual([]);
  // One of the catalogue may be fetched later.
  expect(await create("all-minilm-l6-v2")).toMatchObject({ embedder: "all-minilm-l6-v2" });
});
