import { inflateRawSync } from "node:zlib";

/** Filled rows of every sheet with their cells as they are stored, without formats: what a workbook says, read without the reader under test. */
export function strictXlsx(bytes: Buffer): string[][][] {
  const parts = unzip(bytes);
  const strings = [...(parts.get("xl/sharedStrings.xml") ?? "").matchAll(/<si\b[^>]*>([\s\S]*?)<\/si>/g)].map(([, item = ""]) =>
    textOf(item),
  );
  return [...parts.keys()]
    .filter((name) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name))
    .sort((a, b) => Number(/\d+/.exec(a)?.[0]) - Number(/\d+/.exec(b)?.[0]))
    .map((name) => rowsOf(parts.get(name) ?? "", strings));
}

function rowsOf(sheet: string, strings: readonly string[]): string[][] {
  const rows: string[][] = [];
  for (const [, attributes = "", content = ""] of sheet.matchAll(/<c\b([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g)) {
    const [, letters = "A", row = "1"] = /\br="([A-Z]+)(\d+)"/.exec(attributes) ?? [];
    const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
    const value = unescape(/<v>([\s\S]*?)<\/v>/.exec(content)?.[1] ?? "");
    const text = /\bt="s"/.test(attributes) ? (strings[Number(value)] ?? "") : /\bt="inlineStr"/.test(attributes) ? textOf(content) : value;
    (rows[Number(row) - 1] ??= [])[column] = text;
  }
  return Array.from(rows, (row) => Array.from(row ?? [], (cell) => cell ?? "")).filter((row) => row.some((cell) => cell !== ""));
}

const textOf = (xml: string) =>
  [...xml.replace(/<rPh\b[\s\S]*?<\/rPh>/g, "").matchAll(/<t\b[^>]*>([\s\S]*?)<\/t>/g)].map(([, text = ""]) => unescape(text)).join("");

const unescape = (text: string) =>
  text
    .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex: string, code: string) => String.fromCodePoint(Number.parseInt(code, hex ? 16 : 10)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");

/** Entries of a zip file by its central directory (PKWARE APPNOTE 4.3.12). */
function unzip(bytes: Buffer): Map<string, string> {
  const parts = new Map<string, string>();
  const end = bytes.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  if (end < 0) return parts;
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [size, name, extra, comment, local] = [
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
      bytes.readUInt32LE(at + 42),
    ];
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + size);
    const content = bytes.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed);
    parts.set(bytes.toString("utf8", at + 46, at + 46 + name), content.toString("utf8"));
    at += 46 + name + extra + comment;
  }
  return parts;
}
