import { useEffect } from "react";
import type { Citation } from "../../../shared/contract/chat.ts";
import { useCroft } from "../../api/use-croft.ts";
import type { Evidence } from "../../view/reader-store.ts";
import { citationEvidence } from "./evidence.ts";
import { warmPage } from "./warm-page.ts";

/** Documents made ready for an answer: as many as the process that draws pages holds open. */
const mostDocuments = 2;

/** What of an answer is made ready before anybody points at it: where it first cites each of its first documents. */
export function firstCited(citations: readonly Citation[]): Evidence[] {
  const first = new Map<string, Evidence>();
  for (const citation of citations) {
    if (citation.deleted || first.size >= mostDocuments || first.has(citation.document.id)) continue;
    first.set(citation.document.id, citationEvidence(citation));
  }
  return [...first.values()];
}

/**
 * Starts the process that draws pages, opens the cited documents and draws their first cited pages as soon as an answer
 * shows its citations, one after the other. What nobody opens is forgotten as any page that was left behind.
 */
export function useWarmCitations(citations: readonly Citation[]): void {
  const { orpc, cache } = useCroft();
  useEffect(() => {
    let isWanted = true;
    async function warm(): Promise<void> {
      for (const evidence of firstCited(citations)) if (isWanted) await warmPage({ orpc, cache }, evidence);
    }
    void warm();
    return () => {
      isWanted = false;
    };
  }, [citations, orpc, cache]);
}
