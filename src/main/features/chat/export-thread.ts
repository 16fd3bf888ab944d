import type { Message, Thread } from "../../../shared/contract/chat.ts";

/** A thread as Markdown: the branch that is active, with every citation as a footnote that quotes its source. */
export function toMarkdown(thread: Thread, path: readonly Message[]): string {
  const notes: string[] = [];
  const parts = path.map((message) => (message.role === "user" ? `## ${inline(message.text)}` : answerText(message, notes)));
  return [`# ${inline(thread.title)}`, ...parts, ...notes].join("\n\n").concat("\n");
}

function answerText(message: Message, notes: string[]): string {
  const { answer } = message;
  if (!answer) return message.text;
  const numbers = new Map(
    answer.citations.map((citation) => {
      const number = notes.length + 1;
      const where = [citation.document.title, citation.document.path, citation.page ? `page ${citation.page}` : undefined]
        .filter(Boolean)
        .join(", ");
      notes.push(`[^${number}]: “${inline(citation.quote)}” — ${inline(where)}`);
      return [citation.n, number] as const;
    }),
  );
  let text = "";
  let from = 0;
  for (const sentence of answer.sentences) {
    text += answer.answer.slice(from, sentence.end) + sentence.citations.map((n) => `[^${numbers.get(n) ?? n}]`).join("");
    from = sentence.end;
  }
  return text + answer.answer.slice(from);
}

function inline(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}
