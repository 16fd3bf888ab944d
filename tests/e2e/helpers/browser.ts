import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const candidates = [
  process.env["CHROMIUM_PATH"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A Chromium of this machine, or undefined. */
export const findBrowser = (): string | undefined => candidates.find((path) => path !== undefined && existsSync(path));

/** Why the browser tests cannot run, or undefined. */
export const noBrowserReason = (): string | undefined =>
  findBrowser() ? undefined : "no Chromium found; npm run setup fetches one, or set CHROMIUM_PATH";

/** Flags that keep a browser from calling anybody: what a page sends is then the page's own doing. */
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error(noBrowserReason());
  return chromium.launch({ executablePath, args: quiet });
}
