import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

export type CdpEvent = { method: string; params: Record<string, unknown>; sessionId?: string };

/** A browser over its debugging pipe: no port that anything else could reach. */
export type Chromium = {
  /** Where downloads go, under the names of their ids. */
  readonly downloads: string;
  send(method: string, params?: object, sessionId?: string): Promise<Record<string, unknown>>;
  onEvent(listener: (event: CdpEvent) => void): void;
  close(): Promise<void>;
};

/** Where a Chromium is: CHROMIUM_PATH, or a usual place. Undefined when there is none. */
export function findChromium(): string | undefined {
  const named = process.env["CHROMIUM_PATH"];
  const places = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  return [named, ...places].find((place) => place !== undefined && existsSync(place));
}

const switches = [
  "--headless",
  "--remote-debugging-pipe",
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-gpu",
  "--disable-popup-blocking",
  "--disable-dev-shm-usage",
  "--mute-audio",
  "--window-size=1280,800",
];

/** @param folder for what the browser keeps; it goes with the profile of the app */
export function startChromium(folder: string): Chromium {
  const program = findChromium();
  if (!program) throw new Error("No Chromium was found.");
  const child = spawn(program, [...switches, `--user-data-dir=${folder}`, "about:blank"], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  const listeners: ((event: CdpEvent) => void)[] = [];
  let last = 0;

  const [toBrowser, fromBrowser] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  toBrowser.on("error", () => {});
  readFrames(fromBrowser, (text) => {
    const frame = JSON.parse(text) as { id?: number; result?: Record<string, unknown>; error?: { message: string } } & CdpEvent;
    if (frame.id === undefined) return listeners.forEach((listener) => listener(frame));
    const call = waiting.get(frame.id);
    waiting.delete(frame.id);
    if (frame.error) call?.reject(new Error(frame.error.message));
    else call?.resolve(frame.result ?? {});
  });

  return {
    downloads: join(folder, "downloads"),
    send(method, params = {}, sessionId) {
      const id = ++last;
      const call = Promise.withResolvers<Record<string, unknown>>();
      // A page that closes under a command is no fault of the command.
      call.promise.catch(() => {});
      waiting.set(id, call);
      toBrowser.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
      return call.promise;
    },
    onEvent: (listener) => void listeners.push(listener),
    close: () => ended(child),
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

function readFrames(stream: Readable, onFrame: (text: string) => void): void {
  let parts: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, from)) {
      parts.push(chunk.subarray(from, end));
      onFrame(Buffer.concat(parts).toString("utf8"));
      parts = [];
      from = end + 1;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  });
}
