import type { Message } from "../../../shared/contract/chat.ts";
import type { Ask } from "./ask-state.ts";
import { isRunning } from "./ask-state.ts";

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

export type Shown = {
  path: Message[];
  /** The answer of this window that is shown below the path in place of what core has stored of it. */
  live?: Ask;
};

/**
 * What stands on the screen: the stored branch, and below it the answer under way, until core has stored it whole.
 * Core stores a question before its answer streams, so the stored twin of a live answer is left out. Where another
 * branch was opened meanwhile, the live answer goes on unseen.
 */
export function shownThread(messages: readonly Message[], leaf: string | null | undefined, ask: Ask | undefined): Shown {
  const stored = pathTo(messages, leaf);
  if (!ask) return { path: stored };
  const twin = messages.find(({ id }) => id === ask.message);
  if (twin) {
    const at = stored.indexOf(twin);
    const settled = twin.state !== "streaming" && !isRunning(ask);
    return at < 0 || settled ? { path: stored } : { path: stored.slice(0, Math.max(0, at - 1)), live: ask };
  }
  // It failed before it was given an id: a leaf that moved since means that core stored it, or that another branch was opened.
  const moved = ask.message === undefined && !isRunning(ask) && (leaf ?? null) !== (ask.leaf ?? null);
  return moved ? { path: stored } : { path: pathTo(messages, ask.request.parent), live: ask };
}
