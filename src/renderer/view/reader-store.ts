import { create } from "zustand";
import type { Box } from "../../shared/contract/define.ts";
import type { DocumentRef } from "../../shared/contract/place.ts";

/** Something that stands in a document: a cited quote, a found passage, or (without a range) the document itself. */
export type Evidence = {
  document: DocumentRef;
  textHash: string;
  start?: number;
  end?: number;
  page?: number | undefined;
  /** Where it stands on its page, as far as that is known before core is asked. */
  boxes?: Box[] | undefined;
  /** Its words, which stay when the document is gone. */
  quote?: string;
  /** What it is called in the list: the citation's number or the passage's rank. */
  label: string;
};

/** As wide as the reader, or so many times the size on paper. */
export type Zoom = "fit" | number;
export type ReaderView = "page" | "text";

const zoomSteps = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4];

/** The next step of the zoom from what is shown now; the last one stays. */
export function nextZoom(shown: number, by: 1 | -1): number {
  const steps = by > 0 ? zoomSteps : zoomSteps.toReversed();
  return steps.find((step) => (step - shown) * by > 0.02) ?? steps.at(-1) ?? 1;
}

type Reader = {
  evidence: Evidence[];
  index: number;
  /** How documents with pages are shown. */
  view: ReaderView;
  zoom: Zoom;
  /** How large the paper is now, 1 being its size on paper. */
  shown: number;
  /** The pieces that are searched are told apart in the text. */
  chunks: boolean;
  open(evidence: Evidence[], index: number): void;
  step(by: 1 | -1): void;
  close(): void;
  setView(view: ReaderView): void;
  setZoom(zoom: Zoom): void;
  /** To the next step from what is shown. */
  zoomBy(by: 1 | -1): void;
  noteShown(shown: number): void;
  setChunks(chunks: boolean): void;
};

/** Which evidence the reader shows, and how. Citations, passages and documents all open the same reader. */
export const useReader = create<Reader>()((set) => ({
  evidence: [],
  index: 0,
  view: "page",
  zoom: "fit",
  shown: 1,
  chunks: false,
  open: (evidence, index) => set({ evidence, index }),
  step: (by) => set(({ evidence, index }) => ({ index: Math.min(evidence.length - 1, Math.max(0, index + by)) })),
  close: () => set({ evidence: [], index: 0 }),
  setView: (view) => set({ view }),
  setZoom: (zoom) => set({ zoom }),
  zoomBy: (by) => set(({ shown }) => ({ zoom: nextZoom(shown, by) })),
  noteShown: (shown) => set({ shown }),
  setChunks: (chunks) => set({ chunks }),
}));
