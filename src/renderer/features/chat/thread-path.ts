import type { Message } from "../../../shared/contract/chat.ts";

/** The messages from the root to a leaf, in reading order. A parent that is missing, or a loop, ends the walk. */
export function pathTo(messages: readonly Message[], leaf: string | null | undefined): Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const path: Message[] = [];
  const seen = new Set<string>();
  for (let id = leaf ?? undefined; id !== undefined && !seen.has(id);) {
    const message = byId.get(id);
    if (!message) break;
    seen.add(id);
    path.push(message);
    id = message.parent ?? undefined;
  }
  return path.reverse();
}

/**
 * What of a stored path is shown above an answer that is being written: everything before the question itself, which
 * core stores while its answer still streams.
 */
export function beforeAsk(path: readonly Message[], ask: { message?: string; request: { question: string } }): Message[] {
  const at = ask.message === undefined ? -1 : path.findIndex(({ id }) => id === ask.message);
  if (at >= 0) return path.slice(0, path[at]?.role === "assistant" ? Math.max(0, at - 1) : at);
  const last = path.at(-1);
  const stored = last?.role === "user" ? path.length - 1 : last?.state === "streaming" ? path.length - 2 : path.length;
  const question = path[stored];
  return question?.role === "user" && question.text === ask.request.question ? path.slice(0, stored) : [...path];
}
