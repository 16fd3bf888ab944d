import sharp from "sharp";
import iconv from "iconv-lite";
import { afterAll, describe, expect, test } from "vitest";
import { createReaders } from "../../src/main/engines/readers/readers.ts";
import { fixtureFolder, pictureOf } from "../helpers/make-fixtures.ts";
import { makePdf } from "../helpers/make-pdf.ts";
import { codeOf } from "../helpers/engine-hosts.ts";
import { blocksOf, limits, readAll } from "../helpers/readers.ts";

const files = fixtureFolder();
afterAll(() => files.close());

const detect = async (path: string) =>
  (await createReaders({})).methods.detect({ path }, { signal: new AbortController().signal, checkpoint: async () => {}, emit() {} });

describe("the type of a file", () => {
  test.each([
    ["a.pdf.txt", makePdf([{}]), "pdf"],
    [
      "picture.pdf",
      Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64"),
      "png",
    ],
    ["page.txt", "<!doctype html><html><body><p>Hi</p></body></html>", "html"],
    ["notes.md", "Just a line", "md"],
    ["notes", "# Title\n\n- item\n- item\n", "md"],
    ["rows.csv", "a,b\n1,2\n", "csv"],
    ["data.txt", '{"a": [1, 2]}', "json"],
    ["lines.txt", '{"a":1}\n{"a":2}\n', "jsonl"],
    ["message.txt", "From: a@example.com\nTo: b@example.com\nSubject: Hi\nDate: now\n\nBody", "eml"],
    ["plain.html", "No tag in here, 3 < 4 though.", "txt"],
    ["old.doc", Buffer.from("d0cf11e0a1b11ae1".padEnd(1200, "0"), "hex"), "doc"],
    ["pack.bin", Buffer.from("504b0304140000000800".padEnd(200, "0"), "hex"), "zip"],
    ["far.tif", Buffer.concat([Buffer.from("49492a0008900100", "hex"), Buffer.alloc(70_000)]), "tiff"],
    ["noise", Buffer.from([1, 2, 0, 3, 255, 0, 9, 200]), "bin"],
    ["poem.txt", "naïve café", "txt"],
  ])("%s is told by content", async (name, content, type) => {
    expect((await detect(files.file(name, content))).type).toBe(type);
  });

  test("of what is not read names what to do instead", async () => {
    for (const [name, content] of [
      ["sheet.xls", Buffer.from("d0cf11e0a1b11ae1".padEnd(1200, "0"), "hex")],
      ["pack.zip", Buffer.from("504b0304140000000800".padEnd(200, "0"), "hex")],
      ["unknown.xyz", Buffer.from([1, 2, 0, 3, 255, 0, 9, 200])],
    ] as const) {
      await expect(readAll(files.file(name, content))).rejects.toMatchObject({
        code: "FILE_TYPE_UNSUPPORTED",
        hint: expect.stringMatching(/Save|Unpack/),
      });
    }
  });
});

describe("what cannot be read", () => {
  test("has a reason of its own", async () => {
    expect(await codeOf(readAll("/nowhere/at/all.txt"))).toBe("FILE_UNREADABLE");
    expect(await codeOf(readAll(files.folder))).toBe("FILE_UNREADABLE");
    expect(await codeOf(readAll(files.file("empty.txt", "")))).toBe("FILE_EMPTY");
    expect(await codeOf(readAll(files.file("blank.txt", " \n\t\n")))).toBe("FILE_EMPTY");
    expect(await codeOf(readAll(files.file("cut.pdf", makePdf([{}]).slice(0, 30))))).toBe("FILE_DAMAGED");
    expect(await codeOf(readAll(files.file("fake.pdf", "This is only text.")))).toBe("FILE_DAMAGED");
    expect(await codeOf(readAll(files.file("cut.json", '{"a": [1, 2')))).toBe("FILE_DAMAGED");
    const { png } = await pictureOf(["cut"]);
    expect(await codeOf(readAll(files.file("cut.png", png.slice(0, 20))))).toBe("FILE_DAMAGED");
  });

  test("names the limit that was exceeded", async () => {
    const path = files.file("long.txt", "word ".repeat(1000));
    await expect(readAll(path, { limits: { bytes: 100 } })).rejects.toMatchObject({
      code: "FILE_TOO_LARGE",
      data: { limit: "bytes", allowed: 100, found: 5000 },
    });
    await expect(readAll(path, { limits: { textUnits: 100 } })).rejects.toMatchObject({
      code: "FILE_TOO_LARGE",
      data: { limit: "textUnits" },
    });
    const pages = files.file("many.pdf", makePdf([{}, {}, {}]));
    await expect(readAll(pages, { limits: { pages: 2 } })).rejects.toMatchObject({
      code: "FILE_TOO_LARGE",
      data: { limit: "pages", found: 3 },
    });
    const { png } = await pictureOf(["wide"]);
    await expect(readAll(files.file("wide.png", png), { limits: { pixels: 1000 } })).rejects.toMatchObject({
      code: "FILE_TOO_LARGE",
      data: { limit: "pixels" },
    });
  });

  test("does not put a file name's control characters into the message", async () => {
    await expect(readAll("/nowhere/a\u001b[31mb\u202e.txt")).rejects.toMatchObject({
      message: expect.not.stringMatching(/[\p{Cc}\p{Cf}]/u),
    });
  });

  test("ends when it is cancelled", async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(readAll(files.file("stopped.pdf", makePdf([{}])), { signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
  });

  test("is a warning only when a file is named as another type that is read", async () => {
    const read = await readAll(files.file("really-a-pdf.png", makePdf([{ texts: [{ x: 50, y: 50, text: "Hello" }] }])));
    expect(read.head.type).toBe("pdf");
    expect(read.warnings).toMatchObject([{ code: "TYPE_MISMATCH" }]);
  });
});

describe("plain text", () => {
  test.each([
    ["UTF-8 with mark", Buffer.from("\ufeffGrüße, 東京\r\nzwei", "utf8")],
    ["UTF-16 LE with mark", Buffer.from("\ufeffGrüße, 東京\r\nzwei", "utf16le")],
    ["UTF-16 BE with mark", Buffer.from("\ufeffGrüße, 東京\r\nzwei", "utf16le").swap16()],
    ["UTF-8 decomposed", Buffer.from("Grüße, 東京\nzwei".normalize("NFD"), "utf8")],
  ])("of %s is the same text", async (name, bytes) => {
    const read = await readAll(files.file(`${name}.txt`, bytes));
    expect(read.text).toBe("Grüße, 東京\nzwei");
    expect(read.warnings).toEqual([]);
  });

  test("of an older encoding is decoded, and the guess is said", async () => {
    const german = "Die Straße führt über den Fluß. Schöne Grüße aus München, wo die Bäume blühen und die Vögel singen.";
    const read = await readAll(files.file("latin.txt", iconv.encode(german, "windows-1252")));
    expect(read.text).toBe(german);
    expect(read.warnings).toMatchObject([{ code: "ENCODING_GUESSED" }]);
    const russian =
      "Широкая электрификация южных губерний даст мощный толчок подъёму сельского хозяйства. Съешь ещё этих мягких французских булок.";
    expect((await readAll(files.file("koi.txt", iconv.encode(russian, "windows-1251")))).text).toBe(russian);
    const japanese = "日本語の文章です。これは文字コードの判定を試すための文で、ひらがなと漢字とカタカナを含みます。".repeat(3);
    expect((await readAll(files.file("sjis.txt", iconv.encode(japanese, "shift_jis")))).text).toBe(japanese);
  });

  test("parts paragraphs at empty lines", async () => {
    const { pages } = await readAll(files.file("paragraphs.txt", "One\ntwo\n \t\nThree\n\n\n\nFour\n"));
    expect(pages.map(blocksOf)).toEqual([["paragraph: One\ntwo", "paragraph: Three", "paragraph: Four"]]);
  });
});

describe("records", () => {
  test("of CSV keep quoted cells, and the header is known", async () => {
    const { tables, pages, head } = await readAll(files.file("t.csv", 'name;note\r\n"A; B";"says ""hi""\nthere"\r\nC;\r\n'));
    expect(tables[0]?.rows).toEqual([
      ["name", "note"],
      ["A; B", 'says "hi"\nthere'],
      ["C", ""],
    ]);
    expect(head.metadata).toMatchObject({ delimiter: ";", rows: 3, columns: 2 });
    const [page] = pages;
    expect(page?.text).toBe('name | note\nA; B | says "hi" there\nC |');
    expect(page?.text.slice(0, page.blocks[0]?.headerEnd)).toBe("name | note");
  });

  test("of JSON Lines are a block each, and a broken one is named", async () => {
    const { pages, warnings } = await readAll(files.file("t.jsonl", '{"a":1}\n{"a":\n{"a":3}\n'));
    expect(pages[0]?.blocks).toHaveLength(3);
    expect(warnings).toMatchObject([{ code: "RECORD_INVALID", message: expect.stringContaining("Line 2") }]);
  });
});

describe("pictures", () => {
  test.each(["png", "jpg", "jpeg", "tif", "tiff", "webp"] as const)("of .%s are a page to be recognised", async (extension) => {
    const { png } = await pictureOf(["Words"], { width: 900, height: 300 });
    const path = files.file(
      `words.${extension}`,
      await sharp(png)
        .withMetadata({ density: 300 })
        .toFormat(extension === "tif" ? "tiff" : extension === "jpg" ? "jpeg" : extension)
        .toBuffer(),
    );
    const { pages, head, warnings } = await readAll(path);
    expect(pages).toMatchObject([{ page: 1, text: "", needsOcr: true }]);
    expect(warnings).toEqual([]);
    expect(head.mime).toMatch(/^image\//);
    const engine = await createReaders({});
    const raster = await engine.methods.raster(
      { path, page: 1, dpi: 150, limits },
      { signal: new AbortController().signal, checkpoint: async () => {}, emit() {} },
    );
    const drawn = await sharp(raster.image).metadata();
    expect([drawn.format, drawn.width]).toEqual(["png", raster.width]);
    expect(raster.width / raster.scale).toBeCloseTo(pages[0]?.width ?? 0, 0);
  });

  test("of several pages have each of them", async () => {
    const { png } = await pictureOf(["One"], { width: 300, height: 200 });
    const both = await sharp([png, png], { join: { animated: true } })
      .tiff()
      .toBuffer();
    const { pages } = await readAll(files.file("two.tiff", both));
    expect(pages.map(({ page, needsOcr }) => ({ page, needsOcr }))).toEqual([
      { page: 1, needsOcr: true },
      { page: 2, needsOcr: true },
    ]);
  });

  test("are turned as their EXIF says", async () => {
    const { png } = await pictureOf(["Turned"], { width: 900, height: 300 });
    const path = files.file("turned.jpg", await sharp(png).withMetadata({ orientation: 6, density: 300 }).jpeg().toBuffer());
    const { pages } = await readAll(path);
    expect((pages[0]?.height ?? 0) / (pages[0]?.width ?? 1)).toBeCloseTo(3, 1);
  });
});
