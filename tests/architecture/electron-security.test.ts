import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join, resolve } from "node:path";
import { FuseV1Options } from "@electron/fuses";
import { parseSync } from "vite";
import { describe, expect, it } from "vitest";
import { createAppHandler } from "../../src/main/shell/app-protocol.ts";
import { appOrigin, contentSecurityPolicy, startUrl } from "../../src/main/shell/content-policy.ts";
import { guardContents, webLink } from "../../src/main/shell/contents-guard.ts";
import { guardSession, mayLoad } from "../../src/main/shell/session-guard.ts";
import { windowPreferences } from "../../src/main/shell/window-preferences.ts";
import { builderConfig } from "../helpers/builder-config.ts";
import { importGraph } from "../helpers/import-graph.ts";

const root = resolve(import.meta.dirname, "../..");
const shellFiles = [...importGraph(join(root, "src/main/index.ts")).files].filter((file) => file.includes("/src/main/"));

/** What the shell imports from electron by name, types left out. */
const used = new Set(
  shellFiles.flatMap((file) =>
    parseSync(file, readFileSync(file, "utf8"))
      .module.staticImports.filter(({ moduleRequest }) => moduleRequest.value === "electron")
      .flatMap(({ entries }) => entries.filter(({ isType }) => !isType).map(({ importName }) => importName.name)),
  ),
);

/** What `guardSession` sets, as Electron would call it. */
function guarded() {
  const set: Record<string, (...args: never[]) => unknown> = {};
  const keep = (name: string) => (handler: unknown) => void (set[name] = handler as never);
  const session = {
    setPermissionRequestHandler: keep("request"),
    setPermissionCheckHandler: keep("check"),
    setDevicePermissionHandler: keep("device"),
    setDisplayMediaRequestHandler: keep("display"),
    on: () => {},
    webRequest: { onBeforeRequest: keep("before") },
  };
  guardSession(session as never, undefined);
  return set;
}

/** The listeners of guarded contents; `prevents` says what one does with an address. */
function guardedContents() {
  const listeners: Record<string, (event: object) => void> = {};
  const asked: string[] = [];
  let open: (details: { url: string }) => unknown = () => undefined;
  const contents = {
    on: (name: string, listener: (event: object) => void) => void (listeners[name] = listener),
    setWindowOpenHandler: (handler: typeof open) => void (open = handler),
  };
  guardContents(contents as never, undefined, (url) => asked.push(url.href));
  const prevents = (event: string, url: string) => {
    let prevented = false;
    listeners[event]?.({ url, preventDefault: () => (prevented = true) });
    return prevented;
  };
  return { prevents, asked, open: (url: string) => open({ url }) };
}

const preferences = windowPreferences("/app/preload.cjs");
const policy = new Map(
  contentSecurityPolicy.split("; ").map((directive) => [directive.split(" ")[0], directive.split(" ").slice(1)] as const),
);
const sourceText = ["src/renderer", "src/preload"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(tsx?|html)$/.test(name))
    .map((name) => readFileSync(join(root, folder, name), "utf8")),
);

/** The points of Electron's own list (Tutorial, Security), in its order and numbers. */
describe("Electron's security list", () => {
  it("1 loads only secure content: its own scheme, and nothing from the network", () => {
    expect(startUrl.startsWith(appOrigin)).toBe(true);
    for (const url of ["http://example.org/", "https://example.org/", "ws://example.org/"])
      expect(mayLoad(url, undefined), url).toBe(false);
  });

  it("2 gives pages no Node.js, in no frame and no worker", () => {
    expect(preferences).toMatchObject({ nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false });
  });

  it("3 isolates the preload's world", () => expect(preferences.contextIsolation).toBe(true));

  it("4 sandboxes every process of a page", () => {
    expect(preferences.sandbox).toBe(true);
    const main = readFileSync(join(root, "src/main/index.ts"), "utf8");
    expect(main.indexOf("app.enableSandbox()")).toBeGreaterThan(0);
    expect(main.indexOf("app.enableSandbox()")).toBeLessThan(main.indexOf("app.whenReady()"));
  });

  it("5 handles every request for a permission, and denies it", () => {
    const { request, check, device } = guarded();
    for (const permission of ["media", "geolocation", "notifications", "usb", "clipboard-read", "openExternal"]) {
      let answer: unknown;
      (request as (...args: unknown[]) => void)(null, permission, (granted: boolean) => (answer = granted), { requestingUrl: startUrl });
      expect(answer, permission).toBe(false);
      expect((check as (...args: unknown[]) => unknown)(null, permission, appOrigin, {}), permission).toBe(false);
    }
    expect((device as () => unknown)()).toBe(false);
  });

  it("6 keeps webSecurity", () => expect(preferences.webSecurity).toBe(true));

  it("7 sends a strict content policy with every response", async () => {
    expect(policy.get("default-src")).toEqual(["'none'"]);
    expect(policy.get("script-src")).toEqual(["'self'"]);
    for (const name of ["object-src", "frame-src", "frame-ancestors", "base-uri", "form-action"])
      expect(policy.get(name), name).toEqual(["'none'"]);
    expect(contentSecurityPolicy).not.toMatch(/unsafe-(inline|eval|hashes)|https?:|wss?:|\*/);
    const handle = createAppHandler({ folder: root, bytes: () => Promise.reject(new Error("none")) });
    for (const path of ["/package.json", "/missing.js", "/bytes/x"]) {
      expect((await handle(new Request(appOrigin + path))).headers.get("content-security-policy"), path).toBe(contentSecurityPolicy);
    }
  });

  it("8 runs no insecure content", () => expect(preferences.allowRunningInsecureContent).toBe(false));

  it("9 switches on no experimental features", () => expect(preferences.experimentalFeatures).toBe(false));

  it("10 switches on no Blink features", () => expect(preferences).not.toHaveProperty("enableBlinkFeatures"));

  it("11 has no webview, so none that opens windows", () => {
    expect(preferences.webviewTag).toBe(false);
    for (const text of sourceText) expect(text).not.toMatch(/<webview/i);
  });

  it("12 refuses every webview that is attached all the same", () =>
    expect(guardedContents().prevents("will-attach-webview", startUrl)).toBe(true));

  it("13 stays where it is: in any frame, and through redirects", () => {
    const { prevents } = guardedContents();
    for (const event of ["will-navigate", "will-frame-navigate", "will-redirect"]) {
      expect(prevents(event, "https://example.org/"), event).toBe(true);
      expect(prevents(event, "app://croft.example/"), event).toBe(true);
    }
  });

  it("14 opens no window for a page", () => expect(guardedContents().open("https://example.org/")).toEqual({ action: "deny" }));

  it("15 opens nothing outside that a person has not seen, and only https", () => {
    const { open, asked } = guardedContents();
    for (const url of ["file:///etc/passwd", "javascript:alert(1)", "smb://host/share", "http://example.org/", "https://a@example.org/"]) {
      expect(webLink(url), url).toBeUndefined();
      open(url);
    }
    expect(asked).toEqual([]);
    const callers = shellFiles.filter((file) => /\bopenExternal\(/.test(readFileSync(file, "utf8")));
    expect(callers.map((file) => file.slice(root.length + 1))).toEqual(["src/main/shell/desktop-dialogs.ts"]);
  });

  it("16 uses one known, current version of Electron", () => {
    const wanted = (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { devDependencies: Record<string, string> })
      .devDependencies["electron"];
    const installed = (JSON.parse(readFileSync(join(root, "node_modules/electron/package.json"), "utf8")) as { version: string }).version;
    expect(wanted).toBe(installed);
    expect(Number(installed.split(".")[0])).toBeGreaterThanOrEqual(45);
  });

  it("17 listens to no message of a page outside its port, which only a page of its own is given", () => {
    // tests/unit/shell/windows.test.ts proves the second half. Without `ipcMain` there is no sender to be mistaken about.
    expect([...used].sort()).toContain("BrowserWindow");
    expect(used.has("ipcMain")).toBe(false);
    for (const file of shellFiles) expect(readFileSync(file, "utf8"), file).not.toMatch(/\.ipc\b|"ipc-message|ipcRenderer/);
  });

  it("18 uses a protocol of its own instead of file:", async () => {
    expect(new URL(startUrl).protocol).toBe("app:");
    expect(mayLoad("file:///etc/passwd", undefined)).toBe(false);
    expect((await builderConfig()).electronFuses?.grantFileProtocolExtraPrivileges).toBe(false);
  });

  it("19 sets every fuse that there is", async () => {
    const fuses = (await builderConfig()).electronFuses ?? {};
    expect(fuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
    // electron-builder cannot set this one, which only changes how WebAssembly checks its bounds.
    const known = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)) && name !== "WasmTrapHandlers");
    expect(
      Object.keys(fuses)
        .map((name) => name.toLowerCase())
        .sort(),
    ).toEqual(known.map((name) => name.toLowerCase()).sort());
  });

  it("20 exposes nothing of Electron to a page: one function, and a port", () => {
    const preload = readFileSync(join(root, "src/preload/index.ts"), "utf8");
    expect(preload.match(/exposeInMainWorld\(/g)).toHaveLength(1);
    const exposed: Record<string, unknown> = {};
    const heard: string[] = [];
    const electron = {
      contextBridge: { exposeInMainWorld: (name: string, api: object) => void (exposed[name] = api) },
      ipcRenderer: { on: (channel: string) => void heard.push(channel) },
      webUtils: { getPathForFile: () => "/a" },
    };
    // The very text of the preload, run with what Electron would give it.
    const body = stripTypeScriptTypes(preload)
      .replace(/^import .*$/m, "")
      .replace(/^export .*$/m, "");
    new Function(...Object.keys(electron), "window", body)(...Object.values(electron), {});
    expect(Object.keys(exposed)).toEqual(["desktop"]);
    expect(Object.keys(exposed["desktop"] as object)).toEqual(["pathForFile"]);
    expect((exposed["desktop"] as { pathForFile: (file: object) => unknown }).pathForFile({})).toBe("/a");
    expect(heard).toEqual(["port"]);
  });
});
