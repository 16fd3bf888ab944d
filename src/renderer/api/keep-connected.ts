import type { Link } from "../../shared/client/create-client.ts";
import { AppError } from "../../shared/errors.ts";
import type { Dial, Wire } from "./wire.ts";

export type ConnectionState = "connecting" | "connected" | "reconnecting" | "refused";

/** Milliseconds to wait before the nth try in a row: 250, 500, … up to 5,000. */
export const backoffMs = (failures: number): number => Math.min(5000, 250 * 2 ** Math.min(failures, 10));

export type Connection = {
  /** Sends over the connection of the moment; while there is none, calls wait for it or for their own signal. */
  link: Link;
  close(): void;
};

export type KeepConnectedOptions = {
  onState(state: ConnectionState): void;
  /** Replaced in tests, so that none of them waits. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** Dials, and dials again whenever the connection is lost, until it is closed. */
export function keepConnected(dial: Dial, { onState, pause = sleep }: KeepConnectedOptions): Connection {
  const stopping = new AbortController();
  let current = Promise.withResolvers<Wire>();
  current.promise.catch(() => {});

  const run = async () => {
    let failures = 0;
    onState("connecting");
    while (!stopping.signal.aborted) {
      try {
        const wire = await dial(stopping.signal);
        failures = 0;
        current.resolve(wire);
        onState("connected");
        await wire.closed;
        current = Promise.withResolvers<Wire>();
        current.promise.catch(() => {});
      } catch (error) {
        failures += 1;
        // Trying again cannot help a page that was never let in.
        if (error instanceof AppError && error.code === "UNAUTHORIZED") {
          onState("refused");
          current.reject(error);
          return;
        }
      }
      if (stopping.signal.aborted) return;
      onState("reconnecting");
      await pause(backoffMs(failures), stopping.signal);
    }
  };
  void run();

  return {
    link: {
      call: async (path, input, options) => {
        const wire = await until(current.promise, options.signal);
        return wire.link.call(path, input, options);
      },
    },
    close() {
      stopping.abort();
      current.reject(new AppError("CLOSED", "The connection to Croft was closed."));
    },
  };
}

/** The promise, unless the signal aborts first. */
function until<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  return Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener("abort", onAbort));
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
