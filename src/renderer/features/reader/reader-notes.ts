import type { DocumentLayout } from "../../../shared/contract/reading.ts";

/** What a person must know of what is shown, most important first: it is not the page, it is old, words are missing. */
export function readerNotes(layout: DocumentLayout, page: number): string[] {
  const notes: string[] = [];
  const { original, drawable, pending, pages, warnings } = layout;
  if (drawable && original === "missing")
    notes.push("The file is not where it was read, so this is its stored text. Put it back to see its pages.");
  if (drawable && original === "changed")
    notes.push("The file was changed since it was read, so this is the text that was read. Sync the collection to see it as it is now.");
  if (pending) notes.push("The file is waiting to be read again; what is shown was read before.");
  const shown = pages.find((one) => one.page === page);
  if (!drawable || !shown || shown.end > shown.start) return notes;
  const refusal = warnings.find(({ code, page: at }) => at === page && (code === "OCR_FAILED" || code === "PAGE_DAMAGED"));
  const waiting = warnings.some(({ code, page: at }) => code === "OCR_PENDING" && (at === undefined || at === page));
  if (waiting) notes.push("The text of this page is still to be recognised; until then its words are not found.");
  else notes.push(refusal?.message ?? "No text was found on this page, so nothing of it can be searched or marked.");
  return notes;
}
