import { extname } from "node:path";
import { fileTypeFromBuffer } from "file-type";
import type { FileType } from "./format.ts";
import { sniffText } from "./text/sniff-text.ts";

/** Bytes that `detectType` wants to see; zip-based types have their parts' names at the front. */
export const sniffBytes = 64 * 1024;

/** What is known to exist and is not read, with what a person can do about it. */
const refused: Record<string, { what: string; hint: string }> = {
  doc: { what: "an old Word file", hint: "Save it as .docx or PDF." },
  xls: { what: "an old Excel file", hint: "Save it as .xlsx or CSV." },
  ppt: { what: "an old PowerPoint file", hint: "Save it as .pptx or PDF." },
  cfb: { what: "an old Office file", hint: "Save it in a current format, for example .docx, .xlsx or PDF." },
  heic: { what: "a HEIC picture", hint: "Convert it to JPEG or PNG." },
  heif: { what: "a HEIF picture", hint: "Convert it to JPEG or PNG." },
  bmp: { what: "a BMP picture", hint: "Convert it to PNG." },
  zip: { what: "an archive", hint: "Unpack it and add the folder." },
  rar: { what: "an archive", hint: "Unpack it and add the folder." },
  "7z": { what: "an archive", hint: "Unpack it and add the folder." },
  gz: { what: "an archive", hint: "Unpack it and add the folder." },
  tar: { what: "an archive", hint: "Unpack it and add the folder." },
};

/** Why a type that no reader takes is not read. */
export function refusalOf(type: string, mime: string): { what: string; hint: string } {
  const known = refused[type];
  if (known) return known;
  if (mime.startsWith("audio/") || mime.startsWith("video/")) return { what: "sound or film", hint: "Add a transcript as text instead." };
  if (type === "bin") return { what: "of a type that is not known", hint: "Save it as PDF or as text." };
  return { what: `of type ${type}`, hint: "Save it as PDF or as text." };
}

/**
 * The type by content. `start` are the first bytes, `sniffBytes` of them where the file has so many. The name only
 * helps where content allows several readings. Type `bin` is what nothing recognises.
 */
export async function detectType(start: Uint8Array, path: string): Promise<FileType> {
  const extension = extname(path).slice(1).toLowerCase();
  if (pdfHeaderAt(start) >= 0) return { type: "pdf", mime: "application/pdf" };
  const found = await fileTypeFromBuffer(start).catch(() => undefined);
  if (found && found.ext !== "xml") return named(found.ext, found.mime, extension, holdsMessage(start));
  // A TIFF's directory may lie far behind the first bytes; then only its mark is there.
  if (isTiff(start)) return { type: "tiff", mime: "image/tiff" };
  return sniffText(start, extension) ?? { type: "bin", mime: "application/octet-stream" };
}

/** A PDF's header may stand anywhere in the first 1,024 bytes (ISO 32000-1, annex H.3.4.1). */
function pdfHeaderAt(start: Uint8Array): number {
  return Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, 1029)).indexOf("%PDF-", 0, "latin1");
}

/** Streams of an Outlook message, by the names in the compound file's directory (MS-OXMSG 2.4). */
function holdsMessage(start: Uint8Array): boolean {
  return Buffer.from(start.buffer, start.byteOffset, start.length).includes(Buffer.from("__properties_version1.0", "utf16le"));
}

const isTiff = ([a, b, c, d]: Uint8Array) =>
  (a === 0x49 && b === 0x49 && c === 0x2a && d === 0) || (a === 0x4d && b === 0x4d && c === 0 && d === 0x2a);

/** Compound files all begin alike; their name says which of them it is. Magic numbers' names become ours. */
function named(ext: string, mime: string, extension: string, isMessage: boolean): FileType {
  if (ext === "cfb" && extension === "msg") return { type: "msg", mime: "application/vnd.ms-outlook" };
  if (ext === "cfb" && /^(?:doc|xls|ppt)$/.test(extension)) return { type: extension, mime };
  if (ext === "cfb" && isMessage) return { type: "msg", mime: "application/vnd.ms-outlook" };
  // An encrypted Office document is wrapped in a compound file.
  if (ext === "cfb" && /^(?:docx|pptx|xlsx)$/.test(extension)) return { type: extension, mime: "application/encrypted" };
  if (ext === "tif") return { type: "tiff", mime };
  if (ext === "apng") return { type: "png", mime: "image/png" };
  return { type: ext, mime };
}
