import type { EvidenceSentence } from "./evidence.ts";
import { saysSomething, sentencesOf } from "./sentences.ts";

/**
 * Evidence for a question that one sentence cannot answer: whole sections, the one with the best sentence first,
 * each in the order in which it stands, until `units` are used. `text` gives a stored text by its hash.
 */
export function sectionEvidence(best: readonly EvidenceSentence[], units: number, text: (hash: string) => string): EvidenceSentence[] {
  const chosen: EvidenceSentence[] = [];
  const seen = new Set<string>();
  let used = 0;
  for (const sentence of best) {
    const { chunk, section } = sentence.passage;
    const name = `${chunk.textHash} ${section.start}`;
    if (seen.has(name)) continue;
    seen.add(name);
    const stored = text(chunk.textHash);
    for (const { start, end } of sentencesOf(stored, section)) {
      const words = stored.slice(start, end);
      if (!saysSomething(words)) continue;
      if (chosen.length > 0 && used + words.length > units) return chosen;
      chosen.push({ ...sentence, start, end, text: words });
      used += words.length;
    }
  }
  return chosen;
}
