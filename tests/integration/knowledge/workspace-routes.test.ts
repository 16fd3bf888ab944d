import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UNREAD_EXTENSIONS } from "../../../src/main/features/knowledge/sources/preview-source.ts";
import { refusalOf } from "../../../src/main/engines/readers/detect.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, folderOf, openTestCore, resultOf } from "../../helpers/core.ts";
import { jobEnd } from "../../helpers/job-end.ts";

const open = async () => (await openTestCore({ engines: { inference: createFakeInference() } })).client;

describe("the name of a new collection", () => {
  // Catches a blank name, taken with the first files, by which no list of collections could be shown any more.
  it.each([" ", "\t\n", "two\nlines", "\u001b[2J", "x".repeat(201)])("is refused as %j, however it is made", async (collection) => {
    const client = await open();
    const folder = folderOf({ "a.md": "one", "r.jsonl": '{"_id":"1","text":"one"}' });
    const refused = { code: "INVALID_INPUT", message: expect.stringMatching(/^The call was refused: (collection|name) /) };
    await expect(client.knowledge.createCollection({ name: collection })).rejects.toMatchObject(refused);
    await expect(client.knowledge.addSources({ collection, paths: [folder] })).rejects.toMatchObject(refused);
    await expect(client.knowledge.addRecords({ collection, path: join(folder, "r.jsonl") })).rejects.toMatchObject(refused);
    expect(await client.knowledge.listCollections({})).toEqual([]);
  });

  it("loses the spaces around it, so that it is found as it is shown", async () => {
    const client = await open();
    await client.knowledge.addSources({ collection: " papers ", paths: [folderOf({ "a.md": "one" })] });
    expect((await client.knowledge.listCollections({})).map(({ name }) => name)).toEqual(["papers"]);
  });
});

describe("the preview of a folder", () => {
  // Catches a preview that counts otherwise than the indexing that follows it, or hides what is left out.
  it("counts what would be indexed and names what would not, with the reason", async () => {
    const client = await open();
    const folder = folderOf({
      "a.md": "one",
      "b.TXT": "two",
      "drafts/c.md": "three",
      "drafts/d.md": "four",
      "film.mp4": "x",
      "node_modules/x.md": "never",
    });
    symlinkSync(join(folder, "a.md"), join(folder, "link.md"));
    const preview = await client.knowledge.previewSource({ path: folder, include: ["*.{md,txt,mp4}"], exclude: ["drafts/d*"] });
    const linked = process.platform === "linux" ? { files: 2, types: [{ type: "md", files: 2, bytes: 8 }] } : {};
    expect(preview).toMatchObject({ path: folder, ...linked, unreadable: [] });
    const why = Object.fromEntries(preview.leftOut.map(({ why: reason, entries, examples }) => [reason, { entries, examples }]));
    expect(why).toMatchObject({
      excluded: { entries: 1, examples: [join(folder, "drafts/d.md")] },
      never: { entries: 1, examples: [join(folder, "node_modules")] },
      link: { entries: 1, examples: [join(folder, "link.md")] },
      type: { entries: 1, examples: [join(folder, "film.mp4")] },
    });
  });

  // Catches a preview of a hundred thousand files whose examples fill the answer.
  it("gives examples, not lists", async () => {
    const client = await open();
    const folder = folderOf(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}.log`, ""])));
    const { files, leftOut } = await client.knowledge.previewSource({ path: folder, include: ["*.md"] });
    expect(files).toBe(0);
    expect(leftOut).toMatchObject([{ why: "not-included", entries: 30 }]);
    expect(leftOut[0]?.examples).toHaveLength(3);
  });

  // Catches a path that is not there shown as an empty folder, and a walk that goes on after its reader left.
  it("says that there is nothing, and ends when it is left", async () => {
    const client = await open();
    await expect(client.knowledge.previewSource({ path: "/nowhere/at/all" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const folder = folderOf({ "a/b/c.md": "x" });
    await expect(client.knowledge.previewSource({ path: folder }, { signal: AbortSignal.abort() })).rejects.toThrow();
  });

  // Catches a type that is called unread although the readers take it.
  it("calls no type unread that readers take", () => {
    for (const type of UNREAD_EXTENSIONS) expect(refusalOf(type, "video/x").hint, type).not.toBe("");
    for (const type of ["pdf", "docx", "eml", "msg", "xlsx", "tiff", "png", "html", "csv", ""])
      expect(UNREAD_EXTENSIONS.has(type)).toBe(false);
  });
});

describe("the sources of a collection", () => {
  // Catches a password that is given out, options that are lost, and an edit that makes a second source of the same folder.
  it("are listed with their rules; adding one again changes them, and what they leave out leaves", async () => {
    const client = await open();
    const folder = folderOf({ "a.md": "alpha", "b.txt": "beta" });
    await addAndWait(client, "notes", folder);
    expect(await client.knowledge.listSources({ collection: "notes" })).toMatchObject([
      { kind: "path", path: folder, include: [], exclude: [], watch: false, reading: {}, hasPassword: false },
    ]);
    const { jobId } = await client.knowledge.addSources({
      collection: "notes",
      paths: [folder],
      exclude: ["*.txt"],
      watch: true,
      reading: { ocr: "never", languages: ["deu"], password: "tide" },
    });
    await jobEnd(client, jobId);
    const after = await client.knowledge.listSources({ collection: "notes" });
    expect(after).toMatchObject([{ exclude: ["*.txt"], watch: true, reading: { ocr: "never", languages: ["deu"] }, hasPassword: true }]);
    expect(JSON.stringify(after)).not.toContain("tide");
    expect((await client.knowledge.status({ collection: "notes" })).files.map(({ path }) => path)).toEqual([join(folder, "a.md")]);
  });
});

describe("failed files", () => {
  // Catches a retry that passes over what a sync would not look at again, or that tries what was not meant.
  it("are tried again by their reason, whatever a sync would think of them", async () => {
    const client = await open();
    const folder = folderOf({ "good.txt": "fine", "empty.txt": "", "broken.pdf": "%PDF-1.4 none" });
    await addAndWait(client, "notes", folder);
    const stateOf = async (name: string) =>
      (await client.knowledge.status({ collection: "notes" })).files.find(({ path }) => path.endsWith(name));
    const broken = await stateOf("broken.pdf");
    expect(broken?.state).toBe("failed");
    const code = broken?.reason?.code ?? "";
    const triedBy = async (jobId: string) => resultOf(await jobEnd(client, jobId)).failures.map(({ path }) => path);
    expect(await triedBy((await client.knowledge.sync({ collection: "notes" })).jobId)).toEqual([]);
    const some = await client.knowledge.retryFailed({ collection: "notes", codes: [code] });
    expect(some.files).toBe(1);
    expect(await triedBy(some.jobId)).toEqual([join(folder, "broken.pdf")]);
    expect((await stateOf("broken.pdf"))?.state).toBe("failed");
    const none = await client.knowledge.retryFailed({ collection: "notes", codes: ["NO_SUCH_CODE"] });
    expect(none.files).toBe(0);
    expect(await triedBy(none.jobId)).toEqual([]);
    const all = await client.knowledge.retryFailed({ collection: "notes" });
    expect(all.files).toBe(2);
    expect((await triedBy(all.jobId)).toSorted()).toEqual([join(folder, "broken.pdf"), join(folder, "empty.txt")]);
  });
});
