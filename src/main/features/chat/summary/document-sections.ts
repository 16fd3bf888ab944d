import type { FoundPassage } from "../../knowledge/index.ts";
import type { EvidenceSentence } from "../evidence/evidence.ts";
import { saysSomething, sentencesOf } from "../check/sentences.ts";

/** Neighbouring passages of a document that are read at once. */
export type Section = { heading: string; passages: FoundPassage[] };

/**
 * Cuts a document's passages into sections of at most `units` of its text, each beginning at a heading where that
 * wastes less than half of the room. Together they hold every passage once, in order.
 */
export function sectionsOf(passages: readonly FoundPassage[], units: number): Section[] {
  const sections: Section[] = [];
  for (const passage of passages) {
    const open = sections.at(-1);
    const heading = passage.chunk.heading ?? "";
    if (open && hasRoom(open, passage, units)) open.passages.push(passage);
    else sections.push({ heading, passages: [passage] });
  }
  return sections;
}

function hasRoom({ passages, heading }: Section, next: FoundPassage, units: number): boolean {
  const start = passages[0]?.chunk.start ?? 0;
  const used = (passages.at(-1)?.chunk.end ?? 0) - start;
  if (next.chunk.end - start > units) return false;
  return (next.chunk.heading ?? "") === heading || used < units / 2;
}

/** The sentences of a section, in order, each once though its passages overlap. */
export function sentencesIn({ passages }: Section, text: (hash: string) => string): EvidenceSentence[] {
  const [first] = passages;
  if (!first) return [];
  const stored = text(first.chunk.textHash);
  const spans = sentencesOf(stored, { start: first.chunk.start, end: passages.at(-1)?.chunk.end ?? first.chunk.end });
  return spans.flatMap(({ start, end }): EvidenceSentence[] => {
    const words = stored.slice(start, end);
    if (!saysSomething(words)) return [];
    const passage = passages.find(({ chunk }) => start < chunk.end) ?? first;
    return [{ ...unscored, passage, start, end, text: words }];
  });
}

/** Nothing was asked that a sentence could be near to. */
const unscored = { score: 0, cosine: 0, jointCosine: 0, coverage: 0, passageCoverage: 0 };
