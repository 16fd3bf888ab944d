import type { Citation } from "../../../shared/contract/chat.ts";
import type { Passage } from "../../../shared/contract/search.ts";
import type { Evidence } from "../../view/reader-store.ts";

/** A found passage as the reader opens it: the whole chunk is marked. */
export const passageEvidence = ({ rank, document, chunk, text }: Passage): Evidence => ({
  document,
  textHash: chunk.textHash,
  start: chunk.start,
  end: chunk.end,
  page: chunk.page,
  boxes: chunk.boxes,
  quote: text,
  label: String(rank),
});

/** A citation as the reader opens it: exactly the quote is marked. */
export const citationEvidence = ({ n, document, chunk, quote, quoteStart, quoteEnd, page, boxes }: Citation): Evidence => ({
  document,
  textHash: chunk.textHash,
  start: quoteStart,
  end: quoteEnd,
  page: page ?? chunk.page,
  // The boxes of a quote stand on its page; those of the chunk say nothing of the quote.
  boxes: page === undefined ? undefined : boxes,
  quote,
  label: String(n),
});
