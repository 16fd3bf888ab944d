import { setImmediate } from "node:timers/promises";

/** Works through items a slice at a time and lets the event loop turn in between, so that core answers meanwhile. */
export async function inSlices<Item>(
  items: readonly Item[],
  size: number,
  signal: AbortSignal,
  work: (slice: readonly Item[], first: number) => void,
): Promise<void> {
  for (let first = 0; first < items.length; first += size) {
    signal.throwIfAborted();
    work(items.slice(first, first + size), first);
    await setImmediate();
  }
}

/** Reads rows a page at a time, each page after the last row of the one before, and lets the event loop turn in between. */
export async function* inPages<Cursor, Row extends Cursor>(
  start: Cursor,
  signal: AbortSignal,
  read: (after: Cursor) => Row[],
): AsyncGenerator<Row[], void> {
  let rows = read(start);
  for (let last = rows.at(-1); last !== undefined; last = rows.at(-1)) {
    yield rows;
    await setImmediate();
    signal.throwIfAborted();
    rows = read(last);
  }
}

/** Runs `work` for every item, at most `limit` at a time. The first failure stops the rest and is thrown. */
export async function eachConcurrently<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  try {
    for await (const item of items) {
      if (failure) break;
      const task: Promise<void> = work(item)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => running.delete(task));
      running.add(task);
      if (running.size >= limit) await Promise.race(running);
    }
  } finally {
    // Also when the items themselves end in an error: nothing goes on behind the caller's back.
    await Promise.all(running);
  }
  if (failure) throw failure.error;
}

/** Lets work through as long as the weights of what runs stay within `capacity`, in order; one heavier than that runs alone. */
export function createGate(capacity: number) {
  const waiting: { weight: number; go: () => void }[] = [];
  let free = capacity;
  function pump(): void {
    for (let head = waiting[0]; head && head.weight <= free; head = waiting[0]) {
      waiting.shift();
      free -= head.weight;
      head.go();
    }
  }
  return async <Result>(wanted: number, work: () => Promise<Result>): Promise<Result> => {
    const weight = Math.min(Math.max(1, wanted), capacity);
    await new Promise<void>((go) => {
      waiting.push({ weight, go });
      pump();
    });
    try {
      return await work();
    } finally {
      free += weight;
      pump();
    }
  };
}
