const maxPages = 10_000;
/** A page's dictionary is far shorter; what follows is its content. */
const dictionaryUnits = 4000;

/**
 * A PDF whose page tree is lost (a copy with a hole in it, as broken downloads have) with a new tree at its end, of the
 * pages that stand in the open, in the order in which the file holds them. Undefined where there are none, or where the
 * file is encrypted, whose keys the new trailer would have to repeat.
 */
export function withNewPageTree(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  if (text.includes("/Encrypt")) return undefined;
  const pages = new Set<string>();
  let highest = 0;
  for (const match of text.matchAll(/\b(\d{1,7}) (\d{1,5}) obj\b/g)) {
    const [head, number = "", generation = ""] = match;
    highest = Math.max(highest, Number(number));
    const start = match.index + head.length;
    const dictionary = text.slice(start, start + dictionaryUnits).split(/endobj|\bstream\b/, 1)[0] ?? "";
    if (/\/Type\s*\/Page\b/.test(dictionary) && pages.size < maxPages) pages.add(`${number} ${generation} R`);
  }
  if (pages.size === 0) return undefined;
  const [tree, catalogue] = [highest + 1, highest + 2];
  const added = [
    `\n${tree} 0 obj\n<< /Type /Pages /Count ${pages.size} /Kids [${[...pages].join(" ")}] /MediaBox [0 0 595 842] >>\nendobj`,
    `${catalogue} 0 obj\n<< /Type /Catalog /Pages ${tree} 0 R >>\nendobj`,
    // No table of objects is at 0, so that the reader looks for the objects itself.
    `trailer\n<< /Size ${highest + 3} /Root ${catalogue} 0 R >>\nstartxref\n0\n%%EOF\n`,
  ];
  // pdf.js takes the first trailer whose catalogue has pages, so the old ones may stay.
  return Buffer.concat([bytes, Buffer.from(added.join("\n"))]);
}
