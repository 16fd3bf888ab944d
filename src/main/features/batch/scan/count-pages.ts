import { open } from "node:fs/promises";
import { AppError } from "../../../../shared/errors.ts";

/** Bytes looked at from each end of a file. */
const LOOKED_AT = 4 * 1024 * 1024;
/** A PDF page is about so large where its pages cannot be counted from outside. */
const BYTES_A_PAGE = 60_000;

/**
 * Pages of a file without reading it: of a PDF by its page tree where that lies open, else by its size. Also says what
 * will keep it from being read, where that can be seen from outside.
 */
export async function countPages(path: string, type: string, size: number): Promise<{ pages: number; problem?: AppError }> {
  if (type !== "pdf") return { pages: 1 };
  const text = await ends(path, size);
  if (!text.includes("%%EOF") && !text.includes("startxref"))
    return { pages: 1, problem: new AppError("FILE_DAMAGED", "The PDF has no end: it was cut off.") };
  if (/\/Encrypt[\s\d]/u.test(text) && /\/(?:O|U)\s*[(<]/u.test(text) && /\/P\s+-?\d+/u.test(text))
    return {
      pages: 1,
      problem: new AppError("FILE_ENCRYPTED", "The PDF is encrypted.", {
        hint: "It can be read if it opens without a password, or with the one that you give.",
      }),
    };
  const counts = [
    ...text.matchAll(/\/Type\s*\/Pages\b[^>]{0,400}?\/Count\s+(\d{1,6})|\/Count\s+(\d{1,6})[^>]{0,400}?\/Type\s*\/Pages\b/gu),
  ].map((match) => Number(match[1] ?? match[2]));
  const leaves = [...text.matchAll(/\/Type\s*\/Page\b/gu)].length;
  const counted = counts.reduce((most, count) => Math.max(most, count), leaves);
  return { pages: counted || Math.max(1, Math.ceil(size / BYTES_A_PAGE)) };
}

async function ends(path: string, size: number): Promise<string> {
  const file = await open(path, "r");
  try {
    const head = Buffer.alloc(Math.min(size, LOOKED_AT));
    await file.read(head, 0, head.length, 0);
    const from = Math.max(head.length, size - LOOKED_AT);
    const tail = Buffer.alloc(size - from);
    await file.read(tail, 0, tail.length, from);
    return head.toString("latin1") + tail.toString("latin1");
  } finally {
    await file.close();
  }
}
