import { afterAll, describe, expect, test } from "vitest";
import { codeOf } from "../helpers/engine-hosts.ts";
import { fixtureFolder, pictureOf } from "../helpers/make-fixtures.ts";
import { makePdf } from "../helpers/make-pdf.ts";
import { makeZip } from "../helpers/make-zip.ts";
import type { ReadLimits } from "../../src/main/engines/readers/protocol.ts";
import { readAll } from "../helpers/readers.ts";

const files = fixtureFolder();
afterAll(() => files.close());

/** The code of how reading came out, `read` where it did. */
const outcome = (path: string, options: Parameters<typeof readAll>[1] = {}) =>
  readAll(path, options).then(
    () => "read",
    (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : String(error)),
  );
const limitOf = async (path: string, given: Partial<ReadLimits>) => {
  const error: unknown = await readAll(path, { limits: given }).catch((reason: unknown) => reason);
  return error instanceof Error && "data" in error ? { ...error, data: error.data } : error;
};

const word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const contentTypes =
  '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
const docx = (body: string, before = "") =>
  makeZip({
    "[Content_Types].xml": contentTypes,
    "word/document.xml": `<?xml version="1.0"?>${before}<w:document ${word}><w:body>${body}</w:body></w:document>`,
  });
const paragraph = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;

describe("Office files that mean harm", () => {
  test("entities that double themselves are not expanded", async () => {
    const entities = Array.from({ length: 30 }, (_, index) => `<!ENTITY e${index + 1} "&e${index};&e${index};">`).join("");
    const path = files.file("laughs.docx", docx(paragraph("&e30;"), `<!DOCTYPE w [<!ENTITY e0 "ha">${entities}]>`));
    const read = await readAll(path).catch((error: unknown) => error);
    const text = read !== null && typeof read === "object" && "text" in read ? String(read.text) : "";
    expect(text.length).toBeLessThan(10_000);
  });

  test("an entity that names a file of the machine does not bring it in", async () => {
    const secret = files.file("secret.txt", "the secret words");
    const path = files.file("outside.docx", docx(paragraph("&x;"), `<!DOCTYPE w [<!ENTITY x SYSTEM "file://${secret}">]>`));
    const read = await readAll(path).catch(() => undefined);
    expect(read?.text ?? "").not.toContain("secret words");
  });

  test("elements nested thousands deep end with a reason or a text, not with the process", async () => {
    const deep = `${"<w:tbl><w:tr><w:tc>".repeat(3000)}${paragraph("core")}${"</w:tc></w:tr></w:tbl>".repeat(3000)}`;
    expect(await outcome(files.file("deep.docx", docx(deep)))).toMatch(/^(?:read|FILE_DAMAGED|FILE_HOSTILE|FILE_EMPTY)$/);
  });

  test("a part inside that leads out of the archive is not followed", async () => {
    const path = files.file(
      "slip.docx",
      makeZip({
        "[Content_Types].xml": contentTypes,
        "../../../outside.xml": "x",
        "word/document.xml": `<w:document ${word}><w:body>${paragraph("inside")}</w:body></w:document>`,
      }),
    );
    expect((await readAll(path)).text).toBe("inside");
  });

  test("a million columns at the far right of a sheet do not make every row that wide", async () => {
    const sheet =
      '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="XFD1" t="inlineStr"><is><t>far</t></is></c></row></sheetData></worksheet>';
    const types = contentTypes
      .replace("/word/document.xml", "/xl/workbook.xml")
      .replace("wordprocessingml.document", "spreadsheetml.sheet");
    const path = files.file(
      "wide.xlsx",
      makeZip({
        "[Content_Types].xml": types,
        "xl/workbook.xml":
          '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels":
          '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
      }),
    );
    const { tables } = await readAll(path);
    expect(tables[0]?.rows[0]?.length).toBeLessThanOrEqual(500);
    expect(tables[0]?.rows[0]?.[0]).toBe("a");
  });
});

describe("web pages that mean harm", () => {
  test("elements nested without end cost no stack", async () => {
    const { text } = await readAll(files.file("deep.html", `<html><body>${"<div>".repeat(50_000)}core`));
    expect(text).toBe("core");
  });

  test("an attribute of megabytes is no text", async () => {
    const { text } = await readAll(files.file("attribute.html", `<html><body><p title="${"x".repeat(5_000_000)}">short</p></body></html>`));
    expect(text).toBe("short");
  });

  test("entities that double themselves are text like any other", async () => {
    const { text } = await readAll(
      files.file("laughs.html", '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><html><body><p>&b; and</p></body></html>'),
    );
    expect(text.length).toBeLessThan(200);
  });

  test("spans of millions of cells stay small", async () => {
    const { tables } = await readAll(
      files.file("spans.html", `<table>${'<tr><td colspan="99999999" rowspan="99999999">a</td><td>b</td></tr>'.repeat(300)}</table>`),
    );
    expect(tables.flatMap(({ rows }) => rows.flat()).length).toBeLessThanOrEqual(250_000);
  });
});

/** A PDF of these objects, numbered from 1, the first the catalogue; without a table of objects, which readers rebuild. */
const pdfOf = (...objects: string[]) =>
  Buffer.from(
    `%PDF-1.4\n${objects.map((body, index) => `${index + 1} 0 obj\n${body}\nendobj\n`).join("")}trailer\n<< /Root 1 0 R /Size ${objects.length + 1} >>\nstartxref\n0\n%%EOF\n`,
    "latin1",
  );
const streamOf = (content: string) => `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
const font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";

describe("PDFs that mean harm", () => {
  const reasons = /^(?:read|FILE_DAMAGED|FILE_HOSTILE|FILE_TOO_LARGE|FILE_EMPTY|TIMEOUT)$/;

  test.each([
    ["a page tree that holds itself", pdfOf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 1 >>")],
    [
      "a page whose parent is itself",
      pdfOf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 3 0 R >>"),
    ],
    [
      "a stream whose length is itself",
      pdfOf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        "<< /Length 4 0 R >>\nstream\nBT ET\nendstream",
      ),
    ],
    [
      "a form that draws itself",
      pdfOf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>",
        streamOf("/F Do"),
        streamOf("/F Do").replace("<<", "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>"),
      ),
    ],
    ["a tree of four thousand million pages", pdfOf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 4294967295 >>")],
    [
      "arrays nested without end",
      pdfOf("<< /Type /Catalog /Pages 2 0 R >>", `<< /Type /Pages /Kids ${"[".repeat(20_000)}${"]".repeat(20_000)} /Count 1 >>`),
    ],
  ])("%s ends with a reason", async (name, bytes) => {
    expect(await outcome(files.file(`${name}.pdf`, bytes))).toMatch(reasons);
  });

  test("pages whose tree is lost are read in the order of the file, and that is said", async () => {
    const page = (contents: number) =>
      `<< /Type /Page /Parent 99 0 R /MediaBox [0 0 300 300] /Contents ${contents} 0 R /Resources << /Font << /F1 6 0 R >> >> >>`;
    const show = (text: string) => streamOf(`BT /F1 12 Tf 20 200 Td (${text}) Tj ET`);
    const path = files.file(
      "lost.pdf",
      pdfOf("<< /Type /Catalog /Pages 99 0 R >>", page(3), show("First page."), page(5), show("Second page."), font),
    );
    const read = await readAll(path);
    expect(read.pages.map(({ text }) => text)).toEqual(["First page.", "Second page."]);
    expect(read.warnings.map(({ code }) => code)).toContain("PAGES_REBUILT");
  });

  test("a lost tree without pages stays damaged, and so does an encrypted file", async () => {
    expect(await outcome(files.file("none.pdf", pdfOf("<< /Type /Catalog /Pages 99 0 R >>")))).toBe("FILE_DAMAGED");
    const locked = Buffer.concat([
      pdfOf("<< /Type /Catalog /Pages 99 0 R >>", "<< /Type /Page /Parent 99 0 R >>"),
      Buffer.from("% /Encrypt"),
    ]);
    expect(await outcome(files.file("locked.pdf", locked))).toBe("FILE_DAMAGED");
  });
});

describe("each limit names itself", () => {
  const pdf = makePdf([{ texts: [{ x: 72, y: 72, text: "One two three" }] }, { texts: [{ x: 72, y: 72, text: "Four" }] }]);

  test.each([
    ["bytes", "text.txt", Buffer.from("x".repeat(200)), { bytes: 100 }],
    ["textUnits", "text.md", Buffer.from("x".repeat(200)), { textUnits: 100 }],
    ["textUnits", "page.html", Buffer.from(`<p>${"x".repeat(200)}</p>`), { textUnits: 100 }],
    ["textUnits", "rows.csv", Buffer.from("a,b\n".repeat(100)), { textUnits: 100 }],
    ["textUnits", "data.json", Buffer.from(JSON.stringify({ text: "x".repeat(200) })), { textUnits: 100 }],
    ["textUnits", "letter.docx", docx(paragraph("x".repeat(200))), { textUnits: 100 }],
    ["textUnits", "print.pdf", pdf, { textUnits: 10 }],
    ["pages", "print.pdf", pdf, { pages: 1 }],
  ])("%s of %s", async (limit, name, content, given) => {
    const path = files.file(`limit-${limit}-${name}`, content);
    expect(await outcome(path)).toBe("read");
    expect(await limitOf(path, given)).toMatchObject({ code: "FILE_TOO_LARGE", data: { limit, allowed: Object.values(given)[0] } });
  });

  test("pixels of a picture", async () => {
    const { png } = await pictureOf(["wide"], { width: 600, height: 300 });
    const path = files.file("limit.png", png);
    expect(await outcome(path)).toBe("read");
    expect(await limitOf(path, { pixels: 1000 })).toMatchObject({ code: "FILE_TOO_LARGE", data: { limit: "pixels" } });
  });

  test("time of a PDF", async () => {
    expect(await limitOf(files.file("late.pdf", pdf), { timeMs: -1 })).toMatchObject({ code: "TIMEOUT", data: { limit: "timeMs" } });
  });
});

describe("cancel", () => {
  test.each([
    ["a.pdf", makePdf([{ texts: [{ x: 72, y: 72, text: "One" }] }])],
    ["a.docx", docx(paragraph("One"))],
    ["a.html", Buffer.from("<html><body><p>One</p></body></html>")],
    ["a.eml", Buffer.from("From: a@example.com\nSubject: s\nDate: d\n\nOne")],
  ])("of %s ends the reading with an abort", async (name, content) => {
    const control = new AbortController();
    control.abort();
    await expect(readAll(files.file(`cancel-${name}`, content), { signal: control.signal })).rejects.toMatchObject({ name: "AbortError" });
  });

  test("is no reason to call the file damaged", async () => {
    const control = new AbortController();
    control.abort();
    expect(
      await codeOf(readAll(files.file("cancel.pdf", makePdf([{}])), { signal: control.signal })).catch((error: unknown) => String(error)),
    ).not.toContain("FILE_");
  });
});
