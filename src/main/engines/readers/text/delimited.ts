/**
 * Rows of delimiter-separated text (RFC 4180, with any line end and with quotes inside unquoted cells taken as they
 * are). Never throws: an open quote runs to the end of the text.
 */
export function parseDelimited(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at <= text.length) {
    const [cell, after] = text[at] === '"' ? quotedCell(text, at, delimiter) : plainCell(text, at, delimiter);
    row.push(cell);
    if (text[after] === delimiter) {
      at = after + 1;
      continue;
    }
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    at = after + 1;
  }
  return rows;
}

function plainCell(text: string, start: number, delimiter: string): [string, number] {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n") end += 1;
  return [text.slice(start, end), end];
}

function quotedCell(text: string, start: number, delimiter: string): [string, number] {
  let cell = "";
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return [cell + text.slice(at), text.length];
    cell += text.slice(at, quote);
    if (text[quote + 1] === '"') {
      cell += '"';
      at = quote + 2;
      continue;
    }
    const [rest, end] = plainCell(text, quote + 1, delimiter);
    return [cell + rest, end];
  }
}

/** The delimiter that parts the first rows most evenly into most columns; a comma where none does. */
export function likelyDelimiter(text: string): string {
  const sample = text.slice(0, 20_000);
  let best = { delimiter: ",", score: 0 };
  for (const delimiter of [",", ";", "\t", "|"]) {
    const widths = parseDelimited(sample, delimiter)
      .slice(0, 50)
      .map((row) => row.length);
    const usual = mode(widths);
    const score = usual < 2 ? 0 : (widths.filter((width) => width === usual).length / widths.length) * Math.min(usual, 10);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function mode(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}
