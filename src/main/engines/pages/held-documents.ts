type Held<Document> = { opened: Promise<Document>; users: number; dropped: boolean };

export type HeldDocuments<Document> = {
  /** Runs `work` on the document of that key, opening it where it is not held. It is not closed meanwhile. */
  use<Result>(key: string, open: () => Promise<Document>, work: (document: Document) => Promise<Result>): Promise<Result>;
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
    const document = await one.opened.catch(() => undefined);
    if (document !== undefined) await close(document);
  }

  function drop(key: string, one: Held<Document>): Promise<void> {
    if (held.get(key) === one) held.delete(key);
    one.dropped = true;
    return closeIfUnused(one);
  }

  return {
    async use(key, open, work) {
      const one = held.get(key) ?? { opened: open(), users: 0, dropped: false };
      // The most recently used stands last.
      held.delete(key);
      held.set(key, one);
      one.users += 1;
      for (const [oldest, other] of held) if (held.size > capacity) void drop(oldest, other);
      try {
        return await work(await one.opened);
      } catch (error) {
        // What made a page fail may have left the document in any state.
        void drop(key, one);
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
