/** A topic of a scripted core: what is published reaches everybody who follows at that moment. */
export function createTopic<T>() {
  const followers = new Set<(item: T) => void>();
  return {
    publish: (item: T) => followers.forEach((follow) => follow(item)),
    async *follow(signal: AbortSignal | undefined): AsyncGenerator<T> {
      const waiting: T[] = [];
      let wake = () => {};
      const follower = (item: T) => (waiting.push(item), wake());
      followers.add(follower);
      signal?.addEventListener("abort", () => wake(), { once: true });
      try {
        for (;;) {
          if (signal?.aborted) return;
          const item = waiting.shift();
          if (item !== undefined) yield item;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        followers.delete(follower);
      }
    },
  };
}

/** A gate that work passes step by step when closed, and freely when open. */
export function createGate() {
  let open = true;
  const waiting = new Set<() => void>();
  let arrived = () => {};
  const letAll = () => {
    for (const pass of waiting) pass();
  };
  return {
    close: () => void (open = false),
    /** Lets everything through from now on. */
    open: () => ((open = true), letAll()),
    /** Lets what waits take one step; what is still on its way is waited for. */
    async step(): Promise<void> {
      while (waiting.size === 0) await new Promise<void>((resolve) => (arrived = resolve));
      letAll();
    },
    async pass(signal: AbortSignal | undefined): Promise<void> {
      if (!open && !signal?.aborted)
        await new Promise<void>((resolve) => {
          const pass = () => (waiting.delete(pass), resolve());
          waiting.add(pass);
          signal?.addEventListener("abort", pass, { once: true });
          arrived();
        });
      signal?.throwIfAborted();
    },
  };
}
