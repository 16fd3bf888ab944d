import { AppError } from "../../shared/errors.ts";
import type { Priority } from "./engine.ts";

export type CoreRequest = {
  /** Compute threads wanted; more than there are cores counts as all of them, 0 is granted at once. */
  threads: number;
  priority: Priority;
  signal?: AbortSignal | undefined;
  /** Called when somebody else should have the cores; the holder answers with `lease.pause()` when it can. */
  onPauseWanted?: (() => void) | undefined;
};

export type Lease = {
  /** Gives the cores back for now; resolves when they are this lease's again. Never settles once released. */
  pause(): Promise<void>;
  /** Gives the cores back for good. May be called at any time and more than once. */
  release(): void;
};

/** Hands out the machine's cores, so that compute threads together never exceed them. */
export type Arbiter = {
  readonly cores: number;
  /** Cores that nobody holds. */
  readonly free: number;
  /** @throws ABORTED when the signal fires while waiting */
  acquire(request: CoreRequest): Promise<Lease>;
};

type Entry = CoreRequest & { threads: number; grantedAt: number; asked: boolean; granted: () => void };

/**
 * Interactive requests go before background ones, equals in turn. A background holder is asked to pause as soon as
 * an interactive request cannot be met; an equal, once it has held its cores for `sliceMs`, so that a long answer
 * does not make a short query wait for its end. The first in line is never overtaken by a smaller request of its own
 * class, so nobody starves among equals.
 */
export function createArbiter({
  cores,
  sliceMs = 100,
  now = () => performance.now(),
}: {
  cores: number;
  sliceMs?: number;
  now?: () => number;
}): Arbiter {
  const waiting: Record<Priority, Entry[]> = { interactive: [], background: [] };
  const holders = new Set<Entry>();
  let free = cores;
  let timer: NodeJS.Timeout | undefined;

  function enqueue(entry: Entry, where: "front" | "back"): void {
    const queue = waiting[entry.priority];
    if (where === "front") queue.unshift(entry);
    else queue.push(entry);
    pump();
  }

  function pump(): void {
    for (let head = first(); head && head.threads <= free; head = first()) {
      waiting[head.priority].shift();
      free -= head.threads;
      head.grantedAt = now();
      head.asked = false;
      holders.add(head);
      head.granted();
    }
    askForRoom();
  }

  const first = () => waiting.interactive[0] ?? waiting.background[0];

  function askForRoom(): void {
    clearTimeout(timer);
    const head = first();
    if (!head) return;
    let missing = head.threads - free;
    for (const holder of holders) if (holder.asked) missing -= holder.threads;
    for (const holder of [...holders].sort((a, b) => urgency(b) - urgency(a) || a.grantedAt - b.grantedAt)) {
      if (missing <= 0) return;
      if (holder.asked || urgency(holder) < urgency(head)) continue;
      const yieldsAt = urgency(holder) > urgency(head) ? 0 : holder.grantedAt + sliceMs;
      if (yieldsAt > now()) {
        timer = setTimeout(askForRoom, yieldsAt - now() + 1);
        timer.unref();
        return;
      }
      holder.asked = true;
      missing -= holder.threads;
      holder.onPauseWanted?.();
    }
  }

  function giveBack(entry: Entry): boolean {
    if (!holders.delete(entry)) return false;
    free += entry.threads;
    return true;
  }

  function leave(entry: Entry): void {
    const queue = waiting[entry.priority];
    const at = queue.indexOf(entry);
    if (at >= 0) queue.splice(at, 1);
  }

  function leaseOf(entry: Entry): Lease {
    return {
      pause: () =>
        new Promise<void>((resolve) => {
          if (!giveBack(entry)) return;
          entry.granted = resolve;
          // Before others of its class when it stood back for something more urgent, behind them when its turn was over.
          enqueue(entry, entry.priority === "background" && waiting.interactive.length > 0 ? "front" : "back");
        }),
      release() {
        leave(entry);
        giveBack(entry);
        pump();
      },
    };
  }

  return {
    cores,
    get free() {
      return free;
    },
    acquire(request) {
      const { signal } = request;
      const threads = Math.min(Math.max(0, Math.floor(request.threads)), cores);
      if (signal?.aborted) return Promise.reject(aborted());
      if (threads === 0) return Promise.resolve({ pause: () => Promise.resolve(), release: () => {} });
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          leave(entry);
          pump();
          reject(aborted());
        };
        const granted = () => {
          signal?.removeEventListener("abort", onAbort);
          resolve(leaseOf(entry));
        };
        const entry: Entry = { ...request, threads, grantedAt: 0, asked: false, granted };
        signal?.addEventListener("abort", onAbort, { once: true });
        enqueue(entry, "back");
      });
    },
  };
}

/** Lower goes first. */
const urgency = (entry: { priority: Priority }) => (entry.priority === "interactive" ? 0 : 1);

const aborted = () => new AppError("ABORTED", "The operation was cancelled while it waited for the processor.");
