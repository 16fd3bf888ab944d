import type * as Electron from "electron";
import type { StandInPage } from "./page.ts";
import type { SavedFile } from "./session.ts";
import type { StandInWindow } from "./browser-window.ts";
import { running } from "./utility-process.ts";

type Surroundings = {
  app: { quit(): void; exit(): void; sandboxed: boolean; emit(event: string, ...args: unknown[]): boolean };
  desktop: {
    answers: number[];
    messages: unknown[];
    opened: string[];
    menu: Electron.MenuItemConstructorOptions[];
    tray: string[];
    filesToChoose: string[];
    shownInFolder: string[];
    saves: SavedFile[];
  };
  windows: Set<StandInWindow>;
};

/** What a test may ask of the running app, over the line it was forked with. */
export type Control = {
  evaluate(expression: string): Promise<unknown>;
  cdp(method: string, params: object): Promise<unknown>;
  page(): { url: string; requests: string[]; console: string[] } | undefined;
  windows(): { calls: string[]; options: unknown }[];
  processes(): { name: string; pid: number | undefined }[];
  desktop(): Surroundings["desktop"] & { sandboxed: boolean };
  answer(button: number): void;
  choose(path: string): void;
  clickMenu(label: string): void;
  closeWindow(): void;
  emit(event: string, value: string): void;
  quit(): void;
  /** Leaves at once, without the app being asked. */
  leave(): void;
};

export type ControlCall = { id: number; method: keyof Control; args: unknown[] };
export type ControlReply = { id: number; result?: unknown; error?: string };

/** Answers a test; without one (the app was started by hand) there is nobody to answer. */
export function serveControl({ app, desktop, windows }: Surroundings): void {
  const first = (): StandInWindow | undefined => [...windows][0];
  const page = (): StandInPage => {
    const window = first();
    if (!window) throw new Error("No window is open.");
    return window.webContents;
  };

  const control: Control = {
    evaluate: (expression) => page().evaluate(expression),
    cdp: (method, params) => page().cdp(method, params),
    page: () => {
      const shown = first()?.webContents;
      return shown && { url: shown.mainFrame.url, requests: shown.requests, console: shown.console };
    },
    windows: () => [...windows].map((window) => ({ calls: window.calls, options: window.options })),
    processes: () => [...running].map(({ name, pid }) => ({ name, pid })),
    desktop: () => ({ ...desktop, menu: [], sandboxed: app.sandboxed }),
    answer: (button) => void desktop.answers.push(button),
    choose: (path) => void desktop.filesToChoose.push(path),
    clickMenu: (label) => clickItem(desktop.menu, label),
    closeWindow: () => first()?.close(),
    emit: (event, value) => void app.emit(event, { preventDefault: () => {} }, value),
    quit: () => app.quit(),
    leave: () => app.exit(),
  };

  process.on("message", async ({ id, method, args }: ControlCall) => {
    const reply = (answer: Omit<ControlReply, "id">) => process.send?.({ id, ...answer }, undefined, undefined, () => {});
    try {
      const call = control[method] as (...args: unknown[]) => unknown;
      reply({ result: await call(...args) });
    } catch (error) {
      reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
}

function clickItem(items: Electron.MenuItemConstructorOptions[], label: string): void {
  for (const item of items) {
    if (item.label === label) return void (item.click as (() => void) | undefined)?.();
    if (Array.isArray(item.submenu)) clickItem(item.submenu, label);
  }
}
