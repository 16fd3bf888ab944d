import { BrowserWindow, MessageChannelMain, screen } from "electron";
import type { MessagePortMain, WebContents } from "electron";
import { startUrl } from "./content-policy.ts";
import { windowPreferences } from "./window-preferences.ts";
import { placeWindow, readWindowState, smallest, writeWindowState } from "./window-state.ts";
import { createRestartPolicy } from "./restart-policy.ts";

export type WindowsOptions = {
  preload: string;
  icon: string;
  stateFile: string;
  /** Where the page comes from: the development server, or the built page. */
  dev: string | undefined;
  /** True for the address of a page of our own. */
  isOwnPage: (url: string) => boolean;
  /** Gives one end of a new channel to core; false when there is no core now. */
  connect: (makePort: () => MessagePortMain) => boolean;
  log: (event: string, fields: Record<string, unknown>) => void;
};

export type Windows = {
  /** Shows the window, opening it where needed, at a place in the page when one is named. */
  show(route?: string): void;
  /** Gives every loaded page a new port: core was replaced. */
  connectAll(): void;
  /** Remembers where the window is and hides it: the app is about to leave without closing it. */
  retire(): void;
};

/** The one window of the app and its line to core. */
export function createWindows(options: WindowsOptions): Windows {
  const address = options.dev ?? startUrl;
  const loaded = new Set<WebContents>();
  let window: BrowserWindow | undefined;

  function open(route: string | undefined): BrowserWindow {
    const { maximized, ...bounds } = placeWindow(readWindowState(options.stateFile), workAreas());
    const opened = new BrowserWindow({
      ...bounds,
      minWidth: smallest.width,
      minHeight: smallest.height,
      show: false,
      title: "Croft",
      icon: options.icon,
      backgroundColor: "#16181c",
      webPreferences: windowPreferences(options.preload),
    });
    opened.once("ready-to-show", () => {
      if (maximized) opened.maximize();
      opened.show();
    });
    opened.on("close", () => remember(opened));
    opened.on("closed", () => {
      loaded.delete(opened.webContents);
      window = undefined;
    });
    watch(opened.webContents);
    void load(opened, route);
    return opened;
  }

  function remember(shown: BrowserWindow): void {
    writeWindowState(options.stateFile, { ...shown.getNormalBounds(), maximized: shown.isMaximized() });
  }

  function watch(contents: WebContents): void {
    const policy = createRestartPolicy(Date.now);
    contents.on("did-start-navigation", ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) loaded.delete(contents);
    });
    contents.on("dom-ready", () => {
      loaded.add(contents);
      connect(contents);
    });
    contents.on("render-process-gone", (_event, { reason, exitCode }) => {
      loaded.delete(contents);
      options.log("page.gone", { reason, exitCode });
      if (reason !== "clean-exit" && policy.died() !== undefined && !contents.isDestroyed()) contents.reload();
    });
    contents.on("unresponsive", () => options.log("page.unresponsive", {}));
  }

  /** Only a page of our own is ever given a port, whatever has been loaded since. */
  function connect(contents: WebContents): void {
    if (contents.isDestroyed() || !options.isOwnPage(contents.mainFrame.url)) return;
    options.connect(() => {
      const { port1, port2 } = new MessageChannelMain();
      contents.postMessage("port", null, [port2]);
      return port1;
    });
  }

  function load(target: BrowserWindow, route: string | undefined): Promise<void> {
    const url = route === undefined ? address : `${address}#${route}`;
    return target.loadURL(url).catch((error: unknown) => options.log("page.failed", { error: String(error) }));
  }

  return {
    show(route) {
      if (!window) {
        window = open(route);
        return;
      }
      // The same address with another fragment changes the place in the page and loads nothing again.
      if (route !== undefined) void load(window, route);
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    connectAll() {
      for (const contents of loaded) connect(contents);
    },
    retire() {
      if (!window) return;
      remember(window);
      window.hide();
    },
  };
}

function workAreas() {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return [primary, ...others].map(({ workArea }) => workArea);
}
