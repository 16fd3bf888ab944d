import type { MenuItemConstructorOptions, MessageBoxOptions } from "electron";
import { describe, expect, it } from "vitest";
import { nodePaths } from "../../../src/main/core/node-host.ts";
import { askToOpenLink, askToRetry, chooseFile } from "../../../src/main/shell/desktop-dialogs.ts";
import type { Dialogs } from "../../../src/main/shell/desktop-dialogs.ts";
import { createHostServices } from "../../../src/main/shell/host-services.ts";
import { menuTemplate } from "../../../src/main/shell/menu.ts";
import { windowArguments } from "../../../src/main/cli/commands/start.ts";
import { appFiles, modelsFolder, profileFolder, readArguments } from "../../../src/main/shell/shell-paths.ts";

/** Dialogs that are answered with one button, or with one file. */
function answering(response: number, filePaths: string[] = []) {
  const shown: MessageBoxOptions[] = [];
  const dialog = {
    showMessageBox: (async (options: MessageBoxOptions) => (shown.push(options), { response, checkboxChecked: false })) as never,
    showOpenDialog: (async () => ({ canceled: filePaths.length === 0, filePaths })) as never,
  } satisfies Dialogs;
  return { dialog, shown };
}

describe("a link", () => {
  const url = new URL("https://example.org/a%20b?x=1");

  it("is shown whole before it is opened", async () => {
    const { dialog, shown } = answering(0);
    const opened: string[] = [];
    await askToOpenLink(dialog, { openExternal: async (address) => void opened.push(address) }, url);
    expect(shown[0]?.detail).toBe(url.href);
    expect(opened).toEqual([url.href]);
  });

  it("is not opened by Enter, Escape or the second button", async () => {
    const { dialog, shown } = answering(1);
    await askToOpenLink(dialog, { openExternal: () => expect.fail("opened unasked") }, url);
    expect(shown[0]).toMatchObject({ defaultId: 1, cancelId: 1 });
  });
});

describe("dialogs", () => {
  it("say what failed and what to do, and give the choice", async () => {
    const { dialog, shown } = answering(0);
    expect(await askToRetry(dialog, { code: "PROFILE_LOCKED", message: "In use.", hint: "Close the other." })).toBe(true);
    expect(shown[0]).toMatchObject({ message: "In use.", detail: "Close the other." });
    expect(await askToRetry(answering(1).dialog, { code: "INTERNAL", message: "x" })).toBe(false);
  });

  it("give the chosen file, or nothing", async () => {
    expect(await chooseFile(answering(0, ["/a.pdf"]).dialog, "linux")).toBe("/a.pdf");
    expect(await chooseFile(answering(0).dialog, "darwin")).toBeUndefined();
  });
});

describe("services for core", () => {
  const secrets = {
    get: async (name: string) => `${name}!`,
    set: async () => {},
    delete: async () => {},
    isProtected: () => Promise.reject(new Error("no bus")),
  };
  const shown: string[] = [];
  const call = createHostServices(secrets, { showInFolder: (path) => void shown.push(path) });

  it("answer by number", async () => {
    expect(await call(3, "secrets.get", { name: "a" })).toEqual({ kind: "reply", id: 3, output: "a!" });
  });

  it("show a file where it lies, which only the desktop can", async () => {
    expect(await call(6, "desktop.showInFolder", { path: "/a/b.pdf" })).toMatchObject({ kind: "reply", id: 6 });
    expect(shown).toEqual(["/a/b.pdf"]);
  });

  it("answer a failure too, since core would wait for ever", async () => {
    expect(await call(4, "secrets.isProtected", {})).toMatchObject({ kind: "replyFailed", id: 4, error: { code: "INTERNAL" } });
    expect(await call(5, "constructor", {})).toMatchObject({ kind: "replyFailed", id: 5, error: { code: "NOT_SUPPORTED" } });
  });
});

describe("the menu", () => {
  const flat = (items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
  const make = (platform: NodeJS.Platform, development = false) => {
    const shown: string[] = [];
    return {
      shown,
      items: flat(menuTemplate({ platform, development, show: (route) => shown.push(route), openFile: () => shown.push("open") })),
    };
  };

  it.each(["darwin", "linux", "win32"] as const)("on %s has copy and paste, settings once, quit once, and no key twice", (platform) => {
    const { items } = make(platform);
    expect(items.filter(({ role }) => role === "editMenu")).toHaveLength(1);
    expect(items.filter(({ role }) => role === "quit")).toHaveLength(1);
    expect(items.filter(({ label }) => label === "Settings…")).toHaveLength(1);
    const keys = items.flatMap(({ accelerator }) => (typeof accelerator === "string" ? [accelerator] : []));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("leads to the places of the page", () => {
    const { items, shown } = make("linux");
    for (const { click } of items) (click as (() => void) | undefined)?.();
    expect(shown).toEqual(["open", "/settings", "/chat", "/knowledge", "/models"]);
  });

  it("has developer tools in development only", () => {
    expect(make("linux").items.some(({ role }) => role === "toggleDevTools" || role === "reload")).toBe(false);
    expect(make("linux", true).items.some(({ role }) => role === "toggleDevTools")).toBe(true);
  });
});

describe("where everything lies", () => {
  it("is the same for the window and the command line, or one would not see what the other wrote", () => {
    for (const env of [{}, { CROFT_PROFILE: "/a/b", CROFT_MODELS: "relative" }]) {
      const { profile, models } = nodePaths({}, env);
      expect(profileFolder(undefined, env)).toBe(profile);
      expect(modelsFolder(env)).toBe(models);
    }
  });

  it("is the profile that was named, by argument before environment", () => {
    expect(profileFolder("/x", { CROFT_PROFILE: "/y" })).toBe("/x");
    expect(profileFolder(undefined, { CROFT_PROFILE: "/y" })).toBe("/y");
  });

  it("is read from the arguments, and the profile is not taken for a file to add", () => {
    expect(readArguments(["--profile", "/x", "a.pdf"])).toEqual({ profile: "/x", offline: false, rest: ["a.pdf"] });
    expect(readArguments(["a.pdf", "--offline", "--profile=/z", "--flag"])).toEqual({
      profile: "/z",
      offline: true,
      rest: ["a.pdf", "--flag"],
    });
    // Catches: `croft start --offline` that opens a window with the network on.
    for (const offline of [true, false])
      expect(readArguments(windowArguments({ profile: "/x y", offline }))).toEqual({ profile: "/x y", offline, rest: [] });
    expect(readArguments(["--profile"])).toEqual({ profile: undefined, offline: false, rest: [] });
    expect(readArguments(["--profile="])).toEqual({ profile: undefined, offline: false, rest: [] });
  });

  it("is beside package.json for what ships with the app", () => {
    expect(appFiles("/app")).toMatchObject({ preload: "/app/out/preload/index.cjs", resources: "/app/resources" });
  });
});
