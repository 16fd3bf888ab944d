import { existsSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";

/** What somebody outside asked the app to show: an address inside the page, after `#`. */
export type LaunchRequest = { route: string };

/** Links are `croft://<what>/<id>`; every other link is ignored, whoever wrote it. */
export const linkScheme = "croft";

const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const linkTargets: Record<string, (id: string) => string> = {
  chat: (thread) => `/chat/${thread}`,
  collection: (collection) => `/knowledge/${collection}`,
};

/** A link as a place in the page. It only ever shows something: no link changes, starts or sends anything. */
export function parseLink(link: string): LaunchRequest | undefined {
  if (link.length > 200) return undefined;
  const url = URL.parse(link);
  if (url?.protocol !== `${linkScheme}:` || url.search || url.hash || url.username || url.port) return undefined;
  const target = url.pathname.slice(1);
  const route = Object.hasOwn(linkTargets, url.host) ? linkTargets[url.host] : undefined;
  return route && id.test(target) ? { route: route(target) } : undefined;
}

/** A file that was opened with the app: the page offers to add it, and adds nothing unasked. */
export function parseFile(path: string): LaunchRequest | undefined {
  if (path.length > 4096 || path.includes("\0") || !isAbsolute(path)) return undefined;
  return { route: `/knowledge?${new URLSearchParams({ add: path })}` };
}

/**
 * The first link or existing file of a command line. Windows and Linux hand over links and files this way, mixed
 * with switches of Chromium's own.
 * @param folder what relative paths are relative to
 */
export function parseCommandLine(args: readonly string[], folder: string): LaunchRequest | undefined {
  for (const argument of args) {
    if (argument.startsWith("-")) continue;
    if (argument.startsWith(`${linkScheme}:`)) {
      const request = parseLink(argument);
      if (request) return request;
      continue;
    }
    const path = resolve(folder, argument);
    const request = existsSync(path) ? parseFile(path) : undefined;
    if (request) return request;
  }
  return undefined;
}
