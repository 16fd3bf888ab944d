import type { Block } from "../inference/protocol.ts";

/** Limits of one file, in force inside the readers' process; the host's watchdog enforces time and memory from outside. */
export type ReadLimits = { bytes: number; pages: number; pixels: number; timeMs: number; memoryBytes: number; textUnits: number };

/**
 * One page (or the whole of a file without pages). Offsets count UTF-16 units of `text`; boxes are points from
 * the page's top left, four numbers a word.
 */
export type ReadPage = {
  /** 1-based. */
  page: number;
  text: string;
  blocks: Block[];
  width?: number;
  height?: number;
  /** Where words stand: `starts[i]`–`ends[i]` of `text` lies in `boxes[4i … 4i+3]`. */
  words?: { starts: Uint32Array; ends: Uint32Array; boxes: Float32Array };
  /** Ink of the page is not covered by decodable text: an image, a stamped scan, a font without meaning. */
  needsOcr: boolean;
};

/** What the readers are started with. */
export type ReadersConfig = {
  /** A packed file may unpack to so many times its size, and to 64 MB in any case. Default 200. */
  maxUnpackRatio?: number;
};

export type ReadHead = {
  /** Short name by content, not by file name: `pdf`, `html`, `md`, `txt`, `png` … */
  type: string;
  mime: string;
  title?: string;
  metadata: Record<string, unknown>;
  pages: number;
};

export type ReadWarning = { code: string; message: string; page?: number };
export type ReadTable = { page?: number; start: number; end: number; rows: string[][] };

export type ReadInput = { path: string; password?: string; limits: ReadLimits };
/** Says when the engine computes and when it waits for others to have the cores, so that a watchdog counts only the former. */
export type ClockItem = { kind: "clock"; running: boolean };
/** Items: one head, then pages in order, clocks in between. Output: what is known only at the end. */
export type ReadItem = { kind: "head"; head: ReadHead } | { kind: "page"; page: ReadPage } | ClockItem;
/** `inline`: a picture that only decorates the file's own text. */
export type ReadAttachment = { name: string; type?: string; bytes: number; inline?: true };
export type ReadOutput = { tables: ReadTable[]; attachments: ReadAttachment[]; warnings: ReadWarning[] };

export type RasterInput = { path: string; page: number; dpi: number; password?: string; limits: ReadLimits };
/** PNG of the page; `scale` is pixels per point. */
export type RasterOutput = { image: Uint8Array; width: number; height: number; scale: number };

export type ExtractInput = {
  path: string;
  /** Place in the `attachments` that `read` gives, from 0. */
  index: number;
  password?: string;
  limits: ReadLimits;
};
/** An attachment's content as it is; `name` is a plain file name without folders. */
export type ExtractOutput = { name: string; type?: string; bytes: Uint8Array };

export type ReadersProtocol = {
  /** @throws FILE_UNREADABLE FILE_EMPTY FILE_ENCRYPTED FILE_PASSWORD_WRONG FILE_DAMAGED FILE_TOO_LARGE FILE_TYPE_UNSUPPORTED FILE_HOSTILE TIMEOUT */
  read: { input: ReadInput; item: ReadItem; output: ReadOutput };
  raster: { input: RasterInput; item: ClockItem; output: RasterOutput };
  /** Of mails and PDFs. @throws as `read`; NOT_FOUND where there is no such attachment, FILE_TOO_LARGE above `limits.bytes` */
  extract: { input: ExtractInput; item: ClockItem; output: ExtractOutput };
  /** Type by content. */
  detect: { input: { path: string }; output: { type: string; mime: string; supported: boolean } };
  /** ISO 639-1 code of the language of a sample of some thousand units; undefined where the detector is not sure. */
  language: { input: { sample: string }; output: string | undefined };
};
