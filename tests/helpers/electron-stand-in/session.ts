import { EventEmitter } from "node:events";

type BeforeRequest = (details: { url: string }, callback: (answer: { cancel?: boolean }) => void) => void;
type Handler = (request: Request) => Response | Promise<Response>;

/** `session.defaultSession` and `protocol`: what the app set, used for every request of every page. */
export class StandInSession extends EventEmitter {
  readonly handlers = new Map<string, Handler>();
  /** The permission handlers as the app set them, by the setter's name. */
  readonly permissions: Record<string, unknown> = {};
  #beforeRequest: BeforeRequest = (_details, callback) => callback({});

  readonly webRequest = { onBeforeRequest: (listener: BeforeRequest) => void (this.#beforeRequest = listener) };

  setPermissionRequestHandler = (handler: unknown) => void (this.permissions["request"] = handler);
  setPermissionCheckHandler = (handler: unknown) => void (this.permissions["check"] = handler);
  setDevicePermissionHandler = (handler: unknown) => void (this.permissions["device"] = handler);
  setDisplayMediaRequestHandler = (handler: unknown) => void (this.permissions["display"] = handler);

  cancels(url: string): Promise<boolean> {
    return new Promise((resolve) => this.#beforeRequest({ url }, ({ cancel }) => resolve(cancel === true)));
  }

  async answer(url: string, method: string, headers: Record<string, string>): Promise<Response | undefined> {
    const handler = this.handlers.get(new URL(url).protocol.slice(0, -1));
    return handler?.(new Request(url, { method, headers }));
  }
}
