/** Words of a text without Markdown's marks, addresses of links and table bars: what two writings of one content share. */
export function plainWords(text: string): string[] {
  return text
    .normalize("NFC")
    .replace(/<!--[\s\S]*?-->/g, " ")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, " $1 ")
    .replace(/\\(?=[\p{P}|])/gu, "")
    .replace(/[|*_#`~=]+|^\s*[-+]\s|-{3,}/gmu, " ")
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .split(/\s+/)
    .filter((word) => word !== "" && word !== "-");
}

/** 1 − edit distance / longer length, over words. */
export function similarity(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 && b.length === 0) return 1;
  let before = Uint32Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = new Uint32Array(b.length + 1);
    current[0] = row;
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (before[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current[column] = Math.min(replaced, (before[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
    }
    before = current;
  }
  return 1 - (before[b.length] ?? 0) / Math.max(a.length, b.length);
}
