import { AppError } from "../../../shared/errors.ts";
import type { Evidence } from "../../view/reader-store.ts";

export const isDeleted = (error: unknown): boolean => error instanceof AppError && error.code === "NOT_FOUND";

/** What is left of a document that was deleted: the words that an answer quoted of it. */
export function DeletedQuote({ evidence: { quote } }: { evidence: Evidence }) {
  return (
    <div className="flex flex-col gap-3 overflow-y-auto p-5">
      <p className="text-fg2">The document was deleted. {quote ? "What was quoted of it is kept." : "Nothing of it is kept."}</p>
      {quote && (
        <blockquote className="max-w-[72ch] border-l-2 border-source pl-3 text-15 break-words whitespace-pre-wrap">{quote}</blockquote>
      )}
    </div>
  );
}
