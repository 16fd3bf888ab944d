import type { DocumentContent } from "./index-document.ts";
import type { SourceOptions } from "./source-store.ts";

/** Reads a file into what the indexer takes. @throws FILE_* TIMEOUT ENGINE_* */
export type ReadForIndex = (path: string, contentHash: string, options: SourceOptions["reading"], signal: AbortSignal) => Promise<{ content: DocumentContent; ocrPages: number }>;
