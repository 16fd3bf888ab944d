import { unlessLeft } from "../../core/unless-left.ts";

type Held<Document> = { opened: Promise<Document>; giveUp: AbortController; users: number; dropped: boolean };

export type HeldDocuments<Document> = {
  /**
   * Runs `work` on the document of that key, opening it where it is not held. It is not closed meanwhile. All who want
   * it share one opening, which is given up when the last of them has left: `signal` is of this one alone.
   */
  use<Result>(
    key: string,
    open: (signal: AbortSignal) => Promise<Document>,
    work: (document: Document) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result>;
  closeAll(): Promise<void>;
};

/**
 * Keeps the documents that were used last open: who looks at one page looks at the next. One that could not be opened
 * is not remembered.
 */
export function createHeldDocuments<Document>(capacity: number, close: (document: Document) => Promise<void>): HeldDocuments<Document> {
  const held = new Map<string, Held<Document>>();

  async function closeIfUnused(one: Held<Document>): Promise<void> {
    if (!one.dropped || one.users > 0) return;
    one.giveUp.abort();
    const document = await one.opened.catch(() => undefined);
    if (document !== undefined) await close(document);
  }

  function drop(key: string, one: Held<Document>): Promise<void> {
    if (held.get(key) === one) held.delete(key);
    one.dropped = true;
    return closeIfUnused(one);
  }

  function begin(open: (signal: AbortSignal) => Promise<Document>): Held<Document> {
    const giveUp = new AbortController();
    return { opened: open(giveUp.signal), giveUp, users: 0, dropped: false };
  }

  return {
    async use(key, open, work, signal) {
      signal.throwIfAborted();
      const one = held.get(key) ?? begin(open);
      // The most recently used stands last.
      held.delete(key);
      held.set(key, one);
      one.users += 1;
      for (const [oldest, other] of held) if (held.size > capacity) void drop(oldest, other);
      let isOpen = false;
      try {
        const document = await unlessLeft(one.opened, signal);
        isOpen = true;
        return await work(document);
      } catch (error) {
        // What made a page fail may have left the document in any state. Who leaves while it is opened leaves it to the others.
        if (isOpen || !signal.aborted || one.users === 1) void drop(key, one);
        throw error;
      } finally {
        one.users -= 1;
        await closeIfUnused(one);
      }
    },
    async closeAll() {
      await Promise.all([...held].map(([key, one]) => drop(key, one)));
    },
  };
}
