import { EventEmitter } from "node:events";

type BeforeRequest = (details: { url: string }, callback: (answer: { cancel?: boolean }) => void) => void;
type Handler = (request: Request) => Response | Promise<Response>;

export type SavedFile = { prevented: boolean; options: unknown; file: string };

/** `session.defaultSession` and `protocol`: what the app set, used for every request of every page. */
export class StandInSession extends EventEmitter {
  /** What pages wanted to save: whether the app let them, and what it had the person asked. */
  readonly saves: SavedFile[] = [];
  readonly handlers = new Map<string, Handler>();
  /** The permission handlers as the app set them, by the setter's name. */
  readonly permissions: Record<string, unknown> = {};
  #beforeRequest: BeforeRequest = (_details, callback) => callback({});

  readonly webRequest = { onBeforeRequest: (listener: BeforeRequest) => void (this.#beforeRequest = listener) };

  setPermissionRequestHandler = (handler: unknown) => void (this.permissions["request"] = handler);
  setPermissionCheckHandler = (handler: unknown) => void (this.permissions["check"] = handler);
  setDevicePermissionHandler = (handler: unknown) => void (this.permissions["device"] = handler);
  setDisplayMediaRequestHandler = (handler: unknown) => void (this.permissions["display"] = handler);

  /** Asks the app about a download, as Electron would. `file` is where the bytes go. */
  download(url: string, name: string, file: string): boolean {
    const save: SavedFile = { prevented: false, options: undefined, file };
    const item = {
      getURLChain: () => [url],
      getFilename: () => name,
      setSaveDialogOptions: (options: unknown) => void (save.options = options),
    };
    this.emit("will-download", { preventDefault: () => void (save.prevented = true) }, item);
    this.saves.push(save);
    return !save.prevented;
  }

  cancels(url: string): Promise<boolean> {
    return new Promise((resolve) => this.#beforeRequest({ url }, ({ cancel }) => resolve(cancel === true)));
  }

  async answer(url: string, method: string, headers: Record<string, string>): Promise<Response | undefined> {
    const handler = this.handlers.get(new URL(url).protocol.slice(0, -1));
    return handler?.(new Request(url, { method, headers }));
  }
}
