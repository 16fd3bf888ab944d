import type { Row } from "./row.ts";

/** Every row, in the order of the page. */
export const rows: Record<string, () => Promise<Row>> = {
  "vector-search": () => import("./vector-search.ts"),
  peers: () => import("./peers.ts"),
  "hybrid-search": () => import("./hybrid-search.ts"),
  ingest: () => import("./ingest.ts"),
  ocr: () => import("./ocr.ts"),
  generation: () => import("./generation.ts"),
  answers: () => import("./answers.ts"),
  extraction: () => import("./extraction.ts"),
  indexing: () => import("./indexing.ts"),
  reader: () => import("./reader.ts"),
  transcript: () => import("./transcript.ts"),
  window: () => import("./window.ts"),
  cancel: () => import("./cancel.ts"),
  "cold-start": () => import("./cold-start.ts"),
};

export const rowNames = Object.keys(rows);
