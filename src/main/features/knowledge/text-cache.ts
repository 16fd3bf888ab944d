/** Units of text kept in memory: passages of one answer come from few documents. */
const CAPACITY_UNITS = 16 * 1024 * 1024;

/** Texts by hash, the most recently used kept; a text never changes, so nothing needs invalidating. */
export function createTextCache(load: (hash: string) => string) {
  const texts = new Map<string, string>();
  let units = 0;
  return (hash: string): string => {
    const cached = texts.get(hash);
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
