import { Answer, type Message } from "../../../../shared/contract/chat.ts";
import { Reason } from "../../../../shared/contract/define.ts";

/** A row of `messages`. */
export type MessageRow = {
  id: string;
  parent: string | null;
  role: "user" | "assistant";
  text: string;
  state: Message["state"];
  model: string | null;
  answer: string | null;
  error: string | null;
  created_at: number;
};

/** Citations outlive what they cite: the quote stays, marked as deleted. */
export function toMessage(row: MessageRow, isDeleted: (documentId: string) => boolean): Message {
  return {
    id: row.id,
    parent: row.parent,
    role: row.role,
    text: row.text,
    state: row.state,
    ...(row.model === null ? {} : { model: row.model }),
    ...(row.answer === null ? {} : { answer: withDeleted(Answer.parse(JSON.parse(row.answer)), isDeleted) }),
    ...(row.error === null ? {} : { error: Reason.parse(JSON.parse(row.error)) }),
    createdAt: row.created_at,
  };
}

function withDeleted(answer: Answer, isDeleted: (documentId: string) => boolean): Answer {
  return {
    ...answer,
    citations: answer.citations.map((citation) => (isDeleted(citation.document.id) ? { ...citation, deleted: true } : citation)),
  };
}
