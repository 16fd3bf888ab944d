import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { owner } from "../../src/main/core/principal.ts";
import { createFakeInference } from "../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, openTestCore } from "../helpers/core.ts";
import { makeBook } from "../helpers/make-book.ts";
import { makeMail } from "../helpers/make-mail.ts";
import { makePdf } from "../helpers/make-pdf.ts";
import { temporaryFolder } from "../helpers/profile.ts";
import { drawPage } from "../helpers/text-page.ts";

const sentence = "Ada Brennholt hid the brass telescope below the third stair.";

/** A real core that has read a book, with the words of the embedder made up. */
async function openBook(pages = 12) {
  const { core, client } = await openTestCore({ engines: { inference: createFakeInference() } });
  const book = makeBook(pages, [{ page: 7, sentence }]);
  const path = join(temporaryFolder("croft-book-"), "book.pdf");
  writeFileSync(path, book.bytes);
  await addAndWait(client, "Book", path);
  const [document] = await client.knowledge.listDocuments({ collection: "Book" });
  if (!document) throw new Error("nothing was read");
  const { text } = await client.knowledge.getText({ textHash: document.textHash });
  const start = text.indexOf(sentence);
  const range = { start, end: start + sentence.length };
  const bytes = (address: string) =>
    core.serveBytes(new Request(`http://core/files/documents/${document.id}/${address}`), { principal: owner("embedder"), log: core.log });
  return { client, document, book, path, text, range, bytes };
}

describe("how a document is laid out", () => {
  it("tells its pages with their size and text, and that its file is there, until it is not", async () => {
    const { client, document, path, text } = await openBook();
    const layout = await client.reading.layout({ documentId: document.id });
    expect(layout).toMatchObject({
      type: "pdf",
      original: "present",
      drawable: true,
      pending: false,
      path,
      length: text.length,
      warnings: [],
    });
    expect(layout.pages).toHaveLength(12);
    for (const [index, page] of layout.pages.entries()) {
      expect(page).toMatchObject({ page: index + 1, width: 595, height: 842, source: "text" });
      expect(text.slice(page.start, page.end)).toContain(`sheet ${index + 1}.`);
    }
    rmSync(path);
    expect(await client.reading.layout({ documentId: document.id })).toMatchObject({ original: "missing", drawable: true });
    await client.knowledge.removeDocument({ collection: "Book", id: document.id });
    await expect(client.reading.layout({ documentId: document.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("marks a range where its words stand, on each page that it touches", async () => {
    const { client, document, book, range } = await openBook();
    const { textHash } = document;
    const [mark, ...others] = await client.reading.marks({ textHash, ...range });
    expect(others).toEqual([]);
    expect(mark?.page).toBe(7);
    const [x0, y0, x1, y1] = book.boxOf(7);
    const [box, ...more] = mark?.boxes ?? [];
    expect(more).toEqual([]);
    expect(box?.[0]).toBeLessThanOrEqual(x0 + 0.5);
    expect(box?.[1]).toBeLessThanOrEqual(y0 + 0.5);
    expect(box?.[2]).toBeGreaterThanOrEqual(x1);
    expect(box?.[3]).toBeGreaterThanOrEqual(y1 - 0.5);
    const wide = await client.reading.marks({ textHash, start: range.start, end: range.end + 60 });
    expect(wide.map(({ page }) => page)).toEqual([7, 8]);
    expect(await client.reading.marks({ textHash, start: 5, end: 5 })).toEqual([]);
    expect(await client.reading.marks({ textHash: "f".repeat(64), start: 0, end: 100 })).toEqual([]);
  });

  it("gives the words of a page with a place each, in the text of the page", async () => {
    const { client, document, text } = await openBook();
    const words = await client.reading.words({ textHash: document.textHash, page: 7 });
    expect(text.slice(words.start, words.start + words.text.length)).toBe(words.text);
    expect(words.starts.map((start, index) => words.text.slice(start, words.ends[index]))).toEqual(
      expect.arrayContaining(["Ada", "Brennholt", "telescope"]),
    );
    expect(words.boxes).toHaveLength(words.starts.length * 4);
    await expect(client.reading.words({ textHash: document.textHash, page: 13 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("tells the pieces that are searched, all of them over the whole and those it touches over a range", async () => {
    const { client, document, text, range } = await openBook();
    const all = await client.reading.chunks({ documentId: document.id, start: 0, end: text.length });
    expect(all.map(({ number }) => number)).toEqual(Array.from({ length: document.chunks }, (_, index) => index + 1));
    const touched = await client.reading.chunks({ documentId: document.id, ...range });
    expect(touched.length).toBeGreaterThan(0);
    expect(touched).toEqual(all.filter(({ start, end }) => start < range.end && end > range.start));
  });

  it("shows a folder only on a desktop", async () => {
    const { client, document } = await openBook();
    await expect(client.reading.showInFolder({ documentId: document.id })).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
  });
});

describe("the bytes of a document", () => {
  it("are its pages, drawn in a process of their own, and the file itself", async () => {
    const { book, bytes } = await openBook();
    const image = Buffer.from(await (await bytes("pages/7?width=640")).arrayBuffer());
    expect(await sharp(image).metadata()).toMatchObject({ format: "jpeg", width: 640 });
    const original = await bytes("original");
    expect(Buffer.from(await original.arrayBuffer()).equals(Buffer.from(book.bytes))).toBe(true);
    await expect(bytes("pages/13?width=640")).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("a scanned page", () => {
  // Catches boxes in pixels instead of points, a place of the picture on its page that is forgotten, and marks around whole lines.
  it("is marked around the words of a quote that were recognised, and around no others", async () => {
    const scan = drawPage([
      "The quick brown fox jumps over",
      "the lazy dog near the river bank",
      "while seven wizards make toxic",
      "brew for the evil queen and jack",
    ]);
    const jpeg = await sharp(scan.png).flatten({ background: "#fff" }).jpeg({ quality: 95 }).toBuffer();
    const [left, top, wide] = [40, 60, 500];
    const scale = wide / scan.width;
    const place = { x: left, y: top, w: wide, h: scan.height * scale };
    const path = join(temporaryFolder("croft-scan-"), "scan.pdf");
    writeFileSync(path, makePdf([{}, { images: [{ jpeg, width: scan.width, height: scan.height, ...place }] }]));

    const { client } = await openTestCore({ engines: { inference: createFakeInference() } });
    await addAndWait(client, "Scans", path);
    const [document] = await client.knowledge.listDocuments({ collection: "Scans" });
    if (!document) throw new Error("nothing was read");
    const { textHash } = document;
    const { text } = await client.knowledge.getText({ textHash });
    const found = /dog near the river bank\s+while seven wizards/.exec(text);
    if (!found) throw new Error(`not recognised: ${text}`);
    const [mark, ...others] = await client.reading.marks({ textHash, start: found.index, end: found.index + found[0].length });
    expect(others).toEqual([]);
    expect(mark?.page).toBe(2);
    expect(mark?.boxes).toHaveLength(2);

    // From “dog”, the third word of the second line, to “wizards”.
    const isQuoted = (index: number) => index >= 8 && index <= 15;
    for (const [index, { text: word, box, line }] of scan.words.entries()) {
      const [x0, y0, x1, y1] = [left + box[0] * scale, top + box[1] * scale, left + box[2] * scale, top + box[3] * scale];
      // Both ends of a word at half its height, a point within its ink.
      const isMarked = [x0 + 1.5, x1 - 1.5].map((x) =>
        mark?.boxes.some((one) => one[0] <= x && x <= one[2] && one[1] <= (y0 + y1) / 2 && (y0 + y1) / 2 <= one[3]),
      );
      expect({ word, line, isMarked }).toEqual({ word, line, isMarked: [isQuoted(index), isQuoted(index)] });
    }
  }, 120_000);
});

describe("a file inside a mail", () => {
  // Catches a reader that shows the mail, or nothing, where a page of what is attached to it was cited.
  it("is laid out and drawn as a file of its own, and goes with its mail", async () => {
    const { core, client } = await openTestCore({ engines: { inference: createFakeInference() } });
    const book = makeBook(3, [{ page: 2, sentence }]);
    const path = join(temporaryFolder("croft-mail-"), "mail.eml");
    const attached = { name: "book.pdf", type: "application/pdf", content: book.bytes };
    writeFileSync(path, makeMail("The book", "It is attached.", [{ ...attached, name: "note.txt", content: "a note" }, attached]));
    await addAndWait(client, "Mail", path);
    const document = (await client.knowledge.listDocuments({ collection: "Mail" })).find(({ type }) => type === "pdf");
    if (!document) throw new Error("the attachment was not read");
    const layout = await client.reading.layout({ documentId: document.id });
    expect(layout).toMatchObject({ original: "present", drawable: true, path: `${path} › book.pdf` });
    expect(layout.pages).toHaveLength(3);

    const get = (address: string) =>
      core.serveBytes(new Request(`http://core/files/documents/${document.id}/${address}`), {
        principal: owner("embedder"),
        log: core.log,
      });
    const image = Buffer.from(await (await get("pages/2?width=640")).arrayBuffer());
    const [x0, y0, x1, y1] = book.boxOf(2).map((points) => Math.round((points * 640) / 595));
    const region = { left: x0 ?? 0, top: y0 ?? 0, width: (x1 ?? 0) - (x0 ?? 0), height: (y1 ?? 0) - (y0 ?? 0) };
    const ink = await sharp(image).extract(region).greyscale().raw().toBuffer();
    expect(ink.filter((grey) => grey < 128).length / ink.length).toBeGreaterThan(0.05);
    expect(Buffer.from(await (await get("original")).arrayBuffer()).equals(Buffer.from(book.bytes))).toBe(true);

    rmSync(path);
    expect(await client.reading.layout({ documentId: document.id })).toMatchObject({ original: "missing" });
    await expect(get("pages/1?width=640")).rejects.toMatchObject({ code: "NOT_FOUND" });
  }, 60_000);
});
