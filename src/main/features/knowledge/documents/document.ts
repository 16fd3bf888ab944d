export type NewDocument = {
  contentHash: string;
  externalId?: string | undefined;
  title: string;
  type: string;
  bytes: number;
  language?: string | undefined;
  metadata: Record<string, unknown>;
  warnings: unknown[];
  modifiedAt?: number | undefined;
};
/** A document whose chunks are in the index, and where it is to appear. */
export type Publication = {
  id: string;
  embedder: string;
  collectionId: string;
  path: string | undefined;
  /** The file that it is the content of. */
  file?: { sourceId: string; path: string; contentHash: string; ocrPages: number };
  /** The source whose record it is. */
  recordsOf?: string;
};
export type StoredPage = {
  page: number;
  start: number;
  end: number;
  width?: number;
  height?: number;
  source: "text" | "ocr";
  confidence?: number;
  geometry?: Buffer;
};
export type StoredChunk = { key: number; start: number; end: number; heading: string };

/** A chunk with the document it belongs to, as search results need it. */
export type ChunkRow = {
  key: number;
  id: string;
  documentId: string;
  textHash: string;
  start: number;
  end: number;
  page: number | null;
  heading: string;
  sectionStart: number;
  sectionEnd: number;
  title: string;
  externalId: string | null;
  path: string | null;
  language: string | null;
};
