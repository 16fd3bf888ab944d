import type { App } from "electron";

type QuitEvent = { preventDefault(): void };
export type QuittingApp = Pick<App, "exit"> & { on(event: "before-quit", listener: (event: QuitEvent) => void): unknown };

/**
 * Quitting waits until `drain` has settled, and only then leaves, by `exit`: leaving while an engine computes aborts
 * the process. `drain` must settle by itself; it has the deadline.
 */
export function drainBeforeQuit(app: QuittingApp, drain: () => Promise<void>): { readonly quitting: boolean } {
  let quitting = false;
  app.on("before-quit", (event) => {
    event.preventDefault();
    if (quitting) return;
    quitting = true;
    void drain().then(
      () => app.exit(0),
      () => app.exit(1),
    );
  });
  return {
    get quitting() {
      return quitting;
    },
  };
}
