/**
 * Collects sets and hands their union on: at once when nothing was handed on for `everyMs`, else when that time is over.
 * A burst of a thousand events becomes a handful of refreshes, and the last one is never lost.
 */
export function startedThrottle<T>(everyMs: number, run: (items: ReadonlySet<T>) => void): (items: ReadonlySet<T>) => void {
  let waiting = new Set<T>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = () => {
    timer = undefined;
    if (waiting.size === 0) return;
    const items = waiting;
    waiting = new Set();
    timer = setTimeout(flush, everyMs);
    run(items);
  };

  return (items) => {
    for (const item of items) waiting.add(item);
    if (timer === undefined) flush();
  };
}
