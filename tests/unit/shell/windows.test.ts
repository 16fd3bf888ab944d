import { readFileSync, rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isAppUrl } from "../../../src/main/shell/content-policy.ts";
import { createWindows } from "../../../src/main/shell/windows.ts";
import { opened } from "./fake-windows.ts";

vi.mock("electron", async () => {
  const { FakeWindow } = await import("./fake-windows.ts");
  const display = { id: 1, workArea: { x: 0, y: 0, width: 1600, height: 900 } };
  return {
    BrowserWindow: FakeWindow,
    MessageChannelMain: class {
      port1 = "core's end";
      port2 = "the page's end";
    },
    screen: { getPrimaryDisplay: () => display, getAllDisplays: () => [display] },
  };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "croft-windows-"));
  opened.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

function make(hasCore = true) {
  const connected: unknown[] = [];
  const log: string[] = [];
  const windows = createWindows({
    preload: "/app/preload.cjs",
    icon: "/app/icon.png",
    stateFile: join(folder, "state.json"),
    dev: undefined,
    isOwnPage: isAppUrl,
    connect: (makePort) => (hasCore && connected.push(makePort()), hasCore),
    log: (event) => void log.push(event),
  });
  const window = () => opened.at(-1) ?? expect.fail("no window was opened");
  return { windows, connected, log, window };
}

describe("the window", () => {
  it("is opened once, then shown", () => {
    const { windows, window } = make();
    windows.show();
    window().emit("ready-to-show");
    window().minimized = true;
    windows.show("/chat/1");
    expect(opened).toHaveLength(1);
    expect(window().addresses).toEqual(["app://croft/index.html", "app://croft/index.html#/chat/1"]);
    expect(window().calls).toEqual(["show", "restore", "show", "focus"]);
  });

  it("is opened anew after it was closed", () => {
    const { windows, window } = make();
    windows.show();
    window().emit("close");
    window().emit("closed");
    windows.show();
    expect(opened).toHaveLength(2);
    expect(window().options).toMatchObject({ x: 1, y: 2, width: 900, height: 700 });
  });

  it("is remembered and hidden when the app leaves, which closes no window", () => {
    const { windows, window } = make();
    windows.show();
    windows.retire();
    expect(JSON.parse(readFileSync(join(folder, "state.json"), "utf8"))).toEqual({ x: 1, y: 2, width: 900, height: 700, maximized: false });
    expect(window().calls).toEqual(["hide"]);
  });
});

describe("its port", () => {
  it("comes with each load, and again when core was replaced", () => {
    const { windows, connected, window } = make();
    windows.show();
    windows.connectAll();
    expect(connected).toEqual([]);
    window().webContents.emit("dom-ready");
    windows.connectAll();
    expect(connected).toEqual(["core's end", "core's end"]);
    expect(window().webContents.given).toEqual(["port 1", "port 1"]);
  });

  it("does not come between two pages, where nobody would take it", () => {
    const { windows, connected, window } = make();
    windows.show();
    window().webContents.emit("dom-ready");
    window().webContents.emit("did-start-navigation", { isMainFrame: true, isSameDocument: false });
    windows.connectAll();
    window().webContents.emit("did-start-navigation", { isMainFrame: true, isSameDocument: true });
    expect(connected).toHaveLength(1);
  });

  it.each(["https://example.org/", "about:blank", "data:text/html,x", "app://evil/index.html"])(
    "is never given to %s, however it got there",
    (url) => {
      const { windows, connected, window } = make();
      windows.show();
      window().webContents.mainFrame.url = url;
      window().webContents.emit("dom-ready");
      windows.connectAll();
      expect(connected).toEqual([]);
      expect(window().webContents.given).toEqual([]);
    },
  );

  it("is not made while there is no core", () => {
    const { windows, window } = make(false);
    windows.show();
    window().webContents.emit("dom-ready");
    expect(window().webContents.given).toEqual([]);
  });
});

describe("a page that is gone", () => {
  it("is loaded again, but not for ever", () => {
    const { windows, log, window } = make();
    windows.show();
    for (let crash = 0; crash < 8; crash++) window().webContents.emit("render-process-gone", {}, { reason: "crashed", exitCode: 139 });
    expect(window().webContents.reloads).toBe(4);
    expect(log.filter((event) => event === "page.gone")).toHaveLength(8);
  });

  it("is left alone when it ended by itself", () => {
    const { windows, window } = make();
    windows.show();
    window().webContents.emit("render-process-gone", {}, { reason: "clean-exit", exitCode: 0 });
    expect(window().webContents.reloads).toBe(0);
  });
});
