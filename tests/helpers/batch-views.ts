import { readFileSync } from "node:fs";
import { join } from "node:path";
import { viewDocument, type DocumentView } from "../../src/main/features/batch/extract/document-view.ts";
import { parseRecipe } from "../../src/main/features/batch/recipes/parse-recipe.ts";
import type { ReadDocument } from "../../src/main/features/knowledge/index.ts";
import type { Recipe } from "../../src/shared/contract/recipe.ts";

/** A recipe that comes with Croft. */
export function builtInRecipe(name: string): Recipe {
  const { recipe } = parseRecipe(readFileSync(join(import.meta.dirname, `../../resources/recipes/${name}.json`), "utf8"));
  if (!recipe) throw new Error("the recipe is refused");
  return recipe;
}

export type PlacedText = Pick<ReadDocument, "text" | "pages" | "geometry" | "language">;
type Row = readonly (readonly [x: number, text: string])[];

/** Points: of a letter, and from line to line. */
const LETTER = 6;
const LINE = 16;

/** Pages of rows of placed texts, as the readers give them: every word with its box. */
export function placedText(pages: readonly (readonly Row[])[], language?: string): PlacedText {
  let text = "";
  const placed = pages.map((rows, index) => {
    if (index > 0) text += "\n\n";
    const start = text.length;
    const words: { start: number; end: number; box: number[] }[] = [];
    for (const [line, row] of rows.entries()) {
      for (const [x, cell] of row) {
        for (const match of cell.matchAll(/\S+/gu)) {
          const at = text.length - start + match.index;
          const x0 = x + match.index * LETTER;
          const box = [x0, 40 + line * LINE, x0 + match[0].length * LETTER, 50 + line * LINE];
          words.push({ start: at, end: at + match[0].length, box });
        }
        text += `${cell}\n`;
      }
    }
    const geometry = {
      starts: Uint32Array.from(words, (word) => word.start),
      ends: Uint32Array.from(words, (word) => word.end),
      boxes: Float32Array.from(words.flatMap(({ box }) => box)),
    };
    return { page: { page: index + 1, start, end: text.length, source: "text" as const, width: 595, height: 842 }, geometry };
  });
  return { text, language, pages: placed.map(({ page }) => page), geometry: placed.map(({ geometry }) => geometry) };
}

export const placedView = (rows: readonly Row[], language?: string): DocumentView => viewDocument(placedText([rows], language));
