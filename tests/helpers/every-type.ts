import { convert } from "officeparser";
import sharp from "sharp";
import { makeMail } from "./make-mail.ts";
import { makeMsg } from "./make-msg.ts";
import { makePdf } from "./make-pdf.ts";
import { makeZip } from "./make-zip.ts";
import { drawPage } from "./text-page.ts";

/** The word that every document of `everyType` holds. */
export const WORD = "lighthouse";

const main = (part: string, type: string) =>
  `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}.main+xml"/></Types>`;
const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const relation = (type: string, target: string) =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/${type}" Target="${target}"/></Relationships>`;

/** A slide show of one slide with this inside its tree of shapes. */
export function makePptx(shapes: string, more: Record<string, string> = {}): Uint8Array {
  const names = `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="${relations}"`;
  return makeZip({
    "[Content_Types].xml": main("/ppt/presentation.xml", "presentationml.presentation"),
    "ppt/presentation.xml": `<p:presentation ${names}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst></p:presentation>`,
    "ppt/_rels/presentation.xml.rels": relation("slide", "slides/slide1.xml"),
    "ppt/slides/slide1.xml": `<p:sld ${names}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:sld>`,
    ...more,
  });
}

/** A shape with one paragraph. */
export const pptxText = (text: string) =>
  `<p:sp><p:nvSpPr><p:nvPr/></p:nvSpPr><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp>`;

function makeXlsx(cell: string): Uint8Array {
  return makeZip({
    "[Content_Types].xml": main("/xl/workbook.xml", "spreadsheetml.sheet"),
    "xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${relations}"><sheets><sheet name="Coast" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relation("worksheet", "worksheets/sheet1.xml"),
    "xl/worksheets/sheet1.xml": `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>${cell}</t></is></c></row></sheetData></worksheet>`,
  });
}

async function written(type: "docx" | "odt" | "rtf" | "epub"): Promise<Uint8Array> {
  const { value } = await convert(Buffer.from(`# Coast\n\nThe ${WORD} was finished.\n`), type, { parseConfig: { fileType: "md" } });
  return typeof value === "string" ? Buffer.from(value) : new Uint8Array(value);
}

/** A file of every type that Croft reads, by its type. Pictures hold the word as ink. */
export async function everyType(): Promise<Record<string, Uint8Array>> {
  const picture = sharp(drawPage([`The ${WORD} was finished`]).png);
  return {
    txt: Buffer.from(`The ${WORD} was finished.`),
    md: Buffer.from(`# Coast\n\nThe ${WORD} was *finished*.`),
    html: Buffer.from(`<!doctype html><html><body><h1>Coast</h1><p>The ${WORD} was finished.</p></body></html>`),
    csv: Buffer.from(`place,what\nKell Point,${WORD}\n`),
    json: Buffer.from(JSON.stringify({ place: "Kell Point", what: WORD })),
    pdf: makePdf([{ texts: [{ x: 72, y: 72, text: `The ${WORD} was finished.`, size: 12 }] }]),
    docx: await written("docx"),
    pptx: makePptx(pptxText(`The ${WORD} was finished.`)),
    xlsx: makeXlsx(WORD),
    odt: await written("odt"),
    rtf: await written("rtf"),
    epub: await written("epub"),
    eml: makeMail("Coast", `The ${WORD} was finished.`, []),
    msg: makeMsg({ subject: "Coast", body: `The ${WORD} was finished.`, senderName: "A", senderEmail: "a@example.com" }),
    png: await picture.png().toBuffer(),
    jpg: await picture.jpeg().toBuffer(),
    tiff: await picture.tiff().toBuffer(),
    webp: await picture.webp().toBuffer(),
  };
}
