import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, folderOf, openTestCore } from "../../helpers/core.ts";
import { everyType, WORD } from "../../helpers/every-type.ts";
import { makeZip } from "../../helpers/make-zip.ts";
import { scriptedOcr } from "../../helpers/scripted-ocr.ts";

const bytes = (hex: string, length = 600) => Buffer.concat([Buffer.from(hex, "hex"), Buffer.alloc(length)]);
const compound = Buffer.from("d0cf11e0a1b11ae1".padEnd(1200, "0"), "hex");
const movie = (brand: string) =>
  Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from(`ftyp${brand}\0\0\0\0mif1${brand}`), Buffer.alloc(200)]);

/** What exists and is not read, by the name it usually has. */
const unread: Record<string, Buffer> = {
  "letter.doc": compound,
  "sheet.xls": compound,
  "show.ppt": compound,
  "photo.heic": movie("heic"),
  "film.mp4": movie("isom"),
  "pack.zip": Buffer.from(makeZip({ "a.txt": "inside" })),
  "pack.7z": bytes("377abcaf271c0004"),
  "pack.rar": bytes("526172211a0700"),
  "pack.gz": bytes("1f8b0800000000000003"),
  "song.mp3": bytes("494433030000000000"),
  "old.bmp": bytes("424d76020000000000003600000028000000"),
  "program.exe": bytes("4d5a90000300000004000000ffff0000"),
  "noise.xyz": Buffer.from([1, 2, 0, 3, 255, 0, 9, 200]),
};

it("every file of a type that is not read is listed as skipped, with the reason and what to do", async () => {
  const { client } = await openTestCore({ engines: { inference: createFakeInference() } });
  const folder = folderOf({ ...unread, "good.txt": "needle" });
  expect(await addAndWait(client, "notes", folder)).toMatchObject({ indexed: 1, failed: 0, skipped: Object.keys(unread).length });
  const { files, totals } = await client.knowledge.status({ collection: "notes" });
  expect(totals).toEqual({ indexed: 1, skipped: Object.keys(unread).length, failed: 0, pending: 0 });
  for (const { path, state, reason } of files.filter((file) => !file.path.endsWith("good.txt"))) {
    expect([path, state, reason?.code]).toEqual([path, "skipped", "FILE_TYPE_UNSUPPORTED"]);
    expect(reason?.message).toContain("Croft does not read");
    expect(reason?.hint).toMatch(/Save|Unpack|Convert|transcript/);
  }
  const { text } = await client.knowledge.exportCoverage({ collection: "notes", format: "csv" });
  expect(text.split("\r\n").filter((line) => line.includes("FILE_TYPE_UNSUPPORTED"))).toHaveLength(Object.keys(unread).length);
});

it("every type that is read is found by its text, whatever it is called", { timeout: 60_000 }, async () => {
  const ocr = scriptedOcr(["eng"], () => WORD);
  ocr.open();
  const { client } = await openTestCore({ engines: { inference: createFakeInference(), ocr: ocr.host } });
  const made = await everyType();
  const folder = folderOf(Object.fromEntries(Object.entries(made).map(([type, content]) => [`a.${type}`, Buffer.from(content)])));
  expect(await addAndWait(client, "notes", folder)).toMatchObject({ indexed: Object.keys(made).length, failed: 0, skipped: 0 });
  const { results } = await client.knowledge.search({ query: WORD, collections: ["notes"], mode: "keyword", limit: 100 });
  const found = new Set(results.map(({ document }) => document.path?.split(".").at(-1)));
  expect(Object.keys(made).filter((type) => !found.has(type))).toEqual([]);
  // The originals are as they were.
  for (const [type, content] of Object.entries(made))
    expect(readFileSync(join(folder, `a.${type}`)).equals(Buffer.from(content))).toBe(true);
});
