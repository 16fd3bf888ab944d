import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import { mkdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import type * as Electron from "electron";
import { openWindows, StandInWindow } from "./browser-window.ts";
import { startChromium } from "./chromium.ts";
import type { Chromium } from "./chromium.ts";
import { serveControl } from "./control.ts";
import { StandInChannel } from "./ports.ts";
import { pretendElectron } from "./pretend.ts";
import { StandInSession } from "./session.ts";
import { running, StandInUtilityProcess } from "./utility-process.ts";

const root = process.cwd();
const folders: Record<string, string> = {};
const defaultSession = new StandInSession();
let browser: Chromium | undefined;

/** What the app did with the system, and what a person is to answer. A test reads and sets it. */
export const desktop = {
  answers: [] as number[],
  messages: [] as unknown[],
  opened: [] as string[],
  menu: [] as Electron.MenuItemConstructorOptions[],
  tray: [] as string[],
  filesToChoose: [] as string[],
  shownInFolder: [] as string[],
  saves: defaultSession.saves,
};

class App extends EventEmitter {
  readonly isPackaged = process.env["STAND_IN_DEVELOPMENT"] === undefined;
  readonly #ready = Promise.withResolvers<void>();
  #leaving = false;

  async start(): Promise<void> {
    browser = startChromium(join(this.getPath("userData"), "chromium"));
    await browser.send("Browser.getVersion");
    this.emit("ready");
    this.#ready.resolve();
  }

  whenReady = () => this.#ready.promise;
  enableSandbox = () => void (this.sandboxed = true);
  sandboxed = false;
  getAppPath = () => root;
  getVersion = () => String(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
  setAsDefaultProtocolClient = () => true;
  setPath = (name: string, path: string) => void (mkdirSync(path, { recursive: true }), (folders[name] = path));
  getPath = (name: string) => folders[name] ?? root;

  /** A lock file for the first; a note beside it from each further one. */
  requestSingleInstanceLock(): boolean {
    const folder = this.getPath("userData");
    const lock = join(folder, "lock");
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
    } catch {
      writeFileSync(join(folder, `second-${process.pid}.json`), JSON.stringify({ args: process.argv, folder: process.cwd() }));
      return false;
    }
    process.once("exit", () => rmSync(lock, { force: true }));
    watch(folder, (_kind, name) => {
      if (!name?.startsWith("second-")) return;
      try {
        const note = JSON.parse(readFileSync(join(folder, name), "utf8")) as { args: string[]; folder: string };
        rmSync(join(folder, name));
        this.emit("second-instance", {}, note.args, note.folder, {});
      } catch {
        // Seen before it was written whole, or twice.
      }
    }).unref();
    return true;
  }

  quit(): void {
    let prevented = false;
    this.emit("before-quit", { preventDefault: () => void (prevented = true) });
    if (!prevented) this.exit(0);
  }

  /** As in Electron, the processes of the app end with it, whatever they do. */
  exit(code = 0): void {
    if (this.#leaving) return;
    this.#leaving = true;
    const ended = [...running].map((child) => child.end());
    void Promise.all([...ended, browser?.close()]).then(() => process.exit(code));
  }
}

export const app = new App();

StandInWindow.surroundings = () => {
  if (!browser) throw new Error("A window was opened before the app was ready.");
  return {
    browser,
    session: defaultSession,
    onPage: (page) => void app.emit("web-contents-created", {}, page),
    onAllClosed: () => void app.emit("window-all-closed"),
  };
};
export const BrowserWindow = StandInWindow;

export const MessageChannelMain = StandInChannel;
export const utilityProcess = { fork: StandInUtilityProcess.fork };
export const session = { defaultSession };

export const protocol = {
  privileged: [] as unknown[],
  registerSchemesAsPrivileged: (schemes: unknown[]) => void protocol.privileged.push(...schemes),
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) => void defaultSession.handlers.set(scheme, handler),
};

export const dialog = {
  async showMessageBox(options: Electron.MessageBoxOptions) {
    desktop.messages.push(options);
    return { response: desktop.answers.shift() ?? options.cancelId ?? 0, checkboxChecked: false };
  },
  async showOpenDialog() {
    const filePaths = desktop.filesToChoose.splice(0);
    return { canceled: filePaths.length === 0, filePaths };
  },
  showErrorBox: (title: string, content: string) => void desktop.messages.push({ title, content }),
} satisfies Partial<Record<keyof Electron.Dialog, unknown>>;

export const shell = {
  openExternal: async (url: string) => void desktop.opened.push(url),
  showItemInFolder: (path: string) => void desktop.shownInFolder.push(path),
};

export const Menu = {
  buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => template,
  setApplicationMenu: (menu: Electron.MenuItemConstructorOptions[]) => void (desktop.menu = menu),
};

export class Tray extends EventEmitter {
  setToolTip = (text: string) => void desktop.tray.push(text);
  setContextMenu = () => {};
  destroy = () => void desktop.tray.push("destroyed");
}

export const nativeImage = { createFromPath: (path: string) => ({ isEmpty: () => readFileSync(path).length === 0 }) };

const workArea = { x: 0, y: 0, width: 1280, height: 800 };
const display = { id: 1, bounds: workArea, workArea, scaleFactor: 1 };
export const screen = { getPrimaryDisplay: () => display, getAllDisplays: () => [display] };

export const powerMonitor = new EventEmitter();

const key = randomBytes(32);
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => true,
  getSelectedStorageBackend: () => "gnome_libsecret",
  async encryptStringAsync(text: string) {
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, iv);
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]);
  },
  async decryptStringAsync(bytes: Buffer) {
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28));
    return { result: Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8"), shouldReEncrypt: false };
  },
};

pretendElectron();
// A package has no script in its arguments, only its own.
if (app.isPackaged) process.argv.splice(1, 1);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => app.quit());
serveControl({ app, desktop, windows: openWindows });
setImmediate(() => void app.start());
