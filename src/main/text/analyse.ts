import type { Language } from "./languages.ts";
import { type Unit, units } from "./units.ts";

/**
 * The tokens of a text, as the full-text table stores them: words stemmed by the language and without accents, codes
 * in one spelling, scripts without spaces as pairs of characters. Letters, digits, marks and `_` only, so a token can
 * stand in quotes in a MATCH expression.
 */
export function tokens(text: string, language: Language): string[] {
  const result: string[] = [];
  for (const unit of units(text)) for (const token of unitTokens(unit, language)) result.push(token);
  return result;
}

/** The tokens of one unit. */
export function unitTokens(unit: Unit, language: Language): string[] {
  switch (unit.kind) {
    case "word": {
      const token = fold(language.stem(unit.text));
      // Marks alone, such as the selector of an emoji, fold to nothing.
      return token === "" ? [] : [token];
    }
    case "code":
      return unit.forms.map(fold);
    case "run":
      return pairs(unit.text);
  }
}

/** Overlapping pairs of characters; a single character stands for itself. */
export function pairs(run: string): string[] {
  const characters = [...run];
  if (characters.length === 1) return [run];
  return characters.slice(1).map((character, index) => `${characters[index] ?? ""}${character}`);
}

const letters: Record<string, string> = { ß: "ss", ø: "o", æ: "ae", œ: "oe", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };

/** Combining marks of European scripts; Arabic vowel points and the stroke that lengthens a word. */
const accents = /\p{Script=Inherited}|\u0640/gu;

/** Takes accents off; vowel signs of Indic scripts are letters in all but name and stay. */
export function fold(token: string): string {
  if (/^[a-z0-9_]*$/.test(token)) return token;
  return token
    .normalize("NFD")
    .replaceAll(accents, "")
    .normalize("NFC")
    .replaceAll(/[ßøæœłđðþı]/gu, (letter) => letters[letter] ?? letter);
}
