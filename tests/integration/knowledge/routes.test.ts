import { utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, folderOf, openTestCore } from "../../helpers/core.ts";

const open = async () => (await openTestCore({ engines: { inference: createFakeInference() } })).client;
const find = { mode: "keyword" as const, limit: 10 };

describe("the documents of a collection", () => {
  // Catches a page that repeats or leaves out a document at its edge, or that never ends.
  it("are listed page by page, each once", async () => {
    const client = await open();
    await addAndWait(
      client,
      "notes",
      folderOf(Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`f${index}.txt`, `text ${index}`]))),
    );
    await addAndWait(client, "other", folderOf({ "other.txt": "not to be listed" }));
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await client.knowledge.listDocuments({ collection: "notes", limit: 3, after });
      seen.push(...page.map(({ title }) => title));
      after = page.at(-1)?.id;
      if (page.length < 3) break;
    }
    expect(seen.toSorted()).toEqual(Array.from({ length: 7 }, (_, index) => `f${index}.txt`));
    const last = (await client.knowledge.listDocuments({ collection: "notes" })).at(-1)?.id;
    expect(await client.knowledge.listDocuments({ collection: "notes", after: last })).toEqual([]);
  });

  // Catches limits that are passed on to the database as they come.
  it("are listed within bounds only", async () => {
    const client = await open();
    await client.knowledge.createCollection({ name: "notes" });
    for (const limit of [0, -1, 1.5, 1001])
      await expect(client.knowledge.listDocuments({ collection: "notes", limit })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(client.knowledge.listDocuments({ collection: "nope" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("a stored text", () => {
  // Catches slices that are off at the ends, or a range out of bounds that is an error for the reader of a page.
  it("is given in slices that end where it ends", async () => {
    const client = await open();
    await addAndWait(client, "notes", folderOf({ "a.txt": "0123456789 😀 end" }));
    const [document] = await client.knowledge.listDocuments({ collection: "notes" });
    const textHash = document?.textHash ?? "";
    const slice = (start?: number, end?: number) => client.knowledge.getText({ textHash, start, end });
    const whole = await slice();
    expect(whole).toMatchObject({ start: 0, end: whole.length, text: "0123456789 😀 end" });
    expect(await slice(2, 5)).toMatchObject({ start: 2, end: 5, text: "234", length: whole.length });
    expect(await slice(0, 0)).toMatchObject({ start: 0, end: 0, text: "" });
    expect(await slice(whole.length - 3, 10_000)).toMatchObject({ end: whole.length, text: "end" });
    expect(await slice(10_000, 20_000)).toMatchObject({ start: whole.length, end: whole.length, text: "" });
    expect(await slice(5, 2)).toMatchObject({ start: 5, end: 5, text: "" });
    await expect(slice(-1)).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  // Catches a book that is sent in one message of hundreds of megabytes.
  it("is given a million units at a time", async () => {
    const client = await open();
    const line = `${"word ".repeat(19)}end.\n`;
    await addAndWait(client, "notes", folderOf({ "long.jsonl.txt": line.repeat(10_500) }));
    const [document] = await client.knowledge.listDocuments({ collection: "notes" });
    const textHash = document?.textHash ?? "";
    const first = await client.knowledge.getText({ textHash });
    expect(first.text).toHaveLength(1_000_000);
    expect(first.length).toBeGreaterThan(1_000_000);
    const rest = await client.knowledge.getText({ textHash, start: first.end });
    expect(rest.end).toBe(first.length);
    expect(first.text.length + rest.text.length).toBe(first.length);
  });

  // Catches a hash that is taken for a path or a part of a query.
  it("is asked for by a hash and nothing else", async () => {
    const client = await open();
    for (const textHash of ["", "../../etc/passwd", "' OR 1=1 --", "A".repeat(64), "a".repeat(63)])
      await expect(client.knowledge.getText({ textHash }), textHash).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("names from outside", () => {
  // Catches a name that reaches beyond its collection: into a path, a query, another collection.
  it("make or name one collection, and touch no other", async () => {
    const client = await open();
    const other = await client.knowledge.createCollection({ name: "other" });
    for (const name of ["../../escape", "'; DROP TABLE collections; --", "%", "*", "a\u0000b", "\u202Eevil", "__proto__", "名前"]) {
      const made = await client.knowledge.createCollection({ name }).catch((error: unknown) => {
        expect(error).toMatchObject({ code: "INVALID_INPUT" });
      });
      if (made) expect((await client.knowledge.removeCollection({ collection: made.name })).removedDocuments, name).toBe(0);
      expect(await client.knowledge.listCollections({}), name).toEqual([other]);
    }
  });

  // Catches names without bounds.
  it("have a length", async () => {
    const client = await open();
    for (const name of ["", "   ", "x".repeat(10_000)])
      await expect(client.knowledge.createCollection({ name })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(await client.knowledge.listCollections({})).toEqual([]);
  });
});

describe("a document of two collections", () => {
  // Catches a removal from one collection that takes the document from the other, or text that stays when the last is gone.
  it("stays until it left the last of them", async () => {
    const client = await open();
    const folder = folderOf({ "a.txt": "the shared lantern" });
    await addAndWait(client, "one", folder);
    await addAndWait(client, "two", folder);
    const [document] = await client.knowledge.listDocuments({ collection: "one" });
    const id = document?.id ?? "";
    const collections = async (...named: string[]) =>
      (await client.knowledge.search({ query: "lantern", collections: named, ...find })).results.length;
    expect((await client.knowledge.listDocuments({ collection: "two" }))[0]?.id).toBe(id);
    expect([await collections("one", "two"), await collections()]).toEqual([1, 1]);

    await client.knowledge.removeDocument({ collection: "one", id });
    expect([await collections("one"), await collections("two"), await collections()]).toEqual([0, 1, 1]);
    expect((await client.knowledge.getText({ textHash: document?.textHash ?? "" })).text).toContain("lantern");
    await expect(client.knowledge.removeDocument({ collection: "one", id })).rejects.toMatchObject({ code: "NOT_FOUND" });

    expect(await client.knowledge.removeCollection({ collection: "two" })).toEqual({ removedDocuments: 1 });
    await expect(client.knowledge.getDocument({ id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await collections()).toBe(0);
  });
});

describe("a search", () => {
  // Catches a filter that is lost on its way, or that is applied after the best were taken.
  it("finds only what its filter lets through", async () => {
    const client = await open();
    const folder = folderOf({
      "reports/old.txt": "needle old",
      "reports/new.md": "needle new",
      "letters/new.txt": "needle letter",
      ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`hay/${index}.txt`, `needle needle needle ${index}`])),
    });
    utimesSync(join(folder, "reports/old.txt"), new Date(2001, 1, 1), new Date(2001, 1, 1));
    await addAndWait(client, "notes", folder);
    const names = async (filter: object) =>
      (await client.knowledge.search({ query: "needle", collections: ["notes"], mode: "keyword", limit: 3, filter })).results
        .map(({ document }) => document.path?.slice(folder.length + 1))
        .toSorted();
    expect(await names({ path: "**/reports/**" })).toEqual(["reports/new.md", "reports/old.txt"]);
    expect(await names({ types: ["md"] })).toEqual(["reports/new.md"]);
    expect(await names({ path: "**/reports/**", types: ["txt"] })).toEqual(["reports/old.txt"]);
    expect(await names({ documents: [] })).toHaveLength(3);
    const { results } = await client.knowledge.search({ query: "letter", collections: ["notes"], ...find });
    expect(await names({ documents: [results[0]?.document.id ?? ""] })).toEqual(["letters/new.txt"]);
    expect(await names({ path: "nowhere/**" })).toEqual([]);
  });

  // Catches a chosen cross-encoder that was removed since: every search would fail for what is only an improvement.
  it("does without a cross-encoder that is chosen and not installed", async () => {
    const client = await open();
    await addAndWait(client, "notes", folderOf({ "a.txt": "the lantern" }));
    await client.settings.set({ key: "models.reranker", value: "local:bge-reranker-that-is-gone" });
    const { results, timings } = await client.knowledge.search({ query: "lantern", collections: ["notes"], mode: "hybrid" });
    expect(results).toHaveLength(1);
    expect(timings.rerank).toBe(0);
  });

  // Catches a query that is refused or crashes for what a person may paste.
  it("takes whatever is pasted, and answers the next question after it", async () => {
    const client = await open();
    await addAndWait(client, "notes", folderOf({ "a.txt": "the lantern" }));
    for (const query of ['"', "AND OR NOT", "a:b^c*", "\u0000", "😀", "'; DROP TABLE chunks; --", "NEAR(", "-".repeat(4000)]) {
      const { results } = await client.knowledge.search({ query, collections: ["notes"], mode: "hybrid" });
      expect(results.length, query).toBeLessThanOrEqual(1);
    }
    expect((await client.knowledge.search({ query: "lantern", ...find })).results).toHaveLength(1);
  });

  // Catches an answer to nobody: an aborted search must end as one.
  it("that is aborted says so", async () => {
    const client = await open();
    await client.knowledge.createCollection({ name: "notes" });
    await expect(client.knowledge.search({ query: "x", collections: ["notes"] }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ABORTED",
    });
  });
});

describe("the coverage of a collection", () => {
  // Catches totals that do not add up to the files, or the files of another collection among them.
  it("names every file once with what became of it, and adds up", async () => {
    const client = await open();
    const folder = folderOf({
      "a.txt": "alpha",
      "b.md": "# Beta\n\ntext",
      "c.pdf": "%PDF-1.7 broken",
      "d.zip": Buffer.from("504b0506000000000000000000000000000000000000", "hex"),
    });
    await addAndWait(client, "notes", folder);
    await addAndWait(client, "other", folderOf({ "z.txt": "zeta" }));
    const { files, totals, documents, chunks, collection } = await client.knowledge.status({ collection: "NOTES" });
    expect(files.map(({ path, state }) => [path.slice(folder.length + 1), state])).toEqual([
      ["a.txt", "indexed"],
      ["b.md", "indexed"],
      ["c.pdf", "failed"],
      ["d.zip", "skipped"],
    ]);
    expect(totals).toEqual({ indexed: 2, skipped: 1, failed: 1, pending: 0 });
    expect([collection, documents, chunks]).toEqual(["notes", 2, 2]);
    expect(files[0]).toMatchObject({ chunks: 1, documentId: expect.any(String) });
    expect(files[2]).not.toHaveProperty("documentId");
    await expect(client.knowledge.status({ collection: "nope" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
