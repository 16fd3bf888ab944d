import type { OfficeContentNode } from "officeparser";
import { oneLine } from "./normalise-text.ts";
import type { ReadTable } from "./protocol.ts";
import { tableText } from "./table-text.ts";
import type { TextBuilder } from "./text-builder.ts";

/** Columns of a sheet that are kept; a stray cell at the far right would make every row that wide. */
const maxColumns = 500;

/** Adds the text of parsed office content to `builder`, block by block; pictures count by their description only. */
export function addOffice(nodes: readonly OfficeContentNode[], builder: TextBuilder, page: number): ReadTable[] {
  const tables: ReadTable[] = [];
  let tight = false;
  const visit = (node: OfficeContentNode, depth: number): void => {
    const details = asRecord(node.metadata);
    const wasTight = tight;
    tight = false;
    switch (node.type) {
      case "heading":
        builder.add("heading", oneLine(textOf(node)), { level: numberOf(details["level"], 1) });
        return;
      case "list": {
        const indent = "  ".repeat(Math.min(20, numberOf(details["indentation"], 0)));
        const marker = details["listType"] === "ordered" ? `${numberOf(details["itemIndex"], 0) + 1}. ` : "- ";
        const text = textOf(node).trim();
        if (text !== "") builder.add("list", `${indent}${marker}${text}`, { tight: wasTight });
        tight = true;
        return;
      }
      case "table":
      case "sheet": {
        if (node.type === "sheet") builder.add("heading", oneLine(String(details["sheetName"] ?? "")), { level: 2 });
        const rows = gridOf(node);
        if (rows.length === 0) return;
        const { text, rowEnds } = tableText(rows);
        const start = builder.add("table", text, rows.length > 1 && rowEnds[0] !== undefined ? { headerLength: rowEnds[0] } : {});
        if (start !== undefined) tables.push({ page, start, end: builder.length, rows });
        return;
      }
      case "code":
        builder.add("code", textOf(node));
        return;
      case "image":
        builder.add("paragraph", oneLine(String(details["altText"] ?? "")));
        return;
      case "paragraph":
      case "text":
        builder.add("paragraph", textOf(node).trim());
        return;
      default:
        if (node.children && node.children.length > 0 && depth < 100) for (const child of node.children) visit(child, depth + 1);
        else builder.add("paragraph", (node.text ?? "").trim());
    }
  };
  for (const node of nodes) visit(node, 0);
  return tables;
}

/** Text of a node without recursion: its own where it has no parts. */
function textOf(node: OfficeContentNode): string {
  let text = "";
  const open: OfficeContentNode[] = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.type === "break") text += "\n";
    else if (next.children && next.children.length > 0) {
      if (
        next !== node &&
        (next.type === "paragraph" || next.type === "list" || next.type === "cell") &&
        text !== "" &&
        !text.endsWith("\n")
      )
        text += "\n";
      open.push(...[...next.children].reverse());
    } else text += next.text ?? "";
  }
  return text;
}

/** Cells at the columns they say they stand in. */
function gridOf(table: OfficeContentNode): string[][] {
  const rows: string[][] = [];
  for (const row of table.children ?? []) {
    if (row.type !== "row") continue;
    const line: string[] = [];
    for (const cell of row.children ?? []) {
      const column = numberOf(asRecord(cell.metadata)["col"], line.length);
      if (column < maxColumns) line[column] = oneLine(textOf(cell));
    }
    rows.push(Array.from(line, (cell) => cell ?? ""));
  }
  while (rows.length > 0 && rows.at(-1)?.every((cell) => cell === "")) rows.pop();
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  return rows.length * width <= 2_000_000 ? rows.map((row) => Array.from({ length: width }, (_, column) => row[column] ?? "")) : rows;
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
}

const numberOf = (value: unknown, otherwise: number) =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : otherwise;
