import { AppError } from "../../shared/errors.ts";

export type Interrupt = { signal: AbortSignal; stop(): void };

/** Libraries that clean up at signals (when-exit, by way of conf) raise each one again; no finger is that fast. */
const samePressMs = 100;

/**
 * The first Ctrl-C (or termination signal) asks the command to stop and keep what is done; the second leaves at once.
 * Leaving is dying by the signal itself: an ordered exit would run native teardown while models may still compute.
 */
export function createInterrupt(notice: (text: string) => void): Interrupt {
  const controller = new AbortController();
  let firstAt = 0;
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      if (performance.now() - firstAt < samePressMs) return;
      stop();
      process.kill(process.pid, name);
      return;
    }
    notice("Stopping; what is done is kept. Press Ctrl-C again to leave at once.");
    firstAt = performance.now();
    controller.abort(new AppError("ABORTED", "Stopped; what was done until then is kept."));
  };
  const stop = (): void => {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return { signal: controller.signal, stop };
}
