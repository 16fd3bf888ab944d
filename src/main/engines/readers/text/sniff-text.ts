import chardet from "chardet";
import { byMark, decodeText, isUtf8, wideByZeros } from "./decode-text.ts";
import type { FileType } from "../format.ts";

const text = {
  html: { type: "html", mime: "text/html" },
  md: { type: "md", mime: "text/markdown" },
  json: { type: "json", mime: "application/json" },
  jsonl: { type: "jsonl", mime: "application/x-ndjson" },
  csv: { type: "csv", mime: "text/csv" },
  tsv: { type: "csv", mime: "text/tab-separated-values" },
  eml: { type: "eml", mime: "message/rfc822" },
  txt: { type: "txt", mime: "text/plain" },
} satisfies Record<string, FileType>;

/** A map, since a file may be named `a.constructor`. */
const byExtension: ReadonlyMap<string, FileType> = new Map([
  ["md", text.md],
  ["markdown", text.md],
  ["mdown", text.md],
  ["csv", text.csv],
  ["tsv", text.tsv],
  ["html", text.html],
  ["htm", text.html],
  ["xhtml", text.html],
]);

/**
 * The type of a file without a magic number, by its first bytes; undefined where they are no text. The name only
 * decides between readings that the content allows: text is Markdown when it is named so, never HTML when it has no tag.
 */
export function sniffText(start: Uint8Array, extension: string): FileType | undefined {
  if (!looksLikeText(start)) return undefined;
  const content = decodeText(start).text.trimStart();
  if (isHtml(content, extension)) return text.html;
  if (isMail(content, extension)) return text.eml;
  const json = jsonKind(content, extension);
  if (json) return json;
  const named = byExtension.get(extension);
  if (named && named !== text.html) return named;
  if (extension === "" && isMarkdown(content)) return text.md;
  return text.txt;
}

/** No zero bytes outside UTF-16 and UTF-32, and hardly a control character. */
export function looksLikeText(start: Uint8Array): boolean {
  if (byMark(start) !== undefined || wideByZeros(start) !== undefined) return true;
  let controls = 0;
  for (const byte of start) {
    if (byte === 0) return false;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c && byte !== 0x1b) controls += 1;
  }
  if (controls > start.length * 0.02) return false;
  // Bytes above ASCII in a file that is not UTF-8 are letters of an older encoding, or noise: letters come beside ASCII.
  if (isUtf8(start) || isUtf8(start.subarray(0, cutAtCharacter(start)))) return true;
  let unusual = 0;
  for (const byte of start) if (byte >= 0x80 && byte < 0xa0) unusual += 1;
  if (unusual < start.length * 0.3) return true;
  // The double-byte encodings of East Asia use all bytes; they have a grammar that noise does not follow.
  return chardet.analyse(start).some(({ name, confidence }) => confidence >= 90 && /^(?:Shift_JIS|EUC|Big5|GB18030)/i.test(name));
}

/** Where the last whole UTF-8 character of a cut-off piece ends. */
function cutAtCharacter(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 4 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1;
  return Math.max(0, end - 1);
}

function isHtml(content: string, extension: string): boolean {
  const start = content.slice(0, 2000).replace(/^(?:<\?xml[^>]*>|<!--[\s\S]*?-->|\s)+/i, "");
  if (/^<!doctype\s+html|^<(?:html|head|body)[\s>]/i.test(start)) return true;
  if (extension === "md" || extension === "markdown") return false;
  if (/^html?$|^xhtml$/.test(extension)) return /<[a-z][a-z0-9]*[\s/>]/i.test(content);
  return /^<(?:title|meta|table|div|p|h[1-6]|ul|ol|article|section|main|center|font)[\s>][\s\S]*<\/(?:title|table|div|p|h[1-6]|ul|ol|article|section|main|center|font)>/i.test(
    content.slice(0, 20_000),
  );
}

/** Header lines from the first line on, among them one that only mail has. */
function isMail(content: string, extension: string): boolean {
  const head = content.split(/\r?\n\r?\n/, 1)[0] ?? "";
  const lines = head.split(/\r?\n/);
  if (!lines.every((line) => /^[!-9;-~]+:|^[ \t]|^From /.test(line))) return false;
  const marks = lines.filter((line) =>
    /^(?:from|to|date|subject|received|message-id|mime-version|return-path|delivered-to|content-type):/i.test(line),
  ).length;
  return marks >= (extension === "eml" ? 1 : 3);
}

function jsonKind(content: string, extension: string): FileType | undefined {
  if (!/^[[{"]/.test(content)) return extension === "jsonl" || extension === "ndjson" ? text.jsonl : undefined;
  const lines = content.split("\n", 3);
  const isObject = (line: string | undefined) => line !== undefined && /^\s*[{[].*[}\]]\s*,?\s*$/.test(line) && isJson(line);
  if (/^(?:jsonl|ndjson)$/.test(extension) || (isObject(lines[0]) && isObject(lines[1]))) return text.jsonl;
  if (extension === "json" || isJson(content) || /^[[{]\s*(?:"(?:[^"\\]|\\.)*"\s*[:,\]]|[[{\]}]|-?\d)/.test(content)) return text.json;
  return undefined;
}

/** Whether all of a text is JSON. */
export function isJson(content: string): boolean {
  try {
    JSON.parse(content);
    return true;
  } catch {
    return false;
  }
}

function isMarkdown(content: string): boolean {
  return (content.match(/^#{1,6} \S|^```|^[-*] \S|^\|.*\|\s*$|\]\(\S+\)/gm)?.length ?? 0) >= 2 && /^#{1,6} \S|^```/m.test(content);
}
