import { mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, folderOf, jobEnd, openTestCore, resultOf } from "../../helpers/core.ts";

const open = () => openTestCore({ engines: { inference: createFakeInference() } });
const sync = async (client: CroftClient) => resultOf(await jobEnd(client, (await client.knowledge.sync({ collection: "notes" })).jobId));
const find = async (client: CroftClient, query: string) =>
  (await client.knowledge.search({ query, collections: ["notes"], mode: "keyword", limit: 5 })).results.length;

/** Other content of the same size and time: it is seen only by whoever opens the file. */
function exchange(path: string): void {
  const { size, mtimeMs } = statSync(path);
  const seconds = (Math.trunc(mtimeMs) + 0.5) / 1000;
  writeFileSync(path, "x".repeat(size));
  utimesSync(path, seconds, seconds);
}

const mail = [
  "From: a@example.com",
  "Subject: Papers",
  'Content-Type: multipart/mixed; boundary="part"',
  "",
  "--part",
  "",
  "The body speaks of whales.",
  "--part",
  'Content-Type: text/plain; name="list.txt"',
  'Content-Disposition: attachment; filename="list.txt"',
  "",
  "The list speaks of gulls.",
  "--part--",
  "",
].join("\r\n");

describe("a folder on a drive that is unplugged and comes back", () => {
  it("stays searchable and is told to be unavailable, then is there again without one file being opened", async () => {
    const { client } = await open();
    const folder = folderOf({ "drive/a.txt": "alpha text", "drive/deep/b.md": "# Beta\n\nbeta text", "drive/mail.eml": mail });
    const root = join(folder, "drive");
    await addAndWait(client, "notes", root);
    const before = await client.knowledge.listDocuments({ collection: "notes" });

    renameSync(root, join(folder, "elsewhere"));
    const gone = await sync(client);
    expect(gone).toMatchObject({ removed: 0, failures: [{ path: root, code: "NOT_FOUND" }] });
    expect(gone.failures[0]?.message).toMatch(/stays searchable/);
    const { files } = await client.knowledge.status({ collection: "notes" });
    expect(files.length).toBeGreaterThanOrEqual(3);
    expect(files.every(({ state, unavailable }) => state === "indexed" && unavailable)).toBe(true);
    expect([await find(client, "alpha"), await find(client, "beta"), await find(client, "whales")]).toEqual([1, 1, 1]);

    renameSync(join(folder, "elsewhere"), root);
    for (const name of ["a.txt", "deep/b.md", "mail.eml"]) exchange(join(root, name));
    expect(await sync(client)).toMatchObject({ indexed: 0, failed: 0, removed: 0, unavailable: 0 });
    const back = (await client.knowledge.status({ collection: "notes" })).files;
    expect(back.every(({ state, unavailable }) => state === "indexed" && !unavailable)).toBe(true);
    expect(await client.knowledge.listDocuments({ collection: "notes" })).toEqual(before);
  });

  it("that comes back changed is read where it changed, and there only", async () => {
    const { client } = await open();
    const folder = folderOf({ "drive/a.txt": "alpha text", "drive/b.txt": "beta text" });
    const root = join(folder, "drive");
    await addAndWait(client, "notes", root);
    renameSync(root, join(folder, "elsewhere"));
    await sync(client);
    renameSync(join(folder, "elsewhere"), root);
    writeFileSync(join(root, "a.txt"), "gamma text that is longer");
    expect(await sync(client)).toMatchObject({ indexed: 1, skipped: 1, removed: 0 });
    expect([await find(client, "alpha"), await find(client, "beta"), await find(client, "gamma")]).toEqual([0, 1, 1]);
  });

  it("and leaves its mount point behind as an empty folder loses nothing (all of it would have to be read again)", async () => {
    const { client } = await open();
    const folder = folderOf(Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`drive/${index}.txt`, `alpha number ${index}`])));
    const root = join(folder, "drive");
    await addAndWait(client, "notes", root);
    renameSync(root, join(folder, "elsewhere"));
    mkdirSync(root);
    const gone = await sync(client);
    expect(gone).toMatchObject({ removed: 0, unavailable: 12, failures: [{ code: "NOT_FOUND" }] });
    expect(gone.failures[0]?.message).toMatch(/is empty.*stays searchable/);
    expect(await find(client, "alpha")).toBe(5);
  });

  it("is told from a folder from which a few files were deleted: those are forgotten", async () => {
    const { client } = await open();
    const folder = folderOf({ "a.txt": "alpha text" });
    await addAndWait(client, "notes", folder);
    rmSync(join(folder, "a.txt"));
    expect(await sync(client)).toMatchObject({ removed: 1, failures: [] });
    expect(await find(client, "alpha")).toBe(0);
  });

  it("as a file of records is there again without being opened", async () => {
    const { client } = await open();
    const folder = folderOf({ "r.jsonl": `${JSON.stringify({ _id: "x1", title: "x1", text: "whales sing" })}\n` });
    const path = join(folder, "r.jsonl");
    await jobEnd(client, (await client.knowledge.addRecords({ collection: "notes", path })).jobId);
    renameSync(path, `${path}.away`);
    expect(await sync(client)).toMatchObject({ unavailable: 1 });
    renameSync(`${path}.away`, path);
    exchange(path);
    expect(await sync(client)).toMatchObject({ skipped: 1, failed: 0, removed: 0 });
    expect((await client.knowledge.status({ collection: "notes" })).files[0]?.unavailable).toBeUndefined();
    expect(await find(client, "whales")).toBe(1);
  });
});
