import { EventEmitter } from "node:events";
import type { Chromium } from "./chromium.ts";
import { StandInPage } from "./page.ts";
import type { StandInSession } from "./session.ts";

type WindowOptions = { x: number; y: number; width: number; height: number; webPreferences: { preload: string } & Record<string, unknown> };

/** What `BrowserWindow` needs of the app around it. */
export type WindowSurroundings = {
  browser: Chromium;
  session: StandInSession;
  onPage: (page: StandInPage) => void;
  onAllClosed: () => void;
};

export const openWindows = new Set<StandInWindow>();

/** `BrowserWindow`. Its page is real; its frame on the screen is a record. */
export class StandInWindow extends EventEmitter {
  /** Set once by the app that opens windows. */
  static surroundings: () => WindowSurroundings;
  readonly options: WindowOptions;
  readonly webContents: StandInPage;
  readonly calls: string[] = [];

  constructor(options: WindowOptions) {
    super();
    const { browser, session, onPage } = StandInWindow.surroundings();
    this.options = options;
    this.webContents = new StandInPage(browser, options.webPreferences.preload, session);
    onPage(this.webContents);
    openWindows.add(this);
    this.webContents.once("dom-ready", () => this.emit("ready-to-show"));
  }

  loadURL = (url: string) => this.webContents.loadURL(url);
  show = () => void this.calls.push("show");
  hide = () => void this.calls.push("hide");
  focus = () => void this.calls.push("focus");
  maximize = () => void this.calls.push("maximize");
  restore = () => void this.calls.push("restore");
  isMinimized = () => false;
  isMaximized = () => this.calls.includes("maximize");
  getNormalBounds = () => ({ x: this.options.x, y: this.options.y, width: this.options.width, height: this.options.height });

  close(): void {
    this.emit("close", { preventDefault: () => {} });
    this.webContents.destroy();
    openWindows.delete(this);
    this.emit("closed");
    if (openWindows.size === 0) StandInWindow.surroundings().onAllClosed();
  }
}
