import { deflateSync } from "node:zlib";

/** Text at a point from the page's top left, in Helvetica; `mode` 3 is without ink. */
export type PdfText = { x: number; y: number; text: string; size?: number; bold?: boolean; mode?: number; white?: boolean };
export type PdfImage = { jpeg: Uint8Array; width: number; height: number; x: number; y: number; w: number; h: number };
export type PdfPage = {
  width?: number;
  height?: number;
  rotate?: number;
  texts?: PdfText[];
  images?: PdfImage[];
  /** Operators put in as they are. */ raw?: string;
};

/** A PDF of these pages, written by hand, so that every position in it is known. */
export function makePdf(pages: readonly PdfPage[], { title }: { title?: string } = {}): Uint8Array {
  const objects: Buffer[] = [];
  const add = (body: string | Buffer) => objects.push(Buffer.isBuffer(body) ? body : Buffer.from(body, "latin1"));
  const catalog = add("<< /Type /Catalog /Pages 2 0 R >>");
  const tree = add("");
  const regular = add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
  const bold = add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>");
  const info = add(
    `<< ${title === undefined ? "" : `/Title (${escape(title)})`} /Producer (Croft tests) /CreationDate (D:20240102030405+01'00') >>`,
  );
  const kids: number[] = [];
  for (const { width = 595, height = 842, rotate = 0, texts = [], images = [], raw = "" } of pages) {
    const names = images.map((image, index) => ({ name: `I${index}`, id: add(imageObject(image)), ...image }));
    const drawn = [
      ...names.map(({ name, x, y, w, h }) => `q ${w} 0 0 ${h} ${x} ${height - y - h} cm /${name} Do Q`),
      raw,
      ...texts.map((item) => textOperators(item, height)),
    ].join("\n");
    const content = add(stream("/Filter /FlateDecode", deflateSync(Buffer.from(drawn, "latin1"))));
    const pictures = names.map(({ name, id }) => `/${name} ${id} 0 R`).join(" ");
    kids.push(
      add(
        `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 ${width} ${height}] /Rotate ${rotate} /Contents ${content} 0 R /Resources << /Font << /F1 ${regular} 0 R /F2 ${bold} 0 R >> /XObject << ${pictures} >> >> >>`,
      ),
    );
  }
  objects[tree - 1] = Buffer.from(`<< /Type /Pages /Kids [${kids.map((id) => `${id} 0 R`).join(" ")}] /Count ${kids.length} >>`);
  return assemble(objects, catalog, info);
}

function textOperators({ x, y, text, size = 11, bold = false, mode = 0, white = false }: PdfText, height: number): string {
  return `BT ${mode} Tr ${white ? "1 1 1" : "0 0 0"} rg /${bold ? "F2" : "F1"} ${size} Tf 1 0 0 1 ${x} ${height - y} Tm (${escape(text)}) Tj ET`;
}

const escape = (text: string) => text.replace(/[\\()]/g, "\\$&");

function imageObject({ jpeg, width, height }: PdfImage): Buffer {
  return stream(
    `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode`,
    Buffer.from(jpeg),
  );
}

function stream(entries: string, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`<< ${entries} /Length ${data.length} >>\nstream\n`), data, Buffer.from("\nendstream")]);
}

function assemble(objects: readonly Buffer[], catalog: number, info: number): Uint8Array {
  const parts: Buffer[] = [Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "latin1")];
  let length = parts[0]?.length ?? 0;
  const offsets: number[] = [];
  const push = (part: Buffer) => {
    parts.push(part);
    length += part.length;
  };
  for (const [index, body] of objects.entries()) {
    offsets.push(length);
    push(Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), body, Buffer.from("\nendobj\n")]));
  }
  const start = length;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root ${catalog} 0 R /Info ${info} 0 R >>\nstartxref\n${start}\n%%EOF\n`,
    ),
  );
  return new Uint8Array(Buffer.concat(parts));
}
