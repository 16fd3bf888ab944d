import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, folderOf, jobEnd, openTestCore, resultOf } from "../../helpers/core.ts";
import { makePdf } from "../../helpers/make-pdf.ts";
import { outlines, scriptedOcr } from "../../helpers/scripted-ocr.ts";

const text = "The needle lies on the first page and the second page is a picture.";
const mixed = () => Buffer.from(makePdf([{ texts: [{ x: 72, y: 72, text, size: 12 }] }, { raw: outlines }]));

const found = async (client: CroftClient, query: string) =>
  (await client.knowledge.search({ query, collections: ["notes"], mode: "keyword", limit: 9 })).results;
const count = async (client: CroftClient, ...queries: string[]) =>
  Promise.all(queries.map(async (query) => (await found(client, query)).length));
const fileOf = async (client: CroftClient) => (await client.knowledge.status({ collection: "notes" })).files[0];

/** Adds the folder with these options, and waits. */
async function add(client: CroftClient, folder: string, reading: { ocr?: "auto" | "never" | "always"; languages?: string[] }) {
  const { jobId } = await client.knowledge.addSources({ collection: "notes", paths: [folder], reading });
  return resultOf(await jobEnd(client, jobId));
}

describe("a PDF of text and scans", () => {
  it("is found by its text before its scans are recognised, then by both, as one and the same document", async () => {
    const ocr = scriptedOcr(["eng"]);
    const { client, profile, close } = await openTestCore({ engines: { inference: createFakeInference(), ocr: ocr.host } });
    const folder = folderOf({ "mixed.pdf": mixed() });
    const { jobId } = await client.knowledge.addSources({ collection: "notes", paths: [folder] });
    await ocr.asked;
    const [before] = await found(client, "needle");
    expect(await count(client, "needle", "lighthouse")).toEqual([1, 0]);
    expect(await fileOf(client)).toMatchObject({ state: "indexed", pages: 2, waitingPages: 1 });

    ocr.open();
    expect(resultOf(await jobEnd(client, jobId))).toMatchObject({ indexed: 1, failed: 0 });
    const [after] = await found(client, "lighthouse");
    expect(await count(client, "needle", "lighthouse")).toEqual([1, 1]);
    expect(after?.document.id).toBe(before?.document.id);
    expect(after?.chunk.textHash).not.toBe(before?.chunk.textHash);
    expect(await fileOf(client)).toMatchObject({ state: "indexed", ocrPages: 1 });
    expect((await fileOf(client))?.waitingPages).toBeUndefined();
    // An answer that cited the former text still opens.
    const former = await client.knowledge.getText({ textHash: before?.chunk.textHash ?? "" });
    expect(former.text).toContain("needle");

    const { chunks } = await client.knowledge.showCollection({ collection: "notes" });
    await close();
    const db = new Database(join(profile, "croft.db"), { readonly: true });
    expect(db.prepare("SELECT count(*) AS n FROM chunks").get()).toEqual({ n: chunks });
    const index = new Database(join(profile, "index.db"), { readonly: true });
    expect(index.prepare("SELECT count(*) AS n FROM chunks").get()).toEqual({ n: chunks });
    for (const opened of [db, index]) opened.close();
  });

  it("goes on with its scans after Croft ended in the middle, and keeps its text meanwhile", async () => {
    const ocr = scriptedOcr(["eng"]);
    const first = await openTestCore({ engines: { inference: createFakeInference(), ocr: ocr.host } });
    const folder = folderOf({ "mixed.pdf": mixed() });
    const { jobId } = await first.client.knowledge.addSources({ collection: "notes", paths: [folder] });
    await ocr.asked;
    await first.close();
    const again = scriptedOcr(["eng"]);
    const { client } = await openTestCore({ profile: first.profile, engines: { inference: createFakeInference(), ocr: again.host } });
    await again.asked;
    expect(await count(client, "needle", "lighthouse")).toEqual([1, 0]);
    again.open();
    await jobEnd(client, jobId);
    expect(await count(client, "needle", "lighthouse")).toEqual([1, 1]);
  });

  it("keeps its text where the language is not installed, says so, and is completed when it is", async () => {
    const languages = ["eng"];
    const ocr = scriptedOcr(languages);
    ocr.open();
    const { client } = await openTestCore({ engines: { inference: createFakeInference(), ocr: ocr.host } });
    const folder = folderOf({ "mixed.pdf": mixed() });
    expect(await add(client, folder, { languages: ["deu"] })).toMatchObject({ indexed: 1, failed: 0 });
    expect(await count(client, "needle", "lighthouse")).toEqual([1, 0]);
    expect(await fileOf(client)).toMatchObject({ state: "indexed", waitingPages: 1, reason: { code: "OCR_PENDING" } });
    expect(await add(client, folder, { languages: ["deu"] })).toMatchObject({ indexed: 0, skipped: 1 });
    languages.push("deu");
    expect(await add(client, folder, { languages: ["deu"] })).toMatchObject({ indexed: 1 });
    expect(await count(client, "needle", "lighthouse")).toEqual([1, 1]);
    expect((await fileOf(client))?.reason).toBeUndefined();
  });

  it("is completed in every collection that holds it, also one with another embedding model's vectors", async () => {
    const ocr = scriptedOcr(["eng"]);
    const { client } = await openTestCore({ engines: { inference: createFakeInference(), ocr: ocr.host } });
    const folder = folderOf({ "mixed.pdf": mixed() });
    const copy = folderOf({ "copy.pdf": mixed() });
    await client.knowledge.createCollection({ name: "others" });
    const first = await client.knowledge.addSources({ collection: "notes", paths: [folder] });
    await ocr.asked;
    const second = await client.knowledge.addSources({ collection: "others", paths: [copy] });
    ocr.open();
    for (const { jobId } of [first, second]) expect(resultOf(await jobEnd(client, jobId))).toMatchObject({ indexed: 1, failed: 0 });
    for (const collection of ["notes", "others"]) {
      const { results } = await client.knowledge.search({ query: "lighthouse", collections: [collection], mode: "hybrid", limit: 9 });
      expect(results).toHaveLength(1);
    }
    expect(ocr.recognised()).toBe(1);
  });
});

describe("options of recognition that changed", () => {
  it("have pages read again, and only where it makes a difference", async () => {
    const ocr = scriptedOcr(["eng", "deu"], (languages) => (languages.includes("deu") ? "Leuchtturm" : "lighthouse"));
    ocr.open();
    const { client } = await openTestCore({ engines: { inference: createFakeInference(), ocr: ocr.host } });
    const plain = Buffer.from(makePdf([{ texts: [{ x: 72, y: 72, text: "Only text is here.", size: 12 }] }]));
    const folder = folderOf({ "mixed.pdf": mixed(), "plain.pdf": plain, "a.txt": "words" });
    expect(await add(client, folder, { languages: ["eng"] })).toMatchObject({ indexed: 3 });
    expect(await add(client, folder, { languages: ["eng"] })).toMatchObject({ indexed: 0, skipped: 3 });

    expect(await add(client, folder, { languages: ["deu"] })).toMatchObject({ indexed: 1, skipped: 2 });
    expect(await count(client, "lighthouse", "Leuchtturm", "needle")).toEqual([0, 1, 1]);
    expect(await add(client, folder, { languages: ["deu"] })).toMatchObject({ indexed: 0, skipped: 3 });

    expect(await add(client, folder, { ocr: "never" })).toMatchObject({ indexed: 1, skipped: 2 });
    expect(await count(client, "Leuchtturm", "needle")).toEqual([0, 1]);
    expect(await add(client, folder, { languages: ["eng"] })).toMatchObject({ indexed: 1, skipped: 2 });
    expect(await count(client, "lighthouse", "Leuchtturm", "needle")).toEqual([1, 0, 1]);
    expect(await add(client, folder, { ocr: "always" })).toMatchObject({ indexed: 2, skipped: 1 });
  });

  it("count when the settings changed them, and two collections with different ones do not take turns for ever", async () => {
    const ocr = scriptedOcr(["eng", "deu"], (languages) => (languages.includes("deu") ? "Leuchtturm" : "lighthouse"));
    ocr.open();
    const { client } = await openTestCore({ engines: { inference: createFakeInference(), ocr: ocr.host } });
    const folder = folderOf({ "mixed.pdf": mixed() });
    await addAndWait(client, "notes", folder);
    await client.settings.set({ key: "ocr.languages", value: ["deu"] });
    expect(await addAndWait(client, "notes", folder)).toMatchObject({ indexed: 1 });
    expect(await count(client, "Leuchtturm")).toEqual([1]);

    const { jobId } = await client.knowledge.addSources({ collection: "others", paths: [folder], reading: { languages: ["eng"] } });
    await jobEnd(client, jobId);
    const before = ocr.recognised();
    for (const collection of ["notes", "others", "notes"]) {
      const again = await client.knowledge.sync({ collection });
      expect(resultOf(await jobEnd(client, again.jobId))).toMatchObject({ indexed: 0 });
    }
    expect(ocr.recognised()).toBe(before);
  });
});
