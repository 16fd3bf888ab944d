import type { OfficeContentNode } from "officeparser";
import { asRecord, numberOf } from "./office-node.ts";
import { xmlAttribute } from "./xml-parts.ts";
import { type ZipParts, zipParts } from "./zip-part.ts";

/** Of a slide's XML, unpacked: a thousand times the usual. */
const mostBytes = 16 * 1024 * 1024;

type Cell = { colSpan: number; rowSpan: number; isCovered: boolean };

/**
 * Adds to parsed slides what the parser leaves out: which cells of tables are merged (ECMA-376 part 1, 21.1.3.16) and
 * who wrote a comment (19.4.2). A slide whose tables do not agree with its XML is left as it is.
 */
export function addSlideDetails(slides: readonly OfficeContentNode[], bytes: Uint8Array): void {
  const zip = zipParts(bytes);
  const authors = authorsOf(zip);
  for (const slide of slides) {
    const number = numberOf(asRecord(slide.metadata)["slideNumber"], 0);
    const xml = zip.text(`ppt/slides/slide${number}.xml`, mostBytes);
    if (xml !== undefined) mergeCells(slide, xml);
    for (const comment of slide.comments ?? []) {
      const details = asRecord(comment.metadata);
      const author = authors.get(String(details["commentId"]).split("-")[0] ?? "");
      if (author !== undefined && !details["author"]) Object.assign(comment, { metadata: { ...details, author } });
    }
  }
}

function mergeCells(slide: OfficeContentNode, xml: string): void {
  const tables = tablesOf(slide);
  const found = tableCells(xml);
  if (tables.length !== found.length) return;
  for (const [index, table] of tables.entries()) {
    const rows = (table.children ?? []).filter(({ type }) => type === "row");
    const cells = found[index] ?? [];
    const agrees = rows.length === cells.length && rows.every((row, at) => (row.children ?? []).length === cells[at]?.length);
    if (!agrees) continue;
    for (const [at, row] of rows.entries()) {
      for (const [column, cell] of (row.children ?? []).entries()) {
        const { colSpan, rowSpan, isCovered } = cells[at]?.[column] ?? { colSpan: 1, rowSpan: 1, isCovered: false };
        // A covered cell has no text of its own; the one that covers it fills it.
        if (!isCovered && (colSpan > 1 || rowSpan > 1)) Object.assign(cell, { metadata: { ...asRecord(cell.metadata), colSpan, rowSpan } });
      }
    }
  }
}

function tablesOf(slide: OfficeContentNode): OfficeContentNode[] {
  const tables: OfficeContentNode[] = [];
  const open = [...(slide.children ?? [])].reverse();
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.type === "table") tables.push(node);
    else open.push(...[...(node.children ?? [])].reverse());
  }
  return tables;
}

/** Cells of every table in a slide, row by row, whatever prefix its writer gave the drawing namespace. */
function tableCells(xml: string): Cell[][][] {
  const tables: Cell[][][] = [];
  for (const [, name = "", attributes = ""] of xml.matchAll(/<(?:\w{1,40}:)?(tbl|tr|tc)(\s[^<>]*|\/)?>/g)) {
    if (name === "tbl") tables.push([]);
    else if (name === "tr") tables.at(-1)?.push([]);
    else {
      const number = (key: string) => Math.max(1, Math.trunc(Number(xmlAttribute(attributes, key) ?? 1)) || 1);
      const isCovered = ["hMerge", "vMerge"].some((key) => /^(?:1|true)$/.test(xmlAttribute(attributes, key) ?? ""));
      tables
        .at(-1)
        ?.at(-1)
        ?.push({ colSpan: number("gridSpan"), rowSpan: number("rowSpan"), isCovered });
    }
  }
  return tables;
}

/** Names of comments' authors by id. */
function authorsOf(zip: ZipParts): Map<string, string> {
  const xml = zip.text("ppt/commentAuthors.xml", mostBytes) ?? "";
  const authors = new Map<string, string>();
  for (const [, attributes = ""] of xml.matchAll(/<(?:\w{1,40}:)?cmAuthor(\s[^<>]*)>/g)) {
    const [id, name] = [xmlAttribute(attributes, "id"), xmlAttribute(attributes, "name")];
    if (id !== undefined && name) authors.set(id, name.slice(0, 200));
  }
  return authors;
}
