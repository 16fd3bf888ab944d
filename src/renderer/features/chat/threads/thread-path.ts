import type { PathWindow } from "../../../../shared/contract/chat.ts";
import type { Ask } from "../asking/ask-state.ts";
import { isRunning } from "../asking/ask-state.ts";

export type Shown = {
  /** Stored messages of the branch that stand on the screen, from the root on. */
  length: number;
  /** The answer of this window that is shown below them in place of what core has stored of it. */
  live?: Ask;
};

/**
 * What stands on the screen: the stored branch, and below it the answer under way, until core has stored it whole.
 * Core stores a question before its answer streams, so the stored twins of a live answer are left out. Where another
 * branch was opened meanwhile, the live answer goes on unseen.
 */
export function shownThread(path: PathWindow | undefined, ask: Ask | undefined): Shown {
  if (!path) return ask ? { length: 0, live: ask } : { length: 0 };
  if (!ask) return { length: path.length };
  const end = path.messages.at(path.length - path.start - 1);
  const isStored = path.thread.messages > ask.known;
  if (!isStored) return { length: cutFor(path, ask), live: ask };
  // Before it is given an id, it is the one that core is writing.
  const isTwin = ask.message === undefined ? isRunning(ask) && end?.state === "streaming" : path.thread.leaf === ask.message;
  if (!isTwin) return { length: path.length };
  const isSettled = !isRunning(ask) && end?.state !== "streaming";
  return isSettled ? { length: path.length } : { length: Math.max(0, path.length - 2), live: ask };
}

/** How much of the branch stands above a question that core has not told of yet. */
function cutFor(path: PathWindow, { request }: Ask): number {
  const indexOf = (id: string | null | undefined) => path.messages.findIndex((message) => message.id === id);
  if (request.answering !== undefined) {
    const at = indexOf(request.answering);
    return at < 0 ? path.length : path.start + at;
  }
  if (request.parent === null) return 0;
  const at = indexOf(request.parent);
  return at < 0 ? path.length : path.start + at + 1;
}
