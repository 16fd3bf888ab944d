import type { Session } from "electron";
import { isAppUrl } from "./content-policy.ts";

export type GuardedSession = Pick<
  Session,
  "setPermissionRequestHandler" | "setPermissionCheckHandler" | "setDevicePermissionHandler" | "setDisplayMediaRequestHandler" | "on"
> & { webRequest: Pick<Session["webRequest"], "onBeforeRequest"> };

/** Addresses that a page may load. `dev` is the origin of the development server, which is never set in a package. */
export function mayLoad(url: string, dev: string | undefined): boolean {
  if (isAppUrl(url)) return true;
  const { protocol, origin, host } = URL.parse(url) ?? {};
  // A blob or data address carries its content with it; the content policy says where they may be used.
  if (protocol === "data:" || protocol === "blob:") return true;
  if (dev === undefined) return false;
  return protocol === "devtools:" || origin === dev || (protocol === "ws:" && host === new URL(dev).host);
}

/** Nothing is granted, nothing leaves: a page can neither use a device nor reach the network, nor download. */
export function guardSession(session: GuardedSession, dev: string | undefined): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => callback(mayUse(permission, details.requestingUrl)));
  session.setPermissionCheckHandler((_contents, permission, origin) => mayUse(permission, `${origin}/`));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
  session.webRequest.onBeforeRequest(({ url }, callback) => callback({ cancel: !mayLoad(url, dev) }));
  session.on("will-download", (event) => event.preventDefault());
}

/** Writing to the clipboard is what a copy button does; everything else stays denied, whoever asks. */
function mayUse(permission: string, url: string): boolean {
  return permission === "clipboard-sanitized-write" && isAppUrl(url);
}
