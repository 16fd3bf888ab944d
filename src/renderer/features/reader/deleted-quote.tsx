import { AppError } from "../../../shared/errors.ts";
import { useWords } from "../../i18n/use-words.ts";
import type { Evidence } from "../../view/reader-store.ts";
import { messages } from "./messages.ts";

export const isDeleted = (error: unknown): boolean => error instanceof AppError && error.code === "NOT_FOUND";

/** What is left of a document that was deleted: the words that an answer quoted of it. */
export function DeletedQuote({ evidence: { quote } }: { evidence: Evidence }) {
  const say = useWords(messages);
  return (
    <div className="flex flex-col gap-3 overflow-y-auto p-5">
      <p className="text-fg2">{say("documentWasDeleted", { what: quote ? say("whatWasQuoted") : say("nothingKept") })}</p>
      {quote && (
        <blockquote className="max-w-[72ch] border-s-2 border-source ps-3 text-15 break-words whitespace-pre-wrap">{quote}</blockquote>
      )}
    </div>
  );
}
