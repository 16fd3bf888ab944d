import type { Session, WebContents } from "electron";
import { describe, expect, it, vi } from "vitest";
import { isAppUrl } from "../../../src/main/shell/content-policy.ts";
import { guardContents, webLink } from "../../../src/main/shell/contents-guard.ts";
import type { GuardedContents } from "../../../src/main/shell/contents-guard.ts";
import { guardSession, mayLoad } from "../../../src/main/shell/session-guard.ts";
import type { GuardedSession } from "../../../src/main/shell/session-guard.ts";

const dev = "http://localhost:5173";

describe("what is the page's own address", () => {
  it.each(["app://croft/index.html", "app://croft/index.html#/chat", "app://croft/"])("%s is", (url) => expect(isAppUrl(url)).toBe(true));
  it.each([
    "app://croft.evil/",
    "app://evil@croft/",
    "app://croft:81/",
    "https://croft/",
    "file:///index.html",
    "javascript:alert(1)",
    "",
    "app:croft",
  ])("%s is not", (url) => expect(isAppUrl(url)).toBe(false));
});

describe("what a page may load", () => {
  it.each([
    "https://example.org/",
    "http://127.0.0.1:9/",
    "ws://localhost:1/",
    "wss://example.org",
    "ftp://example.org",
    "file:///etc/passwd",
    "devtools://x/",
    dev,
  ])("a packaged page may not load %s", (url) => expect(mayLoad(url, undefined)).toBe(false));
  it.each(["app://croft/index.html", "data:image/png;base64,AA==", "blob:app://croft/1"])("%s carries no request out", (url) => {
    expect(mayLoad(url, undefined)).toBe(true);
  });
  it("in development it may reach the development server and nothing else", () => {
    expect([`${dev}/main.tsx`, "ws://localhost:5173/", "devtools://devtools/x"].map((url) => mayLoad(url, dev))).toEqual([
      true,
      true,
      true,
    ]);
    expect(["http://localhost:5174/", "ws://localhost:5174/", "https://example.org/"].map((url) => mayLoad(url, dev))).toEqual([
      false,
      false,
      false,
    ]);
  });
});

type FakeItem = { getURLChain(): string[]; getFilename(): string; setSaveDialogOptions(options: unknown): void };

/** A session that keeps what it was given, so that a test can ask the handlers as Electron would. */
function fakeSession() {
  const set: {
    request?: Parameters<Session["setPermissionRequestHandler"]>[0];
    check?: Parameters<Session["setPermissionCheckHandler"]>[0];
    device?: Parameters<Session["setDevicePermissionHandler"]>[0];
    download?: (event: { preventDefault(): void }, item: FakeItem) => void;
  } = {};
  const before: ((details: { url: string }, callback: (answer: { cancel?: boolean }) => void) => void)[] = [];
  const session = {
    setPermissionRequestHandler: (handler) => void (set.request = handler),
    setPermissionCheckHandler: (handler) => void (set.check = handler),
    setDevicePermissionHandler: (handler) => void (set.device = handler),
    setDisplayMediaRequestHandler: vi.fn(),
    on: ((event: string, listener: NonNullable<(typeof set)["download"]>) =>
      void (event === "will-download" && (set.download = listener))) as never,
    webRequest: { onBeforeRequest: ((listener: (typeof before)[number]) => void before.push(listener)) as never },
  } satisfies GuardedSession;
  return { session, set, cancels: (url: string) => new Promise((resolve) => before[0]?.({ url }, ({ cancel }) => resolve(cancel))) };
}

describe("a guarded session", () => {
  it("grants nothing that is asked for, but writing to the clipboard to its own page", () => {
    const { session, set } = fakeSession();
    guardSession(session, undefined);
    const permissions = [
      "media",
      "geolocation",
      "notifications",
      "midi",
      "clipboard-read",
      "openExternal",
      "fullscreen",
      "hid",
      "usb",
      "serial",
      "fileSystem",
    ] as const;
    for (const permission of permissions) {
      let granted: boolean | undefined;
      set.request?.({} as WebContents, permission as never, (answer) => void (granted = answer), {
        requestingUrl: "app://croft/",
        isMainFrame: true,
      } as never);
      expect(granted, permission).toBe(false);
      expect(set.check?.(null, permission as never, "app://croft", {} as never), permission).toBe(false);
    }
    expect(set.check?.(null, "clipboard-sanitized-write", "app://croft", {} as never)).toBe(true);
    expect(set.check?.(null, "clipboard-sanitized-write", "https://example.org", {} as never)).toBe(false);
    expect(set.device?.({} as never)).toBe(false);
  });

  it("cancels a request to the network and lets the page's own through", async () => {
    const { session, cancels } = fakeSession();
    guardSession(session, undefined);
    expect(await cancels("https://example.org/pixel.png")).toBe(true);
    expect(await cancels("app://croft/assets/a.js")).toBe(false);
  });

  describe("a download", () => {
    function download(chain: string[], name = "answer.md") {
      const { session, set } = fakeSession();
      guardSession(session, undefined);
      const preventDefault = vi.fn();
      const setSaveDialogOptions = vi.fn();
      set.download?.({ preventDefault }, { getURLChain: () => chain, getFilename: () => name, setSaveDialogOptions });
      return { isPrevented: preventDefault.mock.calls.length > 0, asked: setSaveDialogOptions.mock.calls[0]?.[0] };
    }

    it.each([
      ["a blob of the page", ["blob:app://croft/0d7e"]],
      ["bytes of a document", ["app://croft/bytes/documents/1/original"]],
    ])("of %s is saved where a person says, under the name it proposes", (_, chain) => {
      expect(download(chain)).toMatchObject({ isPrevented: false, asked: { defaultPath: "answer.md" } });
    });

    it.each([
      ["a page elsewhere", ["https://example.org/a.exe"]],
      ["a blob of another origin", ["blob:https://example.org/0d7e"]],
      ["an address that leads elsewhere", ["app://croft/a", "https://example.org/a.exe"]],
      ["a blob of something that only looks like the app", ["blob:app://croft.evil/1"]],
      ["data that no page made", ["data:text/html,hello"]],
      ["a file", ["file:///etc/passwd"]],
      ["nothing", []],
    ])("of %s is prevented", (_, chain) => {
      expect(download(chain)).toEqual({ isPrevented: true, asked: undefined });
    });

    it.each([
      ["../../.ssh/authorized_keys", "ssh authorized_keys"],
      ["C:\\Windows\\run.bat", "C Windows run.bat"],
      ["report\u202Efdp.exe", "report fdp.exe"],
      ["..", "file"],
      ["", "file"],
      ["Straße – 1.md", "Straße – 1.md"],
    ])("named %j proposes %j, a name and no place", (name, proposed) => {
      expect(download(["blob:app://croft/1"], name).asked).toMatchObject({ defaultPath: proposed });
    });
  });
});

/** Contents that keep their listeners. */
function fakeContents() {
  const listeners = new Map<string, (event: unknown) => void>();
  let open: Parameters<WebContents["setWindowOpenHandler"]>[0] | undefined;
  const contents = {
    on: ((event: string, listener: (event: unknown) => void) => void listeners.set(event, listener)) as never,
    setWindowOpenHandler: (handler) => void (open = handler),
  } satisfies GuardedContents;
  const emit = (event: string, url: string) => {
    const preventDefault = vi.fn();
    listeners.get(event)?.({ url, preventDefault });
    return preventDefault.mock.calls.length > 0;
  };
  return { contents, emit, open: (url: string) => open?.({ url } as never) };
}

describe("guarded contents", () => {
  it.each(["will-navigate", "will-frame-navigate", "will-redirect"])("%s away from the page is prevented", (event) => {
    const { contents, emit } = fakeContents();
    guardContents(contents, undefined, () => {});
    expect(emit(event, "https://example.org/")).toBe(true);
    expect(emit(event, "file:///etc/passwd")).toBe(true);
    expect(emit(event, dev)).toBe(true);
    expect(emit(event, "app://croft/index.html#/chat")).toBe(false);
  });

  it("never attaches a webview", () => {
    const { contents, emit } = fakeContents();
    guardContents(contents, undefined, () => {});
    expect(emit("will-attach-webview", "app://croft/")).toBe(true);
  });

  it("opens no window; a web link is put to the person, anything else is dropped", () => {
    const { contents, open } = fakeContents();
    const asked: string[] = [];
    guardContents(contents, undefined, (url) => asked.push(url.href));
    for (const url of [
      "https://example.org/a?b=c",
      "http://example.org/",
      "file:///etc/passwd",
      "javascript:alert(1)",
      "croft://chat/x",
      "app://croft/",
    ]) {
      expect(open(url), url).toEqual({ action: "deny" });
    }
    expect(asked).toEqual(["https://example.org/a?b=c"]);
  });

  it("takes no link with a name before the host, which hides where it leads, nor an endless one", () => {
    expect(webLink("https://bank.example@evil.example/")).toBeUndefined();
    expect(webLink(`https://example.org/${"a".repeat(3000)}`)).toBeUndefined();
  });
});
