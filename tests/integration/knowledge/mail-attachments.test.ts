import { copyFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, folderOf, jobEnd, openTestCore, resultOf } from "../../helpers/core.ts";
import { makeMail } from "../../helpers/make-mail.ts";
import { makePdf } from "../../helpers/make-pdf.ts";
import { outlines, scriptedOcr } from "../../helpers/scripted-ocr.ts";

const engines = () => ({ inference: createFakeInference() });
const pdf = (text: string) => makePdf([{ texts: [{ x: 72, y: 72, text, size: 12 }] }]);
const part = (name: string, content: string | Uint8Array, type = "application/octet-stream") => ({ name, type, content });

const find = async (client: CroftClient, query: string) =>
  (await client.knowledge.search({ query, collections: ["mail"], mode: "keyword", limit: 9 })).results;
const sync = async (client: CroftClient) => resultOf(await jobEnd(client, (await client.knowledge.sync({ collection: "mail" })).jobId));
const states = async (client: CroftClient, folder: string) =>
  Object.fromEntries(
    (await client.knowledge.status({ collection: "mail" })).files.map(({ path, state, reason }) => [
      path.slice(folder.length + 1),
      reason?.code ?? state,
    ]),
  );

function rewrite(path: string, content: Buffer): void {
  writeFileSync(path, content);
  utimesSync(path, new Date(), new Date(Date.now() + 5000));
}

describe("what is attached to a mail", () => {
  it("is a document of its own: found, placed on its page, named by the way to it, and opened by that", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({
      "mail.eml": makeMail("Bridge", "See the annex.", [
        part("report.pdf", pdf("The drawbridge is closed."), "application/pdf"),
        part("note.md", "# Costs\n\nBolts are cheap."),
      ]),
    });
    expect(await addAndWait(client, "mail", folder)).toMatchObject({ indexed: 3, failed: 0 });
    const path = `${join(folder, "mail.eml")} › report.pdf`;
    const [passage] = await find(client, "drawbridge");
    expect(passage).toMatchObject({ document: { path, title: "report.pdf" }, chunk: { page: 1 } });
    expect(passage?.chunk.boxes).toBeDefined();
    expect((await find(client, "bolts"))[0]?.document.title).toBe("Costs");
    expect((await client.knowledge.readFile({ path, ocr: "never" })).text).toBe("The drawbridge is closed.");
    expect((await find(client, "annex"))[0]?.document.title).toBe("Bridge");
  });

  it("fails by itself, under its own name, and never with its mail or what else is in it", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({
      "mail.eml": makeMail("All kinds", "Look.", [
        part("good.txt", "needle"),
        part("empty.txt", ""),
        part("broken.pdf", "%PDF-1.7\nbroken", "application/pdf"),
        part("old.zip", Buffer.from("504b0506000000000000000000000000000000000000", "hex"), "application/zip"),
      ]),
    });
    const result = await addAndWait(client, "mail", folder);
    expect(result).toMatchObject({ indexed: 2, failed: 2, skipped: 1 });
    expect(await states(client, folder)).toEqual({
      "mail.eml": "indexed",
      "mail.eml › good.txt": "indexed",
      "mail.eml › empty.txt": "FILE_EMPTY",
      "mail.eml › broken.pdf": "FILE_DAMAGED",
      "mail.eml › old.zip": "FILE_TYPE_UNSUPPORTED",
    });
    for (const { message } of result.failures) expect(message).toMatch(/^(?:empty\.txt|broken\.pdf) /);
    expect(await addAndWait(client, "mail", folder)).toMatchObject({ indexed: 0, failed: 0, skipped: 5 });
  });

  it("is replaced with its mail, moves with it, and leaves with it", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const path = (name: string) => join(folder, name);
    const folder = folderOf({ "mail.eml": makeMail("One", "First.", [part("a.txt", "alpha"), part("b.txt", "beta")]) });
    await addAndWait(client, "mail", folder);
    rewrite(path("mail.eml"), makeMail("One", "Second.", [part("a.txt", "gamma"), part("c.txt", "delta")]));
    expect(await sync(client)).toMatchObject({ indexed: 3, removed: 1, failed: 0 });
    const words = async () => Promise.all(["alpha", "beta", "gamma", "delta"].map(async (word) => (await find(client, word)).length));
    expect(await words()).toEqual([0, 0, 1, 1]);
    const [before] = await find(client, "gamma");

    renameSync(path("mail.eml"), path("moved.eml"));
    expect(await sync(client)).toMatchObject({ failed: 0 });
    const [after] = await find(client, "gamma");
    expect(after?.document).toEqual({ ...before?.document, path: `${path("moved.eml")} › a.txt` });

    rmSync(path("moved.eml"));
    expect(await sync(client)).toMatchObject({ removed: 3 });
    expect(await words()).toEqual([0, 0, 0, 0]);
    expect(await client.knowledge.listDocuments({ collection: "mail" })).toEqual([]);
  });

  it("stays where another mail has it too, and is stored once", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({
      "one.eml": makeMail("One", "1", [part("a.txt", "the same words")]),
      "two.eml": makeMail("Two", "2", [part("other.txt", "the same words")]),
    });
    copyFileSync(join(folder, "one.eml"), join(folder, "copy.eml"));
    await addAndWait(client, "mail", folder);
    expect(await client.knowledge.listDocuments({ collection: "mail" })).toHaveLength(3);
    rmSync(join(folder, "one.eml"));
    rmSync(join(folder, "copy.eml"));
    await sync(client);
    expect(await find(client, "same words")).toHaveLength(1);
  });

  it("leaves when its mail is removed by a person, and does not come back", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({ "mail.eml": makeMail("One", "First.", [part("a.txt", "alpha")]), "a.txt": "alpha" });
    await addAndWait(client, "mail", folder);
    const mail = (await client.knowledge.listDocuments({ collection: "mail" })).find(({ type }) => type === "eml");
    await client.knowledge.removeDocument({ collection: "mail", id: mail?.id ?? "" });
    expect(await find(client, "alpha")).toHaveLength(1);
    await sync(client);
    expect(await states(client, folder)).toEqual({ "a.txt": "indexed", "mail.eml": "REMOVED" });
  });

  it("is only decoration where the body shows it, and no document", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const picture = { ...part("logo.png", Buffer.from("89504e47", "hex"), "image/png"), inline: true };
    const folder = folderOf({ "mail.eml": makeMail("One", "First.", [picture, part("a.txt", "alpha")]) });
    await addAndWait(client, "mail", folder);
    expect(Object.keys(await states(client, folder)).sort()).toEqual(["mail.eml", "mail.eml › a.txt"]);
  });

  it("that is a scan comes after all text, and is recognised", async () => {
    const ocr = scriptedOcr(["eng"]);
    const { client } = await openTestCore({ engines: { ...engines(), ocr: ocr.host } });
    const folder = folderOf({
      "mail.eml": makeMail("One", "First.", [part("scan.pdf", makePdf([{ raw: outlines }])), part("a.txt", "alpha")]),
    });
    const { jobId } = await client.knowledge.addSources({ collection: "mail", paths: [folder] });
    await ocr.asked;
    expect([await find(client, "alpha"), await find(client, "lighthouse")].map(({ length }) => length)).toEqual([1, 0]);
    ocr.open();
    expect(resultOf(await jobEnd(client, jobId))).toMatchObject({ indexed: 3, failed: 0 });
    expect((await find(client, "lighthouse"))[0]?.document.title).toBe("scan.pdf");
  });
});

describe("hostile mails", () => {
  it("have names that lead nowhere: folders, the separating sign, doubles, controls", async () => {
    const { client } = await openTestCore({ engines: engines() });
    const folder = folderOf({
      "mail.eml": makeMail("One", "First.", [
        part("../../etc/passwd", "alpha"),
        part("a.txt", "beta"),
        part("a.txt", "gamma"),
        part("x › y.txt", "delta"),
        part(`${"long".repeat(200)}.txt`, "epsilon"),
      ]),
      // The very path that the first of the two would have.
      "mail.eml › a.txt": "zeta",
    });
    expect(await addAndWait(client, "mail", folder)).toMatchObject({ indexed: 7, failed: 0 });
    const names = Object.keys(await states(client, folder));
    expect(names).toEqual(expect.arrayContaining(["mail.eml › passwd", "mail.eml › a.txt", "mail.eml › a (2).txt"]));
    for (const name of names) expect(name.split("/")).toHaveLength(1);
    for (const word of ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]) expect(await find(client, word)).toHaveLength(1);
    expect(await sync(client)).toMatchObject({ failed: 0 });
    for (const word of ["beta", "gamma", "zeta"]) expect(await find(client, word)).toHaveLength(1);
  });

  it("nest only so deep, and what is deeper costs nothing", async () => {
    const { client } = await openTestCore({ engines: engines() });
    let mail = makeMail("Innermost", "omega", []);
    for (let depth = 0; depth < 8; depth += 1) mail = makeMail(`Depth ${depth}`, `word${depth}`, [part("inner.eml", mail)]);
    const folder = folderOf({ "mail.eml": mail });
    expect(await addAndWait(client, "mail", folder)).toMatchObject({ indexed: 5, failed: 0 });
    expect(await find(client, "word3")).toHaveLength(1);
    expect(await find(client, "word2")).toHaveLength(0);
  });
});

describe("a crash between a mail and what is attached to it", () => {
  it("loses nothing: the next run goes on with the attachment and does not read the mail again", async () => {
    const inference = createFakeInference();
    // The mail is embedded and published; then the engine is gone for good, as if Croft had been killed.
    const dying: typeof inference = Object.assign(Object.create(inference), {
      call(method: never, input: never, options: never) {
        if (JSON.stringify(input).includes("attached words")) throw new AppError("DISK_FULL", "The fixture's disk is full.");
        return inference.call(method, input, options);
      },
    });
    const { client, profile, close } = await openTestCore({ engines: { inference: dying } });
    const folder = folderOf({ "mail.eml": makeMail("One", "First.", [part("a.txt", "attached words")]) });
    const { jobId } = await client.knowledge.addSources({ collection: "mail", paths: [folder] });
    await jobEnd(client, jobId);
    await close();
    const db = new Database(join(profile, "croft.db"), { readonly: true });
    const rows = db.prepare("SELECT path, state FROM files ORDER BY path").all() as { path: string; state: string }[];
    db.close();
    expect(rows.map(({ path, state }) => [path.slice(folder.length + 1), state])).toEqual([
      ["mail.eml", "indexed"],
      ["mail.eml › a.txt", "pending"],
    ]);
    const next = await openTestCore({ engines: engines(), profile });
    expect(await sync(next.client)).toMatchObject({ indexed: 1, skipped: 1, failed: 0 });
    expect(await find(next.client, "attached")).toHaveLength(1);
  });
});
