import { oneLine } from "./normalise-text.ts";

/** Rows as lines, cells parted by ` | `. `starts[r][c]` is where a cell's text begins; a bar inside a cell is escaped. */
export function tableText(rows: readonly (readonly string[])[]): { text: string; starts: number[][]; rowEnds: number[] } {
  let text = "";
  const starts: number[][] = [];
  const rowEnds: number[] = [];
  for (const row of rows) {
    if (text !== "") text += "\n";
    const at: number[] = [];
    for (const [index, cell] of row.entries()) {
      if (index > 0) text += " | ";
      at.push(text.length);
      text += oneLine(cell).replaceAll("|", "\\|");
    }
    starts.push(at);
    rowEnds.push(text.length);
  }
  return { text, starts, rowEnds };
}
