import { createHash } from "node:crypto";
import type { FoundPassage } from "../../src/main/features/knowledge/index.ts";

/** A retrieved passage that is the whole of its document. */
export function passage(rank: number, title: string, text: string, score = 1 / rank): FoundPassage {
  const id = `00000000-0000-7000-8000-${String(rank).padStart(12, "0")}`;
  return {
    rank,
    score,
    text,
    document: { id, title },
    chunk: { id, textHash: createHash("sha256").update(text).digest("hex"), start: 0, end: text.length },
    section: { start: 0, end: text.length },
    language: "en",
  };
}
