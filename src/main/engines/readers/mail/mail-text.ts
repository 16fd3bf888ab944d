import { parseHtml } from "../html/html-document.ts";
import { addHtml } from "../html/html-text.ts";
import { isLayoutTable } from "../html/html-table.ts";
import { normaliseText, oneLine } from "../text/normalise-text.ts";
import type { ReadTable } from "../protocol.ts";
import type { TextBuilder } from "../text/text-builder.ts";
import type { Mail } from "./mail.ts";

/** Adds a mail's head as lines and its body as blocks; returns the body's tables, and whether there was a body. */
export function addMail(mail: Mail, builder: TextBuilder): { tables: ReadTable[]; hasBody: boolean } {
  builder.add("paragraph", headLines(mail).join("\n"));
  const before = builder.length;
  const tables = addBody(mail, builder);
  return { tables, hasBody: builder.length > before };
}

function headLines({ from, to, cc, subject, dateText }: Mail): string[] {
  const lines: [string, string][] = [
    ["From", from.join(", ")],
    ["To", to.join(", ")],
    ["Cc", cc.join(", ")],
    ["Subject", subject],
    ["Date", dateText],
  ];
  return lines.map(([name, value]) => [name, oneLine(value)]).flatMap(([name, value]) => (value === "" ? [] : [`${name}: ${value}`]));
}

/** The plain body, which is what the sender's program made of it; the HTML one where that says more: tables, or text at all. */
function addBody({ text, html }: Mail, builder: TextBuilder): ReadTable[] {
  const document = html.trim() === "" ? undefined : parseHtml(html);
  const root = document?.querySelector("body") ?? document?.documentElement;
  if (root && (text.trim() === "" || [...root.querySelectorAll("table")].some((table) => !isLayoutTable(table))))
    return addHtml(root, builder);
  for (const paragraph of normaliseText(text).split(/\n(?:[ \t]*\n)+/)) builder.add("paragraph", paragraph.trimEnd());
  return [];
}
