type Terminable = { terminate(): Promise<void> };
type Slot<Worker> = { key: string; opening: Promise<Worker>; busy: boolean };

/** At most `capacity` workers, each with its languages; one with other languages makes room when it is idle. */
export function createWorkerPool<Worker extends Terminable>({ capacity }: { capacity: number }) {
  /** Least recently used first. */
  const slots: Slot<Worker>[] = [];
  let waiting: (() => void)[] = [];

  function remove(slot: Slot<Worker>): Promise<void> {
    const at = slots.indexOf(slot);
    if (at >= 0) slots.splice(at, 1);
    return slot.opening.then((worker) => worker.terminate()).catch(() => {});
  }

  function keepOpening(slot: Slot<Worker>): void {
    slot.opening.catch(() => void remove(slot));
  }

  /**
   * Puts a fresh worker into the place of one that is in the middle of its work. It is opened before the other ends:
   * while that lives, its compiled code is shared.
   */
  async function replace(slot: Slot<Worker>, open: () => Promise<Worker>): Promise<void> {
    const at = slots.indexOf(slot);
    // Closed meanwhile.
    if (at < 0) return remove(slot);
    const fresh = { key: slot.key, opening: open(), busy: false };
    keepOpening(fresh);
    slots.splice(at, 1, fresh);
    await slot.opening.then((worker) => worker.terminate()).catch(() => {});
  }

  function wake(): void {
    const all = waiting;
    waiting = [];
    for (const look of all) look();
  }

  function take(key: string, open: () => Promise<Worker>): Slot<Worker> | undefined {
    let slot = slots.find((candidate) => !candidate.busy && candidate.key === key);
    if (!slot) {
      const idle = slots.find((candidate) => !candidate.busy);
      if (slots.length >= capacity && !idle) return undefined;
      const room = slots.length >= capacity && idle ? remove(idle) : Promise.resolve();
      slot = { key, opening: room.then(open), busy: false };
      slots.push(slot);
    }
    slot.busy = true;
    return slot;
  }

  async function wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    signal.throwIfAborted();
  }

  return {
    /**
     * Runs `work` on a worker for `key`, waiting for a free one. An abort terminates the worker in the middle of its
     * work; an error discards it; either way the next call gets a fresh one, which after an abort is opened at once.
     */
    async use<T>(key: string, open: () => Promise<Worker>, signal: AbortSignal, work: (worker: Worker) => Promise<T>): Promise<T> {
      let slot = take(key, open);
      while (!slot) {
        await wait(signal);
        slot = take(key, open);
      }
      const { opening } = slot;
      const stopped = Promise.withResolvers<never>();
      const onAbort = () => stopped.reject(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      let began = false;
      const done = opening.then((worker) => {
        signal.throwIfAborted();
        began = true;
        return work(worker);
      });
      try {
        const result = await Promise.race([done, stopped.promise]);
        slots.push(...slots.splice(slots.indexOf(slot), 1));
        return result;
      } catch (error) {
        // One that is still being opened has lost nothing and serves the next call.
        if (signal.aborted && !began) keepOpening(slot);
        else if (signal.aborted) await replace(slot, open);
        else await remove(slot);
        throw error;
      } finally {
        signal.removeEventListener("abort", onAbort);
        slot.busy = false;
        wake();
      }
    },
    async close(): Promise<void> {
      await Promise.all([...slots].map(remove));
    },
  };
}
