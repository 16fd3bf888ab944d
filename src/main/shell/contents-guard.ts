import type { WebContents } from "electron";
import { isAppUrl } from "./content-policy.ts";

export type GuardedContents = Pick<WebContents, "on" | "setWindowOpenHandler">;

/**
 * A page stays where it is. It opens no window and no frame of another origin, embeds no webview, and a link outside
 * goes to `askToOpen`, which shows the address to the person first: the link may have been written by a model.
 */
export function guardContents(contents: GuardedContents, dev: string | undefined, askToOpen: (url: URL) => void): void {
  const stay = (event: { url: string; preventDefault(): void }) => {
    if (isAppUrl(event.url) || (dev !== undefined && URL.parse(event.url)?.origin === dev)) return;
    event.preventDefault();
  };
  contents.on("will-navigate", stay);
  contents.on("will-frame-navigate", stay);
  contents.on("will-redirect", stay);
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const link = webLink(url);
    if (link) askToOpen(link);
    return { action: "deny" };
  });
}

/** A link that may be given to the system's browser: https without credentials in it. */
export function webLink(url: string): URL | undefined {
  const parsed = url.length <= 2048 ? URL.parse(url) : null;
  return parsed?.protocol === "https:" && parsed.username === "" && parsed.password === "" ? parsed : undefined;
}
