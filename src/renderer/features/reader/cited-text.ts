import type { Evidence } from "../../view/reader-store.ts";

/** A quote as it is put into a text of one's own: its words, and where they stand. */
export function citedText({ quote, document, page }: Evidence): string {
  const words = (quote ?? "").replaceAll(/\s+/g, " ").trim();
  return `“${words}” (${[document.title, page === undefined ? undefined : `p. ${page}`].filter(Boolean).join(", ")})`;
}
