import { AppError } from "../../shared/errors.ts";
import type { Priority } from "../engines/engine.ts";

/** Lets calls in until `limit` of them are inside. */
export type CallGate = {
  /** Resolves with the function that leaves again. @throws ABORTED when the signal fires while waiting */
  enter(priority: Priority, signal?: AbortSignal): Promise<() => void>;
};

type Waiting = { priority: Priority; letIn: () => void };

/**
 * Bounds how many answers are under way at once, each of which holds memory for its context. Interactive calls go
 * first, and background ones never take the last place but when it is the only one.
 */
export function createCallGate(limit: number): CallGate {
  const inside = { interactive: 0, background: 0 };
  const waiting: Waiting[] = [];

  function hasRoom(priority: Priority): boolean {
    const total = inside.interactive + inside.background;
    return priority === "interactive" ? total < limit : total < limit && inside.background < Math.max(1, limit - 1);
  }

  function letNextIn(): void {
    for (const priority of ["interactive", "background"] as const) {
      for (let next = first(priority); next && hasRoom(priority); next = first(priority)) {
        waiting.splice(waiting.indexOf(next), 1);
        next.letIn();
      }
    }
  }

  const first = (priority: Priority) => waiting.find((one) => one.priority === priority);

  return {
    enter(priority, signal) {
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          waiting.splice(waiting.indexOf(entry), 1);
          reject(new AppError("ABORTED", "The answer was cancelled before it began."));
        };
        const letIn = () => {
          signal?.removeEventListener("abort", onAbort);
          inside[priority] += 1;
          let left = false;
          resolve(() => {
            if (left) return;
            left = true;
            inside[priority] -= 1;
            letNextIn();
          });
        };
        const entry: Waiting = { priority, letIn };
        waiting.push(entry);
        if (signal?.aborted) return onAbort();
        signal?.addEventListener("abort", onAbort, { once: true });
        letNextIn();
      });
    },
  };
}
