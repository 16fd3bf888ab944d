import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, folderOf, jobEnd, openTestCore, resultOf } from "../../helpers/core.ts";

const open = () => openTestCore({ engines: { inference: createFakeInference() } });
type Client = Awaited<ReturnType<typeof open>>["client"];
const find = async (client: Client, query: string) =>
  (await client.knowledge.search({ query, collections: ["notes"], mode: "keyword", limit: 5 })).results.length;
const idOf = async (client: Client, path: string) =>
  (await client.knowledge.listSources({ collection: "notes" })).find((source) => source.path === path)?.id ?? "";

describe("a folder that is taken out of a collection", () => {
  it("takes with it what only it held, leaves the rest and the files, and is not looked at again", async () => {
    const { client } = await open();
    const one = folderOf({ "a.txt": "whales sing", "shared.txt": "both folders have it" });
    const other = folderOf({ "b.txt": "boats float", "copy.txt": "both folders have it" });
    await addAndWait(client, "notes", one);
    await addAndWait(client, "notes", other);
    expect(await client.knowledge.removeSource({ collection: "notes", id: await idOf(client, one) })).toEqual({ removedDocuments: 1 });
    expect([await find(client, "whales"), await find(client, "boats"), await find(client, "both")]).toEqual([0, 1, 1]);
    expect(existsSync(join(one, "a.txt"))).toBe(true);
    expect((await client.knowledge.listSources({ collection: "notes" })).map(({ path }) => path)).toEqual([other]);
    expect((await client.knowledge.status({ collection: "notes" })).files.map(({ path }) => path)).toEqual([
      join(other, "b.txt"),
      join(other, "copy.txt"),
    ]);
    const { jobId } = await client.knowledge.sync({ collection: "notes" });
    expect(resultOf(await jobEnd(client, jobId))).toMatchObject({ indexed: 0, removed: 0, skipped: 2 });
    expect(await find(client, "whales")).toBe(0);
  });

  it("is gone from the counts, and can be added again", async () => {
    const { client } = await open();
    const folder = folderOf({ "a.txt": "whales sing" });
    await addAndWait(client, "notes", folder);
    await client.knowledge.removeSource({ collection: "notes", id: await idOf(client, folder) });
    expect(await client.knowledge.showCollection({ collection: "notes" })).toMatchObject({ documents: 0, chunks: 0, sources: 0 });
    expect(await addAndWait(client, "notes", folder)).toMatchObject({ indexed: 1 });
    expect(await find(client, "whales")).toBe(1);
  });

  it("of another collection, or of none, is refused and nothing is removed", async () => {
    const { client } = await open();
    const folder = folderOf({ "a.txt": "whales sing" });
    await addAndWait(client, "notes", folder);
    await addAndWait(client, "others", folderOf({ "b.txt": "boats float" }));
    const [foreign] = await client.knowledge.listSources({ collection: "others" });
    await expect(client.knowledge.removeSource({ collection: "notes", id: foreign?.id ?? "" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect(await find(client, "whales")).toBe(1);
    expect(await client.knowledge.showCollection({ collection: "others" })).toMatchObject({ documents: 1 });
  });
});
