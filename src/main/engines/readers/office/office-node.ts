import type { OfficeContentNode } from "officeparser";

/** Text of a node without recursion: its own where it has no parts. */
export function officeText(node: OfficeContentNode): string {
  let text = "";
  const open: OfficeContentNode[] = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.type === "break") text += "\n";
    else if (next.children && next.children.length > 0) {
      const parts = next.type === "paragraph" || next.type === "list" || next.type === "cell";
      if (next !== node && parts && text !== "" && !text.endsWith("\n")) text += "\n";
      pushReversed(open, next.children);
    } else text += next.text ?? "";
  }
  return text;
}

/** Comments and notes that hang on a node or on one of its parts, each once, as lines. */
export function remarksOf(node: OfficeContentNode, seen: Set<OfficeContentNode>): string[] {
  const remarks: string[] = [];
  const open: OfficeContentNode[] = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const remark of [...(next.comments ?? []), ...(next.notes ?? [])]) {
      if (seen.has(remark)) continue;
      seen.add(remark);
      const text = officeText(remark).trim();
      const author = asRecord(remark.metadata)["author"];
      if (text !== "") remarks.push(typeof author === "string" && author !== "" ? `${author}: ${text}` : text);
    }
    // A slide is visited block by block, which have remarks of their own.
    if (next.type !== "slide" && next.type !== "sheet" && next.type !== "page") pushReversed(open, next.children ?? []);
  }
  return remarks;
}

/** One by one: a list of more than a hundred thousand parts is more than a call takes as arguments. */
function pushReversed(open: OfficeContentNode[], children: readonly OfficeContentNode[]): void {
  for (let at = children.length - 1; at >= 0; at -= 1) {
    const child = children[at];
    if (child) open.push(child);
  }
}

export function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
}

export const numberOf = (value: unknown, otherwise: number) =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : otherwise;
