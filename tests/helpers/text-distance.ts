/** Edits (insert, delete, replace one UTF-16 unit) that make one text of the other. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Edit distance over the length of the true text, after NFC and collapsing white space. */
export function characterErrorRate(read: string, truth: string): number {
  const plain = (text: string) => text.normalize("NFC").replace(/\s+/g, " ").trim();
  return editDistance(plain(read), plain(truth)) / plain(truth).length;
}
