import type { Event } from "../../../../shared/contract/system.ts";

/** Repeated questions of a few windows and scripts; an answer of ten passages is some 20 KB. */
const MAX_ANSWERS = 100;
/** What changes without an event shows after this long at the latest. */
const MAX_AGE_MS = 60_000;
/** Changes of documents that lie in the same collections as before. */
const IN_PLACE = ["document.published", "document.embedded"];

type Kept<Answer> = { answer: Answer; collections: ReadonlySet<string>; at: number };

/**
 * Answers to questions that were asked before, until something changes in the collections they were read from. A
 * document that is published or embedded touches the collections it lies in; where it is no longer known which
 * collections a change touched, all answers go.
 */
export function createSearchCache<Answer>(deps: {
  onEvents: (listener: (events: Event[]) => void) => () => void;
  /** The collections that hold a document. */
  collectionsOf: (documentId: string) => readonly string[];
  now: () => number;
}) {
  const kept = new Map<string, Kept<Answer>>();
  /** Counts changes, so that an answer that was read before one is not kept after it. */
  let changes = 0;

  deps.onEvents((events) => {
    const touching = events.filter(({ kind }) => kind.startsWith("document.") || kind.startsWith("collection."));
    if (touching.length === 0) return;
    changes += 1;
    if (kept.size === 0) return;
    if (touching.some(({ kind }) => !IN_PLACE.includes(kind))) return kept.clear();
    const touched = new Set(touching.flatMap(({ subject }) => deps.collectionsOf(subject)));
    for (const [key, { collections }] of kept) if ([...touched].some((id) => collections.has(id))) kept.delete(key);
  });

  return {
    find(key: string): Answer | undefined {
      const found = kept.get(key);
      if (!found) return undefined;
      kept.delete(key);
      if (deps.now() - found.at > MAX_AGE_MS) return undefined;
      // Last used goes last.
      kept.set(key, found);
      return found.answer;
    },
    /** To be called before reading: keeps the answer, unless something changed meanwhile. */
    begin(): (key: string, collections: ReadonlySet<string>, answer: Answer) => void {
      const before = changes;
      return (key, collections, answer) => {
        if (changes !== before) return;
        kept.set(key, { answer, collections, at: deps.now() });
        for (const [oldest] of kept) {
          if (kept.size <= MAX_ANSWERS) break;
          kept.delete(oldest);
        }
      };
    },
  };
}
