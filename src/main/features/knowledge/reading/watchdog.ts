import { AppError, isAbort } from "../../../../shared/errors.ts";
import type { CallOptions, EngineHost, Priority, Protocol } from "../../../engines/engine.ts";

export type Watched = {
  signal: AbortSignal;
  priority: Priority;
  stallMs: number;
  /** What the call works on, for the message. */ what: string;
};

export type WatchedCall<P extends Protocol> = <Name extends keyof P & string>(
  method: Name,
  input: P[Name]["input"],
  watched: Watched,
  onItem?: CallOptions<P[Name]>["onItem"],
) => Promise<P[Name]["output"]>;

/**
 * Calls an engine and gives a call up when it has computed for `stallMs` without a sign. Waiting for the cores does
 * not count where the engine sends clock items. With `restart` (an engine in a process of its own) later calls wait
 * until the given up process is gone, and find a fresh one.
 * @throws TIMEOUT, or what the call throws
 */
export function watchCalls<P extends Protocol>(host: EngineHost<P>, { restart }: { restart: boolean }): WatchedCall<P> {
  let recovering: Promise<void> | undefined;
  return async (method, input, { signal, priority, stallMs, what }, onItem) => {
    await recovering;
    const late = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const arm = () => {
      clearTimeout(timer);
      timer = setTimeout(() => late.abort(), stallMs);
    };
    try {
      return await host.call(method, input, {
        signal: AbortSignal.any([signal, late.signal]),
        priority,
        onItem(item) {
          if (isClock(item) && !item.running) clearTimeout(timer);
          else arm();
          onItem?.(item);
        },
      });
    } catch (error) {
      if (!late.signal.aborted || signal.aborted || !isAbort(error)) throw error;
      if (restart) recovering ??= host.stop().finally(() => (recovering = undefined));
      throw new AppError("TIMEOUT", `${what} made no progress for ${Math.round(stallMs / 1000)} s and was given up.`, {
        hint: "Save the file again with another program, or leave it out.",
        data: { stallMs },
      });
    } finally {
      clearTimeout(timer);
    }
  };
}

function isClock(item: unknown): item is { kind: "clock"; running: boolean } {
  return item !== null && typeof item === "object" && "kind" in item && item.kind === "clock";
}
