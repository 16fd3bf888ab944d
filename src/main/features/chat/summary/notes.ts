import type { Language } from "../../../text/languages.ts";
import type { EvidenceSentence } from "../evidence/evidence.ts";
import { createMatcher } from "../check/matching.ts";

/** A line of a summary, and the sentences that it stands on. */
export type Note = { text: string; cites: EvidenceSentence[] };

const LONGEST_NOTE = 400;

/** The lines of a list that a model wrote, without dashes and numbers, each once. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n").map((line) =>
    line
      .replace(/^\s*(?:[-*•>]|\d{1,3}[.)])\s+/u, "")
      .replaceAll(/\s+/gu, " ")
      .trim()
      .slice(0, LONGEST_NOTE)
      .toWellFormed(),
  );
  return [...new Set(lines)].filter((line) => /\p{L}/u.test(line));
}

/**
 * The lines that stand in the text, with the sentence that holds them. What a model made up is left out; where
 * nothing is left, the first sentence says what the text is about.
 */
export function verifiedNotes(lines: readonly string[], sentences: readonly EvidenceSentence[], language: Language): Note[] {
  const match = createMatcher(sentences, language);
  const notes = lines.flatMap((text): Note[] => {
    const found = match(text);
    return found?.verdict === "supported" ? [{ text, cites: [found.sentence] }] : [];
  });
  const [first] = sentences;
  return notes.length > 0 || !first ? notes : [{ text: first.text, cites: [first] }];
}
