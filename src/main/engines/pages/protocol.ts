import type { ClockItem, ReadLimits } from "../readers/protocol.ts";

/** What the process that draws pages is started with: nothing. */
export type PagesConfig = Record<string, never>;

export type DrawInput = {
  path: string;
  /** Names the content of the file; a document that is held open serves this revision only. */
  revision: string;
  /** The file goes when the page is drawn: it is read wholly, and known by its revision alone. */
  temporary?: boolean;
  /** 1-based. */
  page: number;
  /** Pixels; the height follows. Lowered where `limits.pixels` demands it. */
  width: number;
  password?: string;
  limits: ReadLimits;
};

/** A JPEG. */
export type DrawOutput = { image: Uint8Array; width: number; height: number };

export type PagesProtocol = {
  /** @throws FILE_* as the readers do · INVALID_INPUT for a page that is not there · NOT_SUPPORTED for files without pages to draw */
  draw: { input: DrawInput; item: ClockItem; output: DrawOutput };
};
