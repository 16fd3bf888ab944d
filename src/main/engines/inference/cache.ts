type Disposable = { dispose(): Promise<void> };
type Entry<Value> = { folder: string; loading: Promise<Value>; uses: number; doomed: boolean };

/** What is kept in memory under a key, least recently used first. A value in use is freed only when its last use ends. */
export function createCache<Value extends Disposable>({ capacity }: { capacity: number }) {
  const entries = new Map<string, Entry<Value>>();

  function touch(key: string, entry: Entry<Value>): void {
    // The last in a map is the most recently used.
    entries.delete(key);
    entries.set(key, entry);
  }

  async function free(key: string, entry: Entry<Value>): Promise<void> {
    if (entries.get(key) === entry) entries.delete(key);
    entry.doomed = true;
    if (entry.uses > 0) return;
    const value = await entry.loading.catch(() => undefined);
    await value?.dispose();
  }

  /** Makes room before something is loaded, so that memory never holds more than the capacity allows. */
  async function makeRoom(): Promise<void> {
    for (const [key, entry] of entries) {
      if (entries.size < capacity) return;
      if (entry.uses === 0) await free(key, entry);
    }
  }

  return {
    /**
     * Runs `work` with the value of the key, loading it where needed. A failed load is forgotten.
     * @throws what `load` or `work` throws
     */
    async use<T>(
      { key, folder }: { key: string; folder: string },
      load: () => Promise<Value>,
      work: (value: Value) => Promise<T>,
    ): Promise<T> {
      if (!entries.has(key)) await makeRoom();
      const entry = entries.get(key) ?? { folder, loading: load(), uses: 0, doomed: false };
      touch(key, entry);
      entry.uses += 1;
      try {
        const value = await entry.loading.catch((error: unknown) => {
          if (entries.get(key) === entry) entries.delete(key);
          throw error;
        });
        return await work(value);
      } finally {
        entry.uses -= 1;
        if (entry.doomed) await free(key, entry);
      }
    },
    /** Frees what was loaded from a folder, or everything. */
    async unload(folder?: string): Promise<void> {
      const chosen = [...entries].filter(([, entry]) => folder === undefined || entry.folder === folder);
      await Promise.all(chosen.map(([key, entry]) => free(key, entry)));
    },
  };
}
