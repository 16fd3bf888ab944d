/** Patterns as they are typed: a line or a comma each. Commas inside braces belong to their pattern. */
export function toPatterns(text: string): string[] {
  const patterns: string[] = [];
  let depth = 0;
  let current = "";
  for (const letter of text) {
    if (letter === "{") depth += 1;
    if (letter === "}") depth = Math.max(0, depth - 1);
    if (letter === "\n" || (letter === "," && depth === 0)) {
      patterns.push(current);
      current = "";
      if (letter === "\n") depth = 0;
    } else current += letter;
  }
  return [...patterns, current].map((pattern) => pattern.trim()).filter(Boolean);
}

/** Codes of languages as they are typed: `eng, deu` or `eng+deu`. */
export const toLanguages = (text: string): string[] => text.split(/[\s,+]+/).filter(Boolean);

/** Paths as they are pasted: a line each, with or without the quotes that file managers put around them. */
export const toPaths = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^"(.*)"$/, "$1"))
    .filter(Boolean);
