/** Rows as columns, each as wide as its widest cell but the last. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Text of documents, models and file names without the control characters that would steer a terminal. */
export function harmless(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is taken out
  return text.replace(/\r\n/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** One line, at most `most` characters. */
export function oneLine(text: string, most: number): string {
  const line = harmless(text).replace(/\s+/g, " ").trim();
  // Half of a character that takes two code units is none.
  return line.length > most ? `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…` : line;
}

/** Bytes for people: 1.5 GB. Powers of 1,000, as file managers count. */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  // 999,950 bytes and more are written as 1.0 MB, not as 1000.0 kB.
  const rounded = count / 0.99995;
  const power = count < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(rounded) / 3));
  return `${(count / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? "B"}`;
}

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** `2026-03-01 09:30` by the clock of this machine. */
export function dateTime(at: number): string {
  const time = new Date(at);
  const two = (part: number): string => String(part).padStart(2, "0");
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
