import { z } from "zod";
import { Box } from "./define.ts";

export const OcrMode = z.enum(["auto", "never", "always"]);
export type OcrMode = z.infer<typeof OcrMode>;

export const ReadOptions = z.object({
  ocr: OcrMode.default("auto"),
  /** Tesseract language codes, e.g. `eng`, `deu`. */
  languages: z
    .array(z.string().regex(/^[a-z_]{3,12}$/i))
    .max(8)
    .default([]),
  password: z.string().max(1000).optional(),
});
export type ReadOptions = z.infer<typeof ReadOptions>;

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
