import type { DocumentLayout } from "../../../shared/contract/reading.ts";
import type { Say } from "./messages.ts";

/** What a person must know of what is shown, most important first: it is not the page, it is old, words are missing. */
export function readerNotes(layout: DocumentLayout, page: number, say: Say): string[] {
  const notes: string[] = [];
  const { original, drawable, pending, pages, warnings } = layout;
  if (drawable && original === "missing") notes.push(say("missing"));
  if (drawable && original === "changed") notes.push(say("changed"));
  if (pending) notes.push(say("pending"));
  const shown = pages.find((one) => one.page === page);
  if (!drawable || !shown || shown.end > shown.start) return notes;
  const refusal = warnings.find(({ code, page: at }) => at === page && (code === "OCR_FAILED" || code === "PAGE_DAMAGED"));
  const waiting = warnings.some(({ code, page: at }) => code === "OCR_PENDING" && (at === undefined || at === page));
  if (waiting) notes.push(say("textPending"));
  else notes.push(refusal?.message ?? say("noText"));
  return notes;
}
