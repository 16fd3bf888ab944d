/**
 * A queue that keeps only the newest value of each key, so that a slow reader holds back nobody and sees the
 * latest state. Iteration ends when the signal fires.
 */
export function createMailbox<Key, Value>(signal?: AbortSignal) {
  const waiting = new Map<Key, Value>();
  let wake: (() => void) | undefined;
  const ring = () => {
    wake?.();
    wake = undefined;
  };
  signal?.addEventListener("abort", ring, { once: true });

  return {
    put(key: Key, value: Value): void {
      waiting.set(key, value);
      ring();
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<Value, void> {
      while (!signal?.aborted) {
        const [entry] = waiting;
        if (entry) {
          waiting.delete(entry[0]);
          yield entry[1];
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
}
