import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CdpEvent, Chromium } from "./chromium.ts";
import { bindingName, mainWorldScript, preloadScript, worldName } from "./isolated-world.ts";
import { carryPorts, type PortFrame, type StandInPort } from "./ports.ts";
import type { StandInSession } from "./session.ts";

type WindowOpenHandler = (details: { url: string }) => { action: "deny" | "allow" };

/** Chromium knows no `app:` scheme of ours, so the page lives at this address, which no request ever reaches. */
const webOrigin = "https://croft.invalid";
const appOrigin = "app://croft";
const toWeb = (url: string) => (url.startsWith(appOrigin) ? webOrigin + url.slice(appOrigin.length) : url);
const toApp = (url: string) => (url.startsWith(`blob:${webOrigin}`) || url.startsWith(webOrigin) ? url.replace(webOrigin, appOrigin) : url);

/** `webContents` over one page of Chromium. */
export class StandInPage extends EventEmitter {
  readonly mainFrame = { url: "" };
  readonly requests: string[] = [];
  readonly console: string[] = [];
  readonly #ports = carryPorts((frame) => this.#toPreload(frame));
  readonly #awake: (() => void)[] = [];
  readonly #preload: string;
  readonly #session: StandInSession;
  #openHandler: WindowOpenHandler = () => ({ action: "allow" });
  #preloadContext: number | undefined;
  #loading: string | undefined;
  #frame = "";
  #destroyed = false;
  #browser: Chromium;
  #sessionId = "";
  #target = "";
  readonly attached: Promise<void>;

  constructor(browser: Chromium, preload: string, session: StandInSession) {
    super();
    this.#browser = browser;
    this.#preload = preload;
    this.#session = session;
    this.attached = this.#attach();
  }

  async #attach(): Promise<void> {
    await this.#browser.send("Browser.setDownloadBehavior", {
      behavior: "allowAndName",
      downloadPath: this.#browser.downloads,
      eventsEnabled: true,
    });
    const { targetId } = await this.#browser.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.#browser.send("Target.attachToTarget", { targetId, flatten: true });
    this.#target = String(targetId);
    this.#sessionId = String(sessionId);
    this.#browser.onEvent((event) => event.sessionId === this.#sessionId && this.#event(event));
    const { frameTree } = await this.cdp("Page.getFrameTree");
    this.#frame = (frameTree as { frame: { id: string } }).frame.id;
    await Promise.all([
      this.cdp("Page.enable"),
      this.cdp("Runtime.enable"),
      this.cdp("Log.enable"),
      this.cdp("Fetch.enable", { patterns: [{ urlPattern: "*" }] }),
      this.cdp("Runtime.addBinding", { name: bindingName, executionContextName: worldName }),
      this.cdp("Page.addScriptToEvaluateOnNewDocument", { source: mainWorldScript }),
    ]);
    await this.cdp("Page.addScriptToEvaluateOnNewDocument", { source: preloadScript(readFileSync(this.#preload, "utf8")), worldName });
  }

  cdp(method: string, params: object = {}): Promise<Record<string, unknown>> {
    return this.#browser.send(method, params, this.#sessionId);
  }

  /** Runs an expression in the page's own world and returns its value. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.cdp("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true, userGesture: true });
    const { result, exceptionDetails } = answer as {
      result: { value?: unknown };
      exceptionDetails?: { exception?: { description?: string }; text: string };
    };
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async loadURL(url: string): Promise<void> {
    await this.attached;
    this.#loading = toWeb(url).split("#")[0];
    const { errorText } = await this.cdp("Page.navigate", { url: toWeb(url) });
    if (errorText) throw new Error(`${String(errorText)} loading ${url}`);
  }

  reload(): void {
    this.#loading = toWeb(this.mainFrame.url).split("#")[0];
    void this.cdp("Page.reload");
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#openHandler = handler;
  }

  postMessage(channel: string, data: unknown, transfer: StandInPort[] = []): void {
    const send = () => this.#toPreload({ kind: "ipc", channel, data, ports: transfer.map((port) => this.#ports.give(port)) });
    if (this.#preloadContext === undefined) this.#awake.push(send);
    else send();
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#ports.closeAll();
    void this.#browser.send("Target.closeTarget", { targetId: this.#target });
  }

  #toPreload(frame: PortFrame | { kind: "ipc"; channel: string; data: unknown; ports: number[] }): void {
    if (this.#preloadContext === undefined || this.#destroyed) return;
    void this.cdp("Runtime.evaluate", { expression: `__fromMain(${JSON.stringify(frame)})`, contextId: this.#preloadContext });
  }

  #event({ method, params }: CdpEvent): void {
    switch (method) {
      case "Fetch.requestPaused":
        return void this.#request(params as PausedRequest);
      case "Runtime.bindingCalled":
        return this.#fromPreload(params as { payload: string; executionContextId: number });
      case "Runtime.consoleAPICalled":
        return void this.console.push(
          (params["args"] as { value?: unknown; description?: string }[]).map((part) => part.value ?? part.description).join(" "),
        );
      case "Runtime.exceptionThrown":
        return void this.console.push(`uncaught ${JSON.stringify(params["exceptionDetails"])}`);
      case "Page.frameStartedNavigating":
        return this.#started(params as { frameId: string; navigationType: string });
      case "Page.frameNavigated": {
        const { id, url, urlFragment } = params["frame"] as { id: string; url: string; urlFragment?: string };
        if (id === this.#frame) this.mainFrame.url = toApp(url + (urlFragment ?? ""));
        return;
      }
      case "Page.navigatedWithinDocument":
        if (params["frameId"] === this.#frame) this.mainFrame.url = toApp(String(params["url"]));
        return;
      case "Page.domContentEventFired":
        return void this.emit("dom-ready");
      case "Page.loadEventFired":
        return void this.emit("did-finish-load");
      case "Page.downloadWillBegin": {
        const { url, suggestedFilename, guid } = params as { url: string; suggestedFilename: string; guid: string };
        const allowed = this.#session.download(toApp(url), suggestedFilename, join(this.#browser.downloads, guid));
        if (!allowed) void this.#browser.send("Browser.cancelDownload", { guid });
        return;
      }
      case "Page.windowOpen":
        return void this.#openHandler({ url: toApp(String(params["url"])) });
      case "Inspector.targetCrashed":
        this.#left();
        return void this.emit("render-process-gone", {}, { reason: "crashed", exitCode: 139 });
    }
  }

  #started({ frameId, navigationType }: { frameId: string; navigationType: string }): void {
    const isSameDocument = navigationType === "sameDocument" || navigationType === "historySameDocument";
    if (frameId === this.#frame && !isSameDocument) this.#left();
    this.emit("did-start-navigation", { isMainFrame: frameId === this.#frame, isSameDocument });
  }

  /** A page that is left closes its ports. */
  #left(): void {
    this.#preloadContext = undefined;
    this.#ports.closeAll();
  }

  #fromPreload({ payload, executionContextId }: { payload: string; executionContextId: number }): void {
    const frame = JSON.parse(payload) as PortFrame | { kind: "awake" };
    if (frame.kind !== "awake") return this.#ports.receive(frame);
    this.#preloadContext = executionContextId;
    for (const send of this.#awake.splice(0)) send();
  }

  async #request({ requestId, request, resourceType, frameId }: PausedRequest): Promise<void> {
    const url = toApp(request.url);
    this.requests.push(url);
    if (resourceType === "Document" && request.url.split("#")[0] !== this.#loading && this.#prevented(url, frameId === this.#frame)) {
      return void this.cdp("Fetch.failRequest", { requestId, errorReason: "Aborted" });
    }
    this.#loading = resourceType === "Document" ? undefined : this.#loading;
    if (await this.#session.cancels(url)) return void this.cdp("Fetch.failRequest", { requestId, errorReason: "BlockedByClient" });
    const response = await this.#session.answer(url, request.method, request.headers);
    // Nothing of the app's own could answer: a real network would be asked, and must never be from here.
    if (!response) return void this.cdp("Fetch.failRequest", { requestId, errorReason: "InternetDisconnected" });
    await this.cdp("Fetch.fulfillRequest", {
      requestId,
      responseCode: response.status,
      responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await response.arrayBuffer()).toString("base64"),
    });
  }

  #prevented(url: string, isMainFrame: boolean): boolean {
    let prevented = false;
    const event = { url, isMainFrame, preventDefault: () => void (prevented = true) };
    if (isMainFrame) this.emit("will-navigate", event);
    this.emit("will-frame-navigate", event);
    return prevented;
  }
}

type PausedRequest = {
  requestId: string;
  request: { url: string; method: string; headers: Record<string, string> };
  resourceType: string;
  frameId: string;
};
