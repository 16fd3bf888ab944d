import { basename } from "node:path";
import type { ReadOptions } from "../../../shared/contract/reading.ts";
import type { DocumentContent } from "./index-document.ts";
import { packGeometry, type Reading } from "./reading/index.ts";
import type { SourceOptions } from "./source-store.ts";

/** Reads a file into what the indexer takes. @throws FILE_* TIMEOUT ENGINE_* */
export type ReadForIndex = (
  path: string,
  contentHash: string,
  options: SourceOptions["reading"],
  signal: AbortSignal,
) => Promise<{ content: DocumentContent; ocrPages: number }>;

/** The reading of files in the background; `withDefaults` fills in what a source leaves to the settings. */
export function createReadForIndex(reading: Reading, withDefaults: (options: SourceOptions["reading"]) => ReadOptions): ReadForIndex {
  return async (path, contentHash, options, signal) => {
    const read = await reading.readDocument(path, withDefaults(options), { signal, priority: "background" });
    const content: DocumentContent = {
      contentHash,
      title: read.head.title ?? basename(path),
      type: read.head.type,
      bytes: read.bytes,
      language: read.language,
      metadata: read.head.metadata,
      warnings: read.warnings,
      text: read.text,
      textHash: read.textHash,
      blocks: read.blocks,
      pages: read.pages.map((page, index) => {
        const geometry = read.geometry[index];
        return { ...page, ...(geometry ? { geometry: packGeometry(geometry) } : {}) };
      }),
    };
    return { content, ocrPages: read.pages.filter(({ source }) => source === "ocr").length };
  };
}
