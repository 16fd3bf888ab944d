import { EventEmitter } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { drainBeforeQuit } from "../../../src/main/shell/quit.ts";

function fakeApp() {
  const events = new EventEmitter();
  const app = {
    exit: vi.fn(),
    on: (event: "before-quit", listener: (event: { preventDefault(): void }) => void) => events.on(event, listener),
  };
  const quit = () => {
    const preventDefault = vi.fn();
    events.emit("before-quit", { preventDefault });
    return preventDefault.mock.calls.length;
  };
  return { app, quit };
}

describe("quitting", () => {
  it("waits for the engines: leaving while one computes aborts the process", async () => {
    const { app, quit } = fakeApp();
    const drained = Promise.withResolvers<void>();
    const state = drainBeforeQuit(app, () => drained.promise);
    expect(state.quitting).toBe(false);
    expect(quit()).toBe(1);
    expect(state.quitting).toBe(true);
    await new Promise(setImmediate);
    expect(app.exit).not.toHaveBeenCalled();
    drained.resolve();
    await vi.waitFor(() => expect(app.exit).toHaveBeenCalledWith(0));
  });

  it("asked for again and again drains once, and never leaves early", async () => {
    const { app, quit } = fakeApp();
    const drain = vi.fn(() => new Promise<void>(() => {}));
    drainBeforeQuit(app, drain);
    expect([quit(), quit(), quit()]).toEqual([1, 1, 1]);
    expect(drain).toHaveBeenCalledOnce();
    expect(app.exit).not.toHaveBeenCalled();
  });

  it("leaves with an error when draining failed, instead of never", async () => {
    const { app, quit } = fakeApp();
    drainBeforeQuit(app, () => Promise.reject(new Error("stuck")));
    quit();
    await vi.waitFor(() => expect(app.exit).toHaveBeenCalledWith(1));
  });
});
