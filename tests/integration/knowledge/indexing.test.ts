import { renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, folderOf, jobEnd, openTestCore, resultOf, writeFiles } from "../../helpers/core.ts";

const engines = () => ({ inference: createFakeInference() });
const search = { mode: "keyword" as const, limit: 5 };

describe("indexing a folder", () => {
  it("makes its text findable, with chunks that are exact slices of the stored text", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({
      "kell.md": "# Kell Point\n\nThe lighthouse was finished in 1874.\n\n## Lamp\n\nIt burned rapeseed oil.",
      "b/other.txt": "Nothing of note.",
    });
    expect(await addAndWait(client, "notes", folder)).toMatchObject({
      collection: "notes",
      indexed: 2,
      skipped: 0,
      failed: 0,
      removed: 0,
      failures: [],
    });

    const { results } = await client.knowledge.search({ query: "rapeseed", collections: ["notes"], ...search });
    expect(results).toHaveLength(1);
    const [passage] = results;
    expect(passage).toMatchObject({
      rank: 1,
      document: { title: "Kell Point", path: join(folder, "kell.md") },
      chunk: { heading: expect.stringContaining("Lamp") },
    });
    const stored = await client.knowledge.getText({
      textHash: passage?.chunk.textHash ?? "",
      start: passage?.chunk.start,
      end: passage?.chunk.end,
    });
    expect(stored.text).toBe(passage?.text);
  });

  it("reports every file as indexed, skipped or failed with its reason, and one bad file never stops the rest", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({
      "good.txt": "good text",
      "empty.txt": "",
      "broken.pdf": "%PDF-1.7\nbroken",
      "archive.zip": Buffer.from("504b0506000000000000000000000000000000000000", "hex"),
    });
    const result = await addAndWait(client, "notes", folder);
    expect(result).toMatchObject({ indexed: 1, failed: 2, skipped: 1 });
    const { files, totals } = await client.knowledge.status({ collection: "notes" });
    expect(totals).toEqual({ indexed: 1, skipped: 1, failed: 2, pending: 0 });
    const codes = Object.fromEntries(files.map(({ path, reason }) => [path.slice(folder.length + 1), reason?.code]));
    expect(codes).toEqual({
      "archive.zip": "FILE_TYPE_UNSUPPORTED",
      "broken.pdf": "FILE_DAMAGED",
      "empty.txt": "FILE_EMPTY",
      "good.txt": undefined,
    });
    expect(result.failures.map(({ code }) => code).sort()).toEqual(["FILE_DAMAGED", "FILE_EMPTY"]);
  });

  it("does no work for what is unchanged, replaces what changed, knows what moved and forgets what is gone", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({ "a.txt": "alpha text", "b.txt": "beta text", "c.txt": "gamma text" });
    await addAndWait(client, "notes", folder);
    const before = await client.knowledge.listDocuments({ collection: "notes" });
    expect(await addAndWait(client, "notes", folder)).toMatchObject({ indexed: 0, skipped: 3 });

    writeFileSync(join(folder, "a.txt"), "delta text, longer");
    utimesSync(join(folder, "a.txt"), new Date(), new Date(Date.now() + 5000));
    renameSync(join(folder, "b.txt"), join(folder, "moved.txt"));
    rmSync(join(folder, "c.txt"));
    const { jobId } = await client.knowledge.sync({ collection: "notes" });
    expect(resultOf(await jobEnd(client, jobId))).toMatchObject({ indexed: 2, removed: 2, failed: 0 });

    const find = async (query: string) =>
      (await client.knowledge.search({ query, collections: ["notes"], ...search })).results.map(({ document }) =>
        document.path?.slice(folder.length + 1),
      );
    expect([await find("alpha"), await find("delta"), await find("beta"), await find("gamma")]).toEqual([[], ["a.txt"], ["moved.txt"], []]);
    const beta = before.find(({ title }) => title === "b.txt");
    const after = await client.knowledge.listDocuments({ collection: "notes" });
    expect(after.find(({ path }) => path?.endsWith("moved.txt"))?.id).toBe(beta?.id);
  });

  it("keeps everything searchable, marked unavailable, when the root vanishes, and goes on when it returns", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({ "drive/a.txt": "alpha text" });
    const root = join(folder, "drive");
    await addAndWait(client, "notes", root);
    renameSync(root, join(folder, "elsewhere"));
    const { jobId } = await client.knowledge.sync({ collection: "notes" });
    expect(resultOf(await jobEnd(client, jobId))).toMatchObject({
      removed: 0,
      unavailable: 1,
      failures: [{ path: root, code: "NOT_FOUND" }],
    });
    expect((await client.knowledge.search({ query: "alpha", collections: ["notes"], ...search })).results).toHaveLength(1);
    expect((await client.knowledge.status({ collection: "notes" })).files).toMatchObject([{ state: "indexed", unavailable: true }]);

    renameSync(join(folder, "elsewhere"), root);
    const again = await client.knowledge.sync({ collection: "notes" });
    expect(resultOf(await jobEnd(client, again.jobId))).toMatchObject({ unavailable: 0, failed: 0 });
    expect((await client.knowledge.status({ collection: "notes" })).files[0]?.unavailable).toBeUndefined();
  });

  it("stores equal files once, however many there are and whatever order they are read in", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf(Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`copy-${index}.txt`, "the very same text"])));
    expect(await addAndWait(client, "notes", folder)).toMatchObject({ indexed: 12 });
    expect(await client.knowledge.showCollection({ collection: "notes" })).toMatchObject({ documents: 1, chunks: 1 });
    expect((await client.knowledge.search({ query: "very same", collections: ["notes"], ...search })).results).toHaveLength(1);
  });

  it("changes no source file", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({ "a.txt": "alpha" });
    const long = new Date(2001, 1, 1);
    utimesSync(join(folder, "a.txt"), long, long);
    await addAndWait(client, "notes", folder);
    const { statSync, readdirSync } = await import("node:fs");
    expect(statSync(join(folder, "a.txt")).mtime).toEqual(long);
    expect(readdirSync(folder)).toEqual(["a.txt"]);
  });

  it("goes on where it was cancelled, when it is started again", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf(
      Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`file-${index}.txt`, `text number ${index} about things`])),
    );
    const { jobId } = await client.knowledge.addSources({ collection: "notes", paths: [folder] });
    const stop = new AbortController();
    for await (const item of await client.jobs.watch({}, { signal: stop.signal })) {
      if (item.type === "change" && item.job.id === jobId && item.job.progress.done > 0) break;
    }
    stop.abort();
    await client.jobs.cancel({ id: jobId });
    const cut = await client.knowledge.status({ collection: "notes" });
    const result = await addAndWait(client, "notes", folder);
    expect(result.indexed).toBe(40 - cut.totals.indexed);
    expect((await client.knowledge.status({ collection: "notes" })).totals).toEqual({ indexed: 40, skipped: 0, failed: 0, pending: 0 });
    expect(await client.knowledge.showCollection({ collection: "notes" })).toMatchObject({ documents: 40 });
  });

  it("is taken up by the next process after the core closed under it", async () => {
    const first = await openTestCore({ engines: engines() });
    const folder = folderOf(
      Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`file-${index}.txt`, `text number ${index} about things`])),
    );
    const { jobId } = await first.client.knowledge.addSources({ collection: "notes", paths: [folder] });
    await first.close();
    const second = await openTestCore({ engines: engines(), profile: first.profile });
    expect(await jobEnd(second.client, jobId)).toMatchObject({ state: "done" });
    expect((await second.client.knowledge.status({ collection: "notes" })).totals.indexed).toBe(30);
  });

  it("refuses a path that is not there, before any job is made", async () => {
    const { client } = await openTestCore({ engines: engines() });
    await expect(client.knowledge.addSources({ collection: "notes", paths: ["/nowhere/at/all"] })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect(await client.knowledge.listCollections({})).toEqual([]);
    expect(await client.jobs.list({})).toEqual([]);
  });
});

describe("records", () => {
  it("are documents under their own ids, and bad lines are named by number", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({
      "r.jsonl":
        '{"_id":"x1","title":"One","text":"first record about whales"}\nnot json\n{"_id":"x2","title":"Two","text":"second about boats"}\n',
    });
    const { jobId } = await client.knowledge.addRecords({ collection: "claims", path: join(folder, "r.jsonl") });
    expect(resultOf(await jobEnd(client, jobId))).toMatchObject({
      indexed: 2,
      failed: 1,
      failures: [{ path: `${join(folder, "r.jsonl")}:2`, code: "FILE_DAMAGED" }],
    });
    const { results } = await client.knowledge.search({ query: "whales", collections: ["claims"], ...search });
    expect(results).toMatchObject([{ document: { externalId: "x1", title: "One" } }]);
  });
});

describe("a file that fails", () => {
  it("keeps what was read of it before, until the next version takes its place", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({ "a.txt": "alpha words" });
    const path = join(folder, "a.txt");
    const write = async (text: string, seconds: number) => {
      writeFileSync(path, text);
      utimesSync(path, new Date(), new Date(Date.now() + seconds * 1000));
      return addAndWait(client, "notes", folder);
    };
    const find = async (query: string) => (await client.knowledge.search({ query, collections: ["notes"], ...search })).results.length;
    await addAndWait(client, "notes", folder);
    expect(await write("", 10)).toMatchObject({ failed: 1 });
    expect(await find("alpha")).toBe(1);
    expect(await write("gamma words", 20)).toMatchObject({ indexed: 1 });
    expect([await find("alpha"), await find("gamma")]).toEqual([0, 1]);
  });
});

describe("a collection that is removed while it is indexed", () => {
  it("takes its job and everything half written with it", async () => {
    const { client, profile, close } = await openTestCore({ engines: engines() });
    const folder = folderOf(Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`f-${index}.txt`, `secret diary page ${index}`])));
    const { jobId } = await client.knowledge.addSources({ collection: "notes", paths: [folder] });
    await client.knowledge.removeCollection({ collection: "notes" });
    expect((await jobEnd(client, jobId)).state).toBe("cancelled");
    await close();
    const again = await openTestCore({ engines: engines(), profile });
    expect(await again.client.knowledge.listCollections({})).toEqual([]);
    expect((await again.client.knowledge.search({ query: "diary", ...search })).results).toEqual([]);
    await again.close();
    const db = new Database(join(profile, "croft.db"), { readonly: true });
    expect(db.prepare("SELECT count(*) AS n FROM texts").get()).toEqual({ n: 0 });
    expect(db.prepare("SELECT count(*) AS n FROM documents").get()).toEqual({ n: 0 });
    db.close();
  });
});

describe("a file that is gone", () => {
  it("takes its text and chunks with it, so that nothing of it stays in the profile", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({ "a.txt": "alpha words", "b.txt": "beta words" });
    await addAndWait(client, "notes", folder);
    const gone = (await client.knowledge.listDocuments({ collection: "notes" })).find(({ title }) => title === "a.txt");
    rmSync(join(folder, "a.txt"));
    const { jobId } = await client.knowledge.sync({ collection: "notes" });
    expect(resultOf(await jobEnd(client, jobId))).toMatchObject({ removed: 1 });
    await expect(client.knowledge.getText({ textHash: gone?.textHash ?? "" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(client.knowledge.getDocument({ id: gone?.id ?? "" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("removal", () => {
  it("of a document or a collection is complete: nothing of it is found, listed or stored", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({ "a.txt": "alpha words", "b.txt": "beta words" });
    await addAndWait(client, "notes", folder);
    const [first] = await client.knowledge.listDocuments({ collection: "notes" });
    const text = first?.textHash ?? "";
    await client.knowledge.removeDocument({ collection: "notes", id: first?.id ?? "" });
    await expect(client.knowledge.getDocument({ id: first?.id ?? "" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(client.knowledge.getText({ textHash: text })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await client.knowledge.search({ query: "words", collections: ["notes"], ...search })).results).toHaveLength(1);

    expect(await client.knowledge.removeCollection({ collection: "notes" })).toEqual({ removedDocuments: 1 });
    expect((await client.knowledge.search({ query: "words", ...search })).results).toEqual([]);
    expect(await client.knowledge.listCollections({})).toEqual([]);
  });
});

describe("the index", () => {
  it("is made again from the truth when its file is lost", async () => {
    const first = await openTestCore({ engines: engines() });
    const folder = folderOf({ "a.txt": "alpha words of the first file", "b.txt": "beta words of the second" });
    await addAndWait(first.client, "notes", folder);
    await first.close();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(first.profile, `index.db${suffix}`), { force: true });
    rmSync(folder, { recursive: true });

    const { client } = await openTestCore({ engines: engines(), profile: first.profile });
    const stop = new AbortController();
    for await (const item of await client.jobs.watch({}, { signal: stop.signal })) {
      const rebuilt = item.type === "snapshot" ? item.jobs.find((job) => job.title === "Rebuild the index") : item.job;
      if (rebuilt?.title === "Rebuild the index" && rebuilt.state === "done") break;
    }
    stop.abort();
    const { results } = await client.knowledge.search({ query: "beta", collections: ["notes"], mode: "hybrid", limit: 1 });
    expect(results[0]?.text).toContain("beta");
  });
});

describe("a collection", () => {
  it("can be searched while it is being indexed", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({ "first.txt": "needle" });
    await addAndWait(client, "notes", folder);
    writeFiles(folder, Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`more-${index}.txt`, `hay number ${index}`])));
    const { jobId } = await client.knowledge.sync({ collection: "notes" });
    expect((await client.knowledge.search({ query: "needle", collections: ["notes"], ...search })).results).toHaveLength(1);
    await jobEnd(client, jobId);
  });
});
