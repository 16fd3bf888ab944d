import { oneLine, withFootnotes } from "../../../../shared/answer-markdown.ts";
import type { Message, Thread } from "../../../../shared/contract/chat.ts";

/** A thread as Markdown: the branch that is active, with every citation as a footnote that quotes its source. */
export function toMarkdown(thread: Thread, path: readonly Message[]): string {
  const notes: string[] = [];
  const parts = path.map((message) => (message.role === "user" ? `## ${oneLine(message.text)}` : withFootnotes(message, notes)));
  return [`# ${oneLine(thread.title)}`, ...parts, ...notes].join("\n\n").concat("\n");
}
