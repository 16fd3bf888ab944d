import { useEffect, useRef, useState } from "react";
import { isAbort } from "../../shared/errors.ts";

export type Stoppable<T> = {
  running: boolean;
  result: T | undefined;
  error: unknown;
  start(): void;
  /** Ends the call in core too; what it had begun is undone there. */
  stop(): void;
};

/** A slow call that can be stopped. It ends with the view that started it; a stop is no error. */
export function useStoppable<T>(call: (signal: AbortSignal) => Promise<T>): Stoppable<T> {
  const [state, setState] = useState<{ running: boolean; result?: T; error?: unknown }>({ running: false });
  const stopping = useRef<AbortController>(undefined);
  useEffect(() => () => stopping.current?.abort(), []);

  const start = async () => {
    if (stopping.current) return;
    const own = new AbortController();
    stopping.current = own;
    setState({ running: true });
    try {
      const result = await call(own.signal);
      setState({ running: false, result });
    } catch (error) {
      setState(own.signal.aborted || isAbort(error) ? { running: false } : { running: false, error });
    } finally {
      stopping.current = undefined;
    }
  };
  return { ...state, result: state.result, error: state.error, start: () => void start(), stop: () => stopping.current?.abort() };
}
