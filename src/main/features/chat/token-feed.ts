/** A queue between a producer that calls back and a stream that is read; ends or fails once everything was read. */
export function createTokenFeed<Item>() {
  const items: Item[] = [];
  let state: { done: false } | { done: true; error?: { value: unknown } } = { done: false };
  let wake: (() => void) | undefined;
  const ring = () => {
    wake?.();
    wake = undefined;
  };
  return {
    put(item: Item): void {
      items.push(item);
      ring();
    },
    end(): void {
      state = { done: true };
      ring();
    },
    fail(value: unknown): void {
      state = { done: true, error: { value } };
      ring();
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<Item, void> {
      for (;;) {
        const item = items.shift();
        if (item !== undefined) {
          yield item;
        } else if (state.done) {
          if (state.error) throw state.error.value;
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
}
