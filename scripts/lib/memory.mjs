// What the set-up tried and could not do, so that every start does not try it again.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

const ownPath = join(root, "node_modules", ".croft-setup.json");
const retryAfterMs = 60 * 60 * 1000;

/** True when this failed less than an hour ago. */
export function failedLately(what, now = Date.now(), path = ownPath) {
  return now - (read(path)[what] ?? 0) < retryAfterMs;
}

/** @param {string} what @param {boolean} failed */
export function remember(what, failed, now = Date.now(), path = ownPath) {
  const { [what]: _old, ...rest } = read(path);
  writeFileSync(path, JSON.stringify(failed ? { ...rest, [what]: now } : rest));
}

function read(path) {
  try {
    return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  } catch {
    return {};
  }
}
