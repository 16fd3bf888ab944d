import type { Message } from "../../../shared/contract/chat.ts";

/** Versions of one thing, oldest first, as ids of the messages that lead to them; `index` is the one that is open. */
export type Versions = { ids: string[]; index: number };

/** The versions of a question: every other wording that was asked at its place in the tree. */
export function questionVersions(messages: readonly Message[], question: Message): Versions {
  // Questions of the same wording are one version that was answered again: the open one stands for it, else the newest.
  const byText = new Map(askedBeside(messages, question).map(({ text, id }) => [text, id]));
  byText.set(question.text, question.id);
  return versions([...byText.values()], question.id);
}

/** The versions of an answer: every answer to its question in the same wording, since answering again asks again. */
export function answerVersions(messages: readonly Message[], answer: Message): Versions {
  const question = messages.find(({ id }) => id === answer.parent);
  if (!question) return versions([answer.id], answer.id);
  const asked = new Set(askedBeside(messages, question).flatMap(({ id, text }) => (text === question.text ? [id] : [])));
  const ids = messages.flatMap(({ id, role, parent }) => (role === "assistant" && parent !== null && asked.has(parent) ? [id] : []));
  return versions(ids, answer.id);
}

/** The end of the branch that goes on from a message, at every fork the newest. */
export function newestLeaf(messages: readonly Message[], from: string): string {
  const newestChild = new Map(messages.flatMap(({ id, parent }) => (parent === null ? [] : [[parent, id] as const])));
  const seen = new Set<string>();
  let leaf = from;
  for (let next: string | undefined = from; next !== undefined && !seen.has(next); next = newestChild.get(next)) {
    seen.add(next);
    leaf = next;
  }
  return leaf;
}

const askedBeside = (messages: readonly Message[], { parent }: Message) =>
  messages.filter((message) => message.role === "user" && message.parent === parent);

const versions = (ids: string[], open: string): Versions => ({ ids, index: ids.indexOf(open) });
