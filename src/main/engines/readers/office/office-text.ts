import type { OfficeAttachment, OfficeContentNode } from "officeparser";
import { oneLine } from "../text/normalise-text.ts";
import { asRecord, numberOf, officeText, remarksOf } from "./office-node.ts";
import { chartGrid, framedContent, gridOf } from "./office-table.ts";
import type { ReadTable } from "../protocol.ts";
import { tableText } from "../text/table-text.ts";
import type { TextBuilder } from "../text/text-builder.ts";

const maxDepth = 100;

/**
 * Adds the text of parsed office content to `builder`, block by block, comments and notes after the block they hang
 * on. Pictures count by their description only, charts by their numbers.
 */
export function addOffice(
  nodes: readonly OfficeContentNode[],
  attachments: readonly OfficeAttachment[],
  builder: TextBuilder,
  page: number,
): ReadTable[] {
  const tables: ReadTable[] = [];
  const remarked = new Set<OfficeContentNode>();
  let tight = false;

  function addTable(rows: string[][]): void {
    if (rows.length === 0) return;
    const { text, rowEnds } = tableText(rows);
    const start = builder.add("table", text, rows.length > 1 && rowEnds[0] !== undefined ? { headerLength: rowEnds[0] } : {});
    if (start !== undefined) tables.push({ page, start, end: builder.length, rows });
  }

  function visit(node: OfficeContentNode, depth: number): void {
    const details = asRecord(node.metadata);
    const wasTight = tight;
    tight = false;
    const inside = add(node, details, wasTight);
    if (inside && depth < maxDepth) for (const child of inside) visit(child, depth + 1);
    for (const remark of remarksOf(node, remarked)) {
      builder.add("paragraph", remark);
      tight = false;
    }
  }

  /** Adds a node's own block; what is to be visited instead, where it only holds others. */
  function add(node: OfficeContentNode, details: Record<string, unknown>, wasTight: boolean): OfficeContentNode[] | undefined {
    switch (node.type) {
      case "heading":
        builder.add("heading", oneLine(officeText(node)), { level: numberOf(details["level"], 1) });
        return undefined;
      case "list": {
        const indent = "  ".repeat(Math.min(20, numberOf(details["indentation"], 0)));
        const marker = details["listType"] === "ordered" ? `${numberOf(details["itemIndex"], 0) + 1}. ` : "- ";
        const text = officeText(node).trim();
        if (text !== "") builder.add("list", `${indent}${marker}${text}`, { tight: wasTight });
        tight = true;
        return undefined;
      }
      case "sheet":
        builder.add("heading", oneLine(String(details["sheetName"] ?? "")), { level: 2 });
        addTable(gridOf(node));
        return undefined;
      case "table": {
        const framed = framedContent(node);
        if (framed === undefined) addTable(gridOf(node));
        return framed;
      }
      case "chart": {
        const chart = attachments.map((found) => (found.name === details["attachmentName"] ? chartGrid(found) : undefined)).find(Boolean);
        builder.add("paragraph", chart?.title ?? "");
        if (chart) addTable(chart.rows);
        else builder.add("paragraph", (node.text ?? "").trim());
        return undefined;
      }
      case "code":
        builder.add("code", officeText(node));
        return undefined;
      case "image":
        builder.add("paragraph", description(details["altText"]));
        return undefined;
      case "paragraph":
      case "text":
        builder.add("paragraph", officeText(node).trim());
        return undefined;
      default:
        if (node.children && node.children.length > 0) return node.children;
        builder.add("paragraph", (node.text ?? "").trim());
        return undefined;
    }
  }

  for (const node of nodes) visit(node, 0);
  return tables;
}

/** What a picture's author says of it; programs put the file's name there when nobody did. */
function description(value: unknown): string {
  const text = oneLine(typeof value === "string" ? value : "");
  return /^\S+\.(?:png|jpe?g|gif|bmp|tiff?|webp|svg|emf|wmf)$/i.test(text) ? "" : text;
}
