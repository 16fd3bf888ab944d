import { isElement, isText } from "./html-node.ts";
import type { HtmlElement, HtmlNode } from "./html-node.ts";
import { inlineText, isLayoutTable, tableGrid } from "./html-table.ts";
import { isBoilerplate, isHiddenElement } from "./html-visible.ts";
import type { ReadTable } from "../protocol.ts";
import { tableText } from "../text/table-text.ts";
import type { TextBuilder } from "../text/text-builder.ts";

const blockElement =
  /^(?:address|article|aside|blockquote|body|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|legend|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)$/;

type List = { ordered: boolean; next: number };

/**
 * Adds the visible text of a tree to `builder`: headings, paragraphs, list items, tables and code as blocks. Walks
 * without recursion, so that nesting of any depth costs no stack.
 */
export function addHtml(root: HtmlElement, builder: TextBuilder): ReadTable[] {
  const tables: ReadTable[] = [];
  const lists: List[] = [];
  const hasMain = root.querySelector("main, article, [role=main]") !== null;
  let inline = "";
  let marker = "";
  let heading = 0;
  let pre = 0;
  let tightList = false;

  function flush(): void {
    const text = pre > 0 ? inline : inline.replace(/[ \t\r\n\f]+/g, " ").replaceAll(/ ?\u2028 ?/g, "\n");
    inline = "";
    if (text.trim() === "") return;
    if (pre > 0) builder.add("code", text);
    else if (heading > 0) builder.add("heading", text.replaceAll("\n", " ").trim(), { level: heading });
    else if (lists.length > 0) {
      const indent = "  ".repeat(Math.min(lists.length - 1, 20));
      builder.add("list", `${indent}${marker || "  "}${text.trim()}`, { tight: tightList });
      tightList = true;
      marker = "";
    } else builder.add("paragraph", text.trim());
    if (lists.length === 0) tightList = false;
  }

  /** True when the children are to be walked too. */
  function enter(element: HtmlElement): boolean {
    const name = element.localName;
    if (isHiddenElement(element) || isBoilerplate(element, hasMain)) return false;
    if (name === "br") {
      inline += pre > 0 ? "\n" : "\u2028";
      return false;
    }
    if (name === "img") {
      const alt = element.getAttribute("alt") ?? "";
      if (alt !== "") inline += ` ${alt} `;
      return false;
    }
    if (!blockElement.test(name)) return true;
    flush();
    if (name === "table" && !isLayoutTable(element)) {
      addTable(element);
      return false;
    }
    if (name === "ul" || name === "ol")
      lists.push({ ordered: name === "ol", next: Number.parseInt(element.getAttribute("start") ?? "1", 10) || 1 });
    else if (name === "li") {
      const list = lists.at(-1);
      marker = list?.ordered ? `${list.next++}. ` : "- ";
    } else if (/^h[1-6]$/.test(name)) heading = Number(name[1]);
    else if (name === "pre") pre += 1;
    return true;
  }

  function leave(element: HtmlElement): void {
    const name = element.localName;
    if (!blockElement.test(name)) return;
    flush();
    if (name === "ul" || name === "ol") lists.pop();
    else if (/^h[1-6]$/.test(name)) heading = 0;
    else if (name === "pre") pre -= 1;
    if (lists.length === 0) tightList = false;
  }

  function addTable(element: HtmlElement): void {
    for (const child of element.children) {
      if (child.localName === "caption" && !isHiddenElement(child)) builder.add("paragraph", inlineText(child));
    }
    const { rows, headerRows } = tableGrid(element);
    if (rows.length === 0) return;
    const { text, rowEnds } = tableText(rows);
    const headerLength = headerRows > 0 && headerRows < rows.length ? rowEnds[headerRows - 1] : undefined;
    const start = builder.add("table", text, headerLength === undefined ? {} : { headerLength });
    if (start !== undefined) tables.push({ page: 1, start, end: builder.length, rows });
    tightList = false;
  }

  const open: { element: HtmlElement; next: HtmlNode | null }[] = enter(root) ? [{ element: root, next: root.firstChild }] : [];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const node = top.next;
    if (node === null) {
      leave(top.element);
      open.pop();
      continue;
    }
    top.next = node.nextSibling;
    if (isText(node)) inline += node.nodeValue ?? "";
    else if (isElement(node) && enter(node)) open.push({ element: node, next: node.firstChild });
  }
  flush();
  return tables;
}
