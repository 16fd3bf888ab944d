import type { AskItem, AskRequest } from "../../../../shared/contract/chat.ts";
import { isAbort } from "../../../../shared/errors.ts";
import { toProblem } from "../../../api/problem.ts";
import type { Ask } from "./ask-state.ts";
import { applyAskItem, isRunning, startAsk } from "./ask-state.ts";

/** The key of a question in a thread that does not exist yet. */
export const newThread = "new";

export type Asks = {
  /**
   * Asks in the thread of the request, or in a new one; resolves when the stream is over, whatever became of it.
   * `known` is how many messages the thread has now.
   */
  start(request: AskRequest, known?: number): Promise<void>;
  /** Ends the running ask of a thread; what was written stays. */
  stop(key: string): void;
  /** The latest ask of a thread in this window. */
  of(key: string): Ask | undefined;
  /** The ask that made a message in this window: only it still knows which passages were read. */
  byMessage(message: string): Ask | undefined;
  /** Tells when a question asked in a new thread has been given its id. */
  onThread(listener: (thread: string) => void): () => void;
  subscribe(listener: () => void): () => void;
};

export type AsksOptions = {
  ask(request: AskRequest, signal: AbortSignal): Promise<AsyncIterable<AskItem>>;
  onSettled(ask: Ask): void;
  /** How a burst of tokens becomes one paint; a frame in the window, at once in tests. */
  schedule?: (paint: () => void) => void;
};

/**
 * The answers under way. They live beside the views, so that leaving the chat does not stop one and coming back
 * finds it. Tokens are painted at most 30 times a second, however fast they come.
 */
export function createAsks({ ask: send, onSettled, schedule = (paint) => void setTimeout(paint, 33) }: AsksOptions): Asks {
  const byThread = new Map<string, Ask>();
  const byMessage = new Map<string, Ask>();
  const stops = new Map<string, AbortController>();
  const listeners = new Set<() => void>();
  const threadListeners = new Set<(thread: string) => void>();
  const paint = () => listeners.forEach((listener) => listener());

  const run = async (request: AskRequest, known?: number) => {
    let key = request.thread ?? newThread;
    stops.get(key)?.abort();
    const stopping = new AbortController();
    stops.set(key, stopping);
    let current = startAsk(request, known);
    let due = false;

    const keep = (next: Ask, now = false) => {
      if (stops.get(key) !== stopping) return;
      current = next;
      if (next.thread && next.thread !== key) {
        stops.delete(key);
        byThread.delete(key);
        const begun = key === newThread;
        key = next.thread;
        stops.set(key, stopping);
        byThread.set(key, next);
        if (begun) threadListeners.forEach((listener) => listener(key));
      }
      byThread.set(key, next);
      if (next.message) byMessage.set(next.message, next);
      if (now) return paint();
      if (due) return;
      due = true;
      schedule(() => ((due = false), paint()));
    };

    keep(current, true);
    try {
      for await (const item of await send(request, stopping.signal)) keep(applyAskItem(current, item), item.type !== "token");
      if (isRunning(current)) keep({ ...current, phase: "failed", problem: toProblem(new Error("ended")) }, true);
    } catch (error) {
      const stopped = stopping.signal.aborted || isAbort(error);
      keep(stopped ? { ...current, phase: "stopped" } : { ...current, phase: "failed", problem: toProblem(error) }, true);
    } finally {
      if (stops.get(key) === stopping) stops.delete(key);
      onSettled(current);
    }
  };

  return {
    start: run,
    stop: (key) => stops.get(key)?.abort(),
    of: (key) => byThread.get(key),
    byMessage: (message) => byMessage.get(message),
    onThread(listener) {
      threadListeners.add(listener);
      return () => threadListeners.delete(listener);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
