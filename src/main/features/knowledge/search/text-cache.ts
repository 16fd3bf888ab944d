/** Units of text kept in memory: passages of one answer come from few documents. */
const CAPACITY_UNITS = 16 * 1024 * 1024;

/**
 * Texts by hash, the most recently used kept. A text never changes, but it may be deleted: then it is gone from here,
 * too. `load` throws for what is not stored.
 */
export function createTextCache(load: (hash: string) => string, isStored: (hash: string) => boolean) {
  const texts = new Map<string, string>();
  let units = 0;
  return (hash: string): string => {
    let cached = texts.get(hash);
    if (cached !== undefined && !isStored(hash)) {
      texts.delete(hash);
      units -= cached.length;
      cached = undefined;
    }
    const text = cached ?? load(hash);
    if (cached === undefined) units += text.length;
    texts.delete(hash);
    texts.set(hash, text);
    for (const [oldest, dropped] of texts) {
      if (units <= CAPACITY_UNITS || oldest === hash) break;
      texts.delete(oldest);
      units -= dropped.length;
    }
    return text;
  };
}
