import { EventEmitter } from "node:events";
import type * as Electron from "electron";

/** Every window that was opened, newest last. */
export const opened: FakeWindow[] = [];

class FakeContents extends EventEmitter {
  mainFrame = { url: "" };
  readonly given: string[] = [];
  reloads = 0;
  postMessage = (channel: string, _message: unknown, ports: unknown[]) => void this.given.push(`${channel} ${ports.length}`);
  isDestroyed = () => false;
  reload = () => void this.reloads++;
}

/** A window and its page without either: what was done to them is kept. */
export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly addresses: string[] = [];
  readonly calls: string[] = [];
  minimized = false;
  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    opened.push(this);
  }
  loadURL = async (url: string) => void (this.addresses.push(url), (this.webContents.mainFrame.url = url));
  show = () => void this.calls.push("show");
  hide = () => void this.calls.push("hide");
  focus = () => void this.calls.push("focus");
  restore = () => void this.calls.push("restore");
  maximize = () => void this.calls.push("maximize");
  isMinimized = () => this.minimized;
  isMaximized = () => false;
  getNormalBounds = () => ({ x: 1, y: 2, width: 900, height: 700 });
}
