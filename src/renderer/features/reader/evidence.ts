import type { Citation } from "../../../shared/contract/chat.ts";
import type { Passage } from "../../../shared/contract/search.ts";
import type { Evidence } from "../../view/reader-store.ts";

/** A found passage as the reader opens it: the whole chunk is marked. */
export const passageEvidence = ({ rank, document, chunk }: Passage): Evidence => ({
  document,
  textHash: chunk.textHash,
  start: chunk.start,
  end: chunk.end,
  page: chunk.page,
  label: String(rank),
});

/** A citation as the reader opens it: exactly the quote is marked. */
export const citationEvidence = ({ n, document, chunk, quoteStart, quoteEnd, page }: Citation): Evidence => ({
  document,
  textHash: chunk.textHash,
  start: quoteStart,
  end: quoteEnd,
  page: page ?? chunk.page,
  label: String(n),
});
