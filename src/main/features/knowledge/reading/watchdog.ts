import { AppError, isAbort } from "../../../../shared/errors.ts";
import type { CallOptions, EngineHost, Priority, Protocol } from "../../../engines/engine.ts";

export type Watched = {
  signal: AbortSignal;
  priority: Priority;
  stallMs: number;
  /** What the call works on, for the message. */ what: string;
};

/**
 * Calls an engine and gives the call up when it has computed for `stallMs` without a sign: the host then ends what
 * does not end by itself, and the next call finds a fresh process. Waiting for the cores does not count where the
 * engine sends clock items.
 * @throws TIMEOUT, or what the call throws
 */
export async function callWatched<P extends Protocol, Name extends keyof P & string>(
  host: EngineHost<P>,
  method: Name,
  input: P[Name]["input"],
  { signal, priority, stallMs, what }: Watched,
  onItem?: CallOptions<P[Name]>["onItem"],
): Promise<P[Name]["output"]> {
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
    if (late.signal.aborted && !signal.aborted && isAbort(error)) {
      throw new AppError("TIMEOUT", `${what} made no progress for ${Math.round(stallMs / 1000)} s and was given up.`, {
        hint: "Save the file again with another program, or leave it out.",
        data: { stallMs },
      });
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function isClock(item: unknown): item is { kind: "clock"; running: boolean } {
  return item !== null && typeof item === "object" && "kind" in item && item.kind === "clock";
}
