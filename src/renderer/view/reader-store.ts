import { create } from "zustand";
import type { DocumentRef } from "../../shared/contract/place.ts";

/** Something that stands in a document: a cited quote, a found passage, or (without a range) the document itself. */
export type Evidence = {
  document: DocumentRef;
  textHash: string;
  start?: number;
  end?: number;
  page?: number | undefined;
  /** What it is called in the list: the citation's number or the passage's rank. */
  label: string;
};

type Reader = {
  evidence: Evidence[];
  index: number;
  open(evidence: Evidence[], index: number): void;
  step(by: 1 | -1): void;
  close(): void;
};

/** Which evidence the reader shows. Citations, passages and documents all open the same reader. */
export const useReader = create<Reader>()((set) => ({
  evidence: [],
  index: 0,
  open: (evidence, index) => set({ evidence, index }),
  step: (by) => set(({ evidence, index }) => ({ index: Math.min(evidence.length - 1, Math.max(0, index + by)) })),
  close: () => set({ evidence: [], index: 0 }),
}));
