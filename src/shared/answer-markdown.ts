import type { Answer, Message } from "./contract/chat.ts";

/**
 * The text of an answer with a footnote mark behind each sentence that cites. The notes, which quote their source,
 * are pushed onto `notes` and numbered on from those that are there: a whole thread shares one list.
 */
export function withFootnotes({ text, answer }: Pick<Message, "text" | "answer">, notes: string[]): string {
  if (!answer) return text;
  const numbers = new Map(answer.citations.map((citation) => [citation.n, notes.push(footnote(citation, notes.length + 1))] as const));
  let marked = "";
  let from = 0;
  for (const sentence of answer.sentences) {
    marked += answer.answer.slice(from, sentence.end) + sentence.citations.map((n) => `[^${numbers.get(n) ?? n}]`).join("");
    from = sentence.end;
  }
  return marked + answer.answer.slice(from);
}

function footnote({ document, page, quote }: Answer["citations"][number], number: number): string {
  const where = [document.title, document.path, page ? `page ${page}` : undefined].filter(Boolean).join(", ");
  return `[^${number}]: “${oneLine(quote)}” — ${oneLine(where)}`;
}

/** A text in one line, as headings and notes of Markdown need it. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/gu, " ").trim();
