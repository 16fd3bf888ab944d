import { decodeText } from "../text/decode-text.ts";
import type { Format } from "../format.ts";
import { parseHtml } from "../html/html-document.ts";
import type { HtmlDocument } from "../html/html-node.ts";
import { addHtml } from "../html/html-text.ts";
import { oneLine } from "../text/normalise-text.ts";
import { problems } from "../problems.ts";
import { createTextBuilder } from "../text/text-builder.ts";
import { encodingWarnings } from "./text.ts";

/** HTML: the whole visible body without menus, its text as blocks; addresses of links go to the metadata. Nothing is fetched, no script runs. */
export const html: Format = {
  types: ["html"],
  async read({ path, bytes, fileType, limits }, { emit, checkpoint }) {
    const decoded = decodeText(bytes, declaredEncoding(bytes));
    await checkpoint();
    const document = parseHtml(decoded.text);
    await checkpoint();
    const builder = createTextBuilder(path, limits.textUnits);
    const root = document.querySelector("body") ?? document.documentElement;
    const tables = root === null ? [] : addHtml(root, builder);
    const text = builder.text();
    if (text === "") throw problems.empty(path);
    const title = oneLine(document.querySelector("title")?.textContent ?? "") || oneLine(document.querySelector("h1")?.textContent ?? "");
    emit({
      kind: "head",
      head: {
        ...fileType,
        ...(title ? { title: title.slice(0, 500) } : {}),
        metadata: { encoding: decoded.encoding, ...metadataOf(document) },
        pages: 1,
      },
    });
    emit({ kind: "page", page: { page: 1, text, blocks: builder.blocks, needsOcr: false } });
    return { tables, attachments: [], warnings: encodingWarnings(decoded) };
  },
};

/**
 * As the HTML standard looks for it: in the first 1,024 bytes, generously. What is found by reading a byte as a letter is
 * in no encoding of several bytes a letter, whatever it says (13.2.3.2), nor in one of those that are none of text.
 */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).toString("latin1");
  const said = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(start)?.[1] ?? /^<\?xml[^>]+encoding\s*=\s*["']([\w-]+)/i.exec(start)?.[1];
  return said === undefined || /^(?:utf-?(?:7|16|32)|ucs-?[24]|unicode|base64|hex)/i.test(said) ? undefined : said;
}

function metadataOf(document: HtmlDocument): Record<string, unknown> {
  const metadata: Record<string, unknown> = {};
  const language = document.documentElement?.getAttribute("lang");
  if (language) metadata["language"] = language.slice(0, 35);
  for (const name of ["author", "description", "keywords", "date"]) {
    const content = oneLine(document.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "");
    if (content) metadata[name] = content.slice(0, 1000);
  }
  const links: { text: string; href: string }[] = [];
  for (const link of document.querySelectorAll("a[href]")) {
    if (links.length === 200) break;
    links.push({ text: oneLine(link.textContent ?? "").slice(0, 200), href: oneLine(link.getAttribute("href") ?? "").slice(0, 1000) });
  }
  if (links.length > 0) metadata["links"] = links;
  return metadata;
}
