import { makeZip } from "../../../../tests/helpers/make-zip.ts";

const contentType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

/** The least that a Word file has to hold (ECMA-376 part 1, 11.3.10), and further parts. */
export function makeDocx(paragraphs: readonly string[], more: Record<string, string | Uint8Array> = {}): Buffer {
  const body = paragraphs.map((paragraph) => `<w:p><w:r><w:t>${paragraph}</w:t></w:r></w:p>`).join("");
  return Buffer.from(
    makeZip({
      "[Content_Types].xml": `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${contentType}"/></Types>`,
      "_rels/.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
      "word/document.xml": `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
      ...more,
    }),
  );
}
