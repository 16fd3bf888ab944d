import { chmodSync, copyFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import type { Job } from "../../../src/shared/contract/jobs.ts";
import type { IndexResult } from "../../../src/shared/contract/knowledge.ts";
import { AppError } from "../../../src/shared/errors.ts";
import type { EngineHost } from "../../../src/main/engines/engine.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import type { OcrProtocol } from "../../../src/main/engines/ocr/protocol.ts";
import { addAndWait, folderOf, jobEnd, openTestCore, resultOf } from "../../helpers/core.ts";
import { drawPage } from "../../helpers/text-page.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const line = (id: string, text: string) => `${JSON.stringify({ _id: id, title: id, text })}\n`;

async function addRecords(client: CroftClient, path: string): Promise<IndexResult> {
  const { jobId } = await client.knowledge.addRecords({ collection: "claims", path });
  return resultOf(await jobEnd(client, jobId));
}

const idsIn = async (client: CroftClient) =>
  (await client.knowledge.listDocuments({ collection: "claims" })).map(({ externalId }) => externalId).sort();

/** Rewrites a file so that it looks changed, whatever the clock's grain. */
function rewrite(path: string, content: string): void {
  const { mtime } = statSync(path);
  writeFileSync(path, content);
  utimesSync(path, mtime, new Date(mtime.getTime() + 5000));
}

describe("a file of records that is added again", () => {
  it("does nothing when it is unchanged, replaces what changed and takes out what it no longer holds", async () => {
    const { client } = await openTestCore({ engines: { inference: createFakeInference() } });
    const path = join(temporaryFolder(), "r.jsonl");
    writeFileSync(path, line("x1", "whales sing") + line("x2", "boats float") + line("x3", "gulls cry"));
    expect(await addRecords(client, path)).toMatchObject({ indexed: 3, removed: 0 });
    const before = await client.knowledge.listDocuments({ collection: "claims" });
    expect(await addRecords(client, path)).toMatchObject({ indexed: 0, skipped: 1, removed: 0 });
    expect(await client.knowledge.listDocuments({ collection: "claims" })).toEqual(before);

    rewrite(path, line("x1", "whales sing") + line("x2", "boats sink at times"));
    expect(await addRecords(client, path)).toMatchObject({ indexed: 1, skipped: 1, removed: 2 });
    expect(await idsIn(client)).toEqual(["x1", "x2"]);
    const find = async (query: string) =>
      (await client.knowledge.search({ query, collections: ["claims"], mode: "keyword", limit: 5 })).results.length;
    expect([await find("float"), await find("sink"), await find("gulls"), await find("whales")]).toEqual([0, 1, 0, 1]);
  });

  it("keeps a record that another file of the collection holds too", async () => {
    const { client } = await openTestCore({ engines: { inference: createFakeInference() } });
    const folder = temporaryFolder();
    const [a, b] = [join(folder, "a.jsonl"), join(folder, "b.jsonl")];
    writeFileSync(a, line("x1", "whales sing") + line("x2", "boats float"));
    copyFileSync(a, b);
    await addRecords(client, a);
    await addRecords(client, b);
    rewrite(b, line("x1", "whales sing"));
    await addRecords(client, b);
    expect(await idsIn(client)).toEqual(["x1", "x2"]);
    rewrite(a, line("x1", "whales sing"));
    await addRecords(client, a);
    expect(await idsIn(client)).toEqual(["x1"]);
  });

  it("loses no record when it vanished (an unplugged drive would empty the collection)", async () => {
    const { client } = await openTestCore({ engines: { inference: createFakeInference() } });
    const path = join(temporaryFolder(), "r.jsonl");
    writeFileSync(path, line("x1", "whales sing"));
    await addRecords(client, path);
    rmSync(path);
    const { jobId } = await client.knowledge.sync({ collection: "claims" });
    expect(resultOf(await jobEnd(client, jobId))).toMatchObject({ removed: 0, unavailable: 1 });
    expect(await idsIn(client)).toEqual(["x1"]);
  });
});

describe("a collection that is removed while it is indexed", () => {
  // Catches the text of a document in work that stays in the database until the next start, though its collection is gone.
  it("leaves nothing behind, neither what was published nor what was in work", async () => {
    const inference = createFakeInference();
    const inWork = Promise.withResolvers<void>();
    const slow: typeof inference = Object.assign(Object.create(inference), {
      call(method: never, input: { text?: string }, options: { signal?: AbortSignal }) {
        if (input.text !== "alpha") return inference.call(method, input as never, options as never);
        inWork.resolve();
        return new Promise((_, reject) => {
          options.signal?.addEventListener("abort", () => reject(new AppError("ABORTED", "The fixture was aborted.")));
        });
      },
    });
    const { client, profile } = await openTestCore({ engines: { inference: slow } });
    const folder = folderOf({ "a.txt": "alpha", "b.txt": "beta" });
    const { jobId } = await client.knowledge.addSources({ collection: "notes", paths: [folder] });
    await inWork.promise;
    await client.knowledge.removeCollection({ collection: "notes" });
    expect((await client.jobs.get({ id: jobId })).state).toBe("cancelled");
    const db = new Database(join(profile, "croft.db"), { readonly: true });
    const count = (table: string) => db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get();
    const tables = [
      "collections",
      "sources",
      "files",
      "documents",
      "texts",
      "pages",
      "chunks",
      "collection_documents",
      "unlinked_documents",
    ];
    expect(tables.map((table) => [table, count(table)])).toEqual(tables.map((table) => [table, 0]));
    db.close();
  });
});

describe("a failed file", () => {
  it("is tried again once it may be gone, and not when its content was refused", async () => {
    let isBroken = true;
    const inference = createFakeInference();
    const flaky: typeof inference = Object.assign(Object.create(inference), {
      call(method: never, input: never, options: never) {
        if (isBroken) return Promise.reject(new AppError("ENGINE_EXITED", "The fixture's engine ended."));
        return inference.call(method, input, options);
      },
    });
    const { client } = await openTestCore({ engines: { inference: flaky } });
    const folder = folderOf({ "a.txt": "alpha", "empty.txt": "" });
    expect(await addAndWait(client, "notes", folder)).toMatchObject({ indexed: 0, failed: 2 });
    isBroken = false;
    expect(await addAndWait(client, "notes", folder)).toMatchObject({ indexed: 1, failed: 0, skipped: 1 });
    expect(await addAndWait(client, "notes", folder)).toMatchObject({ indexed: 0, failed: 0, skipped: 2 });
  });

  // Catches one file that is not found, or something in it, and takes its whole folder for a drive that is gone.
  it("that is gone in the middle of a run is its own fault, and no other file's", async () => {
    const inference = createFakeInference();
    const losing: typeof inference = Object.assign(Object.create(inference), {
      call(method: never, input: { text?: string }, options: never) {
        if (input.text === "alpha") return Promise.reject(new AppError("NOT_FOUND", "The fixture's file is gone."));
        return inference.call(method, input as never, options);
      },
    });
    const { client } = await openTestCore({ engines: { inference: losing } });
    const folder = folderOf({ "a.txt": "alpha", "b.txt": "beta" });
    const result = await addAndWait(client, "notes", folder);
    expect(result).toMatchObject({ indexed: 1, failed: 1, unavailable: 0, failures: [{ path: join(folder, "a.txt"), code: "NOT_FOUND" }] });
  });

  it("is tried again when its rights changed, which leaves its time as it is", async () => {
    const profile = temporaryFolder();
    const folder = folderOf({ "a.txt": "alpha" });
    chmodSync(join(folder, "a.txt"), 0);
    expect(await indexWithoutPrivileges(profile, folder)).toMatchObject({ failed: 1 });
    chmodSync(join(folder, "a.txt"), 0o600);
    expect(await indexWithoutPrivileges(profile, folder)).toMatchObject({ indexed: 1, failed: 0 });
  });
});

/** Indexes a folder in a process to which closed files are closed: root reads them all the same, unless it may not. */
async function indexWithoutPrivileges(profile: string, folder: string): Promise<IndexResult> {
  const program = fileURLToPath(new URL("../../helpers/index-process.ts", import.meta.url));
  const node = [process.execPath, program, profile, folder];
  const isRoot = process.getuid?.() === 0;
  const [command = "", ...words] = isRoot ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", ...node] : node;
  const { stdout } = await promisify(execFile)(command, words);
  return resultOf(JSON.parse(stdout) as Job);
}

/** Recognition that knows these languages and waits at a gate. */
function gatedOcr(languages: string[]) {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const host: EngineHost<OcrProtocol> = {
    name: "ocr",
    state: "ready",
    generation: 1,
    async call(method: string, input: unknown, options?: { signal?: AbortSignal | undefined }) {
      if (method === "languages") return [...languages] as never;
      asked.resolve();
      const wanted = (input as OcrProtocol["recognize"]["input"]).languages;
      if (wanted.some((language) => !languages.includes(language))) throw new AppError("MODEL_MISSING", "The language is not installed.");
      const aborted = new Promise<never>((_, reject) => {
        options?.signal?.addEventListener("abort", () => reject(new AppError("ABORTED", "The fixture was aborted.")), { once: true });
      });
      await Promise.race([gate.promise, aborted]);
      return { words: [{ text: "lighthouse", box: [10, 10, 200, 50], confidence: 0.9, line: 0, block: 0 }], confidence: 0.9 } as never;
    },
    onState: () => () => {},
    stop: async () => {},
    close: async () => gate.resolve(),
  };
  return { host, open: () => gate.resolve(), asked: asked.promise };
}

const scan = () => drawPage(["A page that is a picture"]).png;

describe("a scan", () => {
  it("keeps no text waiting, neither of its own job nor of a later one", async () => {
    const ocr = gatedOcr(["eng"]);
    const { client } = await openTestCore({ engines: { inference: createFakeInference(), ocr: ocr.host } });
    const folder = folderOf({ "a-scan.png": scan(), "b.txt": "needle in the same folder" });
    const find = async (query: string) =>
      (await client.knowledge.search({ query, collections: ["notes"], mode: "keyword", limit: 5 })).results.length;
    const { jobId } = await client.knowledge.addSources({ collection: "notes", paths: [folder] });
    await ocr.asked;
    expect(await find("needle")).toBe(1);

    const later = folderOf({ "c.txt": "thimble in a later one" });
    const second = await addAndWait(client, "others", later);
    expect(second).toMatchObject({ indexed: 1 });
    expect((await client.jobs.get({ id: jobId })).state).toBe("running");
    expect(await find("lighthouse")).toBe(0);

    ocr.open();
    expect(resultOf(await jobEnd(client, jobId))).toMatchObject({ indexed: 2, failed: 0 });
    expect(await find("lighthouse")).toBe(1);
    expect((await client.knowledge.status({ collection: "notes" })).files.map(({ ocrPages }) => ocrPages)).toEqual([1, undefined]);
  });

  it("is recognised once though two jobs come upon it", async () => {
    const ocr = gatedOcr(["eng"]);
    const { client } = await openTestCore({ engines: { inference: createFakeInference(), ocr: ocr.host } });
    const folder = folderOf({ "a-scan.png": scan() });
    const first = await client.knowledge.addSources({ collection: "notes", paths: [folder] });
    await ocr.asked;
    const second = await client.knowledge.sync({ collection: "notes" });
    ocr.open();
    const results = await Promise.all([jobEnd(client, first.jobId), jobEnd(client, second.jobId)]);
    for (const job of results) expect(resultOf(job)).toMatchObject({ failed: 0 });
    expect(await client.knowledge.listDocuments({ collection: "notes" })).toHaveLength(1);
  });

  it("in a language that is not installed fails, and is recognised at the next sync after it was installed", async () => {
    const languages = ["eng"];
    const ocr = gatedOcr(languages);
    ocr.open();
    const { client } = await openTestCore({ engines: { inference: createFakeInference(), ocr: ocr.host } });
    const folder = folderOf({ "a-scan.png": scan() });
    const { jobId } = await client.knowledge.addSources({ collection: "notes", paths: [folder], reading: { languages: ["deu"] } });
    expect(resultOf(await jobEnd(client, jobId)).failures).toMatchObject([{ code: "NOT_SUPPORTED" }]);
    const sync = async () => resultOf(await jobEnd(client, (await client.knowledge.sync({ collection: "notes" })).jobId));
    expect(await sync()).toMatchObject({ indexed: 0, failed: 0, skipped: 1 });
    languages.push("deu");
    expect(await sync()).toMatchObject({ indexed: 1, failed: 0 });
  });
});

describe("a watched folder", () => {
  it("is kept up to date while core runs, and looked at when it starts", async () => {
    const first = await openTestCore({ engines: { inference: createFakeInference() } });
    const folder = folderOf({ "a.txt": "alpha" });
    await first.client.knowledge.addSources({ collection: "notes", paths: [folder], watch: true });
    await untilFound(first.client, "alpha");
    writeFileSync(join(folder, "b.txt"), "beta");
    await untilFound(first.client, "beta");
    await first.close();

    writeFileSync(join(folder, "c.txt"), "gamma");
    const second = await openTestCore({ engines: { inference: createFakeInference() }, profile: first.profile });
    await untilFound(second.client, "gamma");
  });
});

/** Resolves when a word can be found; looks whenever a job changes. */
async function untilFound(client: CroftClient, query: string): Promise<void> {
  const stop = new AbortController();
  for await (const _ of await client.jobs.watch({}, { signal: stop.signal })) {
    const { results } = await client.knowledge.search({ query, mode: "keyword", limit: 5 });
    if (results.length > 0) break;
  }
  stop.abort();
}
