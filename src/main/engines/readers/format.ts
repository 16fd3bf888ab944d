import type { CallContext } from "../engine.ts";
import type { ExtractOutput, RasterOutput, ReadersConfig, ReadItem, ReadLimits, ReadOutput } from "./protocol.ts";

/** A type by content: the short name, and the mime type. */
export type FileType = { type: string; mime: string };

/** One file to read. `bytes` is the whole of it, within `limits.bytes`. */
export type Source = {
  path: string;
  bytes: Uint8Array;
  fileType: FileType;
  password: string | undefined;
  limits: ReadLimits;
  config: ReadersConfig;
};

export type ReadContext = CallContext<ReadItem>;

/**
 * One reader. To add one: write `formats/<name>.ts` that exports a `Format`, add it to `registry.ts`, and where the
 * type has no magic number, teach `sniff-text.ts` to know it.
 */
export type Format = {
  /** Short names it reads, as `detect` gives them. */
  types: readonly string[];
  /**
   * Emits one head, then the pages in order; returns what is known at the end. Awaits `checkpoint()` between pages.
   * @throws FILE_* (see `problems.ts`); anything else becomes FILE_DAMAGED
   */
  read(source: Source, context: ReadContext): Promise<ReadOutput>;
  /** A page as an image, where pages can be drawn. */
  raster?(source: Source, request: { page: number; dpi: number; signal: AbortSignal }): Promise<RasterOutput>;
  /** The content of an attachment, by its place in what `read` lists; undefined where there is none. */
  extract?(source: Source, request: { index: number; checkpoint: ReadContext["checkpoint"] }): Promise<ExtractOutput | undefined>;
};

export const nothingMore = (): ReadOutput => ({ tables: [], attachments: [], warnings: [] });
