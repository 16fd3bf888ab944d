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

/**
 * Nothing is granted, nothing leaves: a page can neither use a device nor reach the network. What the page itself made
 * can be saved, where a person says so.
 */
export function guardSession(session: GuardedSession, dev: string | undefined): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => callback(mayUse(permission, details.requestingUrl)));
  session.setPermissionCheckHandler((_contents, permission, origin) => mayUse(permission, `${origin}/`));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
  session.webRequest.onBeforeRequest(({ url }, callback) => callback({ cancel: !mayLoad(url, dev) }));
  session.on("will-download", (event, item) => {
    if (!maySave(item.getURLChain())) return event.preventDefault();
    // Without a path of its own the system asks where to; the name is only proposed.
    item.setSaveDialogOptions({ title: "Save", defaultPath: plainName(item.getFilename()), properties: ["showOverwriteConfirmation"] });
  });
}

/** Writing to the clipboard is what a copy button does; everything else stays denied, whoever asks. */
function mayUse(permission: string, url: string): boolean {
  return permission === "clipboard-sanitized-write" && isAppUrl(url);
}

/** Only what the page holds already: a blob that it made, or an address of its own, by every step of the way. */
export function maySave(chain: readonly string[]): boolean {
  return chain.length > 0 && chain.every((url) => isAppUrl(url) || (url.startsWith("blob:") && isAppUrl(url.slice("blob:".length))));
}

/** A file name with nothing in it that leads elsewhere or hides what it is. */
export function plainName(name: string): string {
  const plain = name
    // oxlint-disable-next-line no-control-regex -- control characters and turned text hide the end of a name
    .replaceAll(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?"<>|]+/g, " ")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/^[ .]+|[ .]+$/g, "")
    .slice(-120)
    // What is cut off may leave a dot or a space in front.
    .replace(/^[ .]+/, "");
  return plain || "file";
}
