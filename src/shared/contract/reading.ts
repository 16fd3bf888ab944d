import { z } from "zod";
import { Box, Empty, Id, route, Sha256 } from "./define.ts";

export const OcrMode = z.enum(["auto", "never", "always"]);
export type OcrMode = z.infer<typeof OcrMode>;

/** Tesseract language codes, e.g. `eng`, `deu`. */
const Languages = z.array(z.string().regex(/^[a-z_]{3,12}$/i)).max(8);
const Password = z.string().max(1000);

export const ReadOptions = z.object({ ocr: OcrMode, languages: Languages, password: Password.optional() });
export type ReadOptions = z.infer<typeof ReadOptions>;

/**
 * The options that are named for one source or one reading; what is left out is as the settings have it. No field has
 * a default: it would be filled in here, and the setting would never be asked.
 */
export const NamedReadOptions = ReadOptions.partial();
export type NamedReadOptions = z.infer<typeof NamedReadOptions>;

export const Warning = z.object({ code: z.string(), message: z.string(), page: z.number().int().optional() });
export type Warning = z.infer<typeof Warning>;

export const Table = z.object({
  page: z.number().int().optional(),
  start: z.number().int(),
  end: z.number().int(),
  rows: z.array(z.array(z.string())),
});
export type Table = z.infer<typeof Table>;

/** The text that Croft sees in a file. Offsets count UTF-16 units of `text`; boxes are points from the page's top left. */
export const ReadResult = z.object({
  path: z.string(),
  type: z.string(),
  title: z.string().optional(),
  language: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()),
  text: z.string(),
  pages: z.array(
    z.object({
      page: z.number().int().positive(),
      start: z.number().int(),
      end: z.number().int(),
      width: z.number().optional(),
      height: z.number().optional(),
      source: z.enum(["text", "ocr"]),
      confidence: z.number().optional(),
      words: z.array(z.object({ start: z.number().int(), end: z.number().int(), box: Box, confidence: z.number().optional() })).optional(),
    }),
  ),
  tables: z.array(Table).optional(),
  attachments: z.array(z.object({ name: z.string(), type: z.string().optional(), bytes: z.number().int() })).optional(),
  warnings: z.array(Warning),
});
export type ReadResult = z.infer<typeof ReadResult>;

/** One page of a document as it was read. Offsets are those of the stored text; sizes are points. */
export const DocumentPage = z.object({
  page: z.number().int().positive(),
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  width: z.number().positive().optional(),
  height: z.number().positive().optional(),
  source: z.enum(["text", "ocr"]),
  confidence: z.number().optional(),
});
export type DocumentPage = z.infer<typeof DocumentPage>;

/**
 * Whether the file of a document can be shown: `none` for what never was a file (a record), `changed` when it holds
 * something else now, so that marks would lie.
 */
export const originalStates = ["present", "missing", "changed", "none"] as const;

/** What a reader needs to lay a document out before it sees a word of it. */
export const DocumentLayout = z.object({
  documentId: Id,
  title: z.string(),
  type: z.string(),
  path: z.string().optional(),
  textHash: Sha256,
  /** UTF-16 units. */
  length: z.number().int().nonnegative(),
  original: z.enum(originalStates),
  /** Its pages can be shown as they look. */
  drawable: z.boolean(),
  /** The file is waiting to be read again: what is shown was read before. */
  pending: z.boolean(),
  pages: z.array(DocumentPage),
  /** Of single pages and of the whole, as they came up while it was read. */
  warnings: z.array(Warning),
});
export type DocumentLayout = z.infer<typeof DocumentLayout>;

/** The boxes of a range on one page, those of one line merged. */
export const PageMark = z.object({ page: z.number().int().positive(), boxes: z.array(Box) });
export type PageMark = z.infer<typeof PageMark>;

/** The words of a page: `text` begins at `start` of the stored text, offsets count from there, `boxes` holds four numbers a word. */
export const PageWords = z.object({
  page: z.number().int().positive(),
  start: z.number().int().nonnegative(),
  text: z.string(),
  starts: z.array(z.number().int()),
  ends: z.array(z.number().int()),
  boxes: z.array(z.number()),
});
export type PageWords = z.infer<typeof PageWords>;

/** A piece of a document as it is searched. */
export const ChunkBounds = z.object({
  id: Id,
  /** Counts from 1 in its document. */
  number: z.number().int().positive(),
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  tokens: z.number().int().nonnegative(),
  heading: z.string(),
});
export type ChunkBounds = z.infer<typeof ChunkBounds>;

const Range = z.object({ start: z.number().int().nonnegative(), end: z.number().int().nonnegative() });

export const reading = {
  /** @throws NOT_FOUND when the document was deleted */
  layout: route("read")
    .input(z.object({ documentId: Id }))
    .output(DocumentLayout),
  /** Where a range stands, page by page; empty where its text has no places. */
  marks: route("read")
    .input(Range.extend({ textHash: Sha256 }))
    .output(z.array(PageMark)),
  words: route("read")
    .input(z.object({ textHash: Sha256, page: z.number().int().positive() }))
    .output(PageWords),
  /** The pieces that overlap a range, in order, at most 2,000. */
  chunks: route("read")
    .input(Range.extend({ documentId: Id }))
    .output(z.array(ChunkBounds)),
  /** Shows the file in the system's file manager. @throws NOT_SUPPORTED where there is no desktop */
  showInFolder: route("execute")
    .input(z.object({ documentId: Id }))
    .output(Empty),
};
