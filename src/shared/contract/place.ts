import { z } from "zod";
import { Box, Id, Sha256 } from "./define.ts";

/**
 * Where something stands. Offsets count UTF-16 units of the stored text named by `textHash`, end exclusive.
 * A chunk, a citation, an extracted value, an agent's claim and a dataset row all point with it.
 */
export const Place = z.object({
  documentId: Id,
  textHash: Sha256,
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  /** 1-based. */
  page: z.number().int().positive().optional(),
  boxes: z.array(Box).optional(),
});
export type Place = z.infer<typeof Place>;

/** The document fields that accompany every passage and citation. */
export const DocumentRef = z.object({
  id: Id,
  externalId: z.string().optional(),
  path: z.string().optional(),
  title: z.string(),
});
export type DocumentRef = z.infer<typeof DocumentRef>;

export const ChunkRef = z.object({
  id: Id,
  textHash: Sha256,
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  page: z.number().int().positive().optional(),
  boxes: z.array(Box).optional(),
  heading: z.string().optional(),
});
export type ChunkRef = z.infer<typeof ChunkRef>;
