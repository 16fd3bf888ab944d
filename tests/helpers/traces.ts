import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Names of the files below a folder whose bytes hold one of the words, as UTF-8 in any case, or as UTF-16. */
export function tracesOf(folder: string, words: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
    const path = join(folder, name);
    if (!statSync(path).isFile()) return false;
    const bytes = readFileSync(path);
    const plain = bytes.toString("latin1").toLowerCase();
    return words.some((word) => plain.includes(word.toLowerCase()) || bytes.includes(Buffer.from(word, "utf16le")));
  });
}
