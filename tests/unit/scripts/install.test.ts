import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadScript } from "../../helpers/script.ts";

const { isInstalled } = await loadScript<{ isInstalled(folder: string): boolean }>("install.mjs");
const { failedLately, remember } = await loadScript<{
  failedLately(what: string, now: number, path: string): boolean;
  remember(what: string, failed: boolean, now: number, path: string): void;
}>("memory.mjs");
const { noDisplay } = await loadScript<{ noDisplay(environment: NodeJS.ProcessEnv, platform: string, user: number): string | undefined }>(
  "desktop.mjs",
);
const { findBrowser } = await loadScript<{ findBrowser(environment: NodeJS.ProcessEnv): string | undefined }>("browser.mjs");

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "croft-install-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Packages = Record<string, { version?: string; optional?: boolean }>;
const lock = (packages: Packages) =>
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: { "": {}, ...packages } }));
function record(packages: Packages) {
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  writeFileSync(join(folder, "node_modules", ".package-lock.json"), JSON.stringify({ packages }));
}
const wanted: Packages = { "node_modules/a": { version: "1.0.0" }, "node_modules/b-darwin": { version: "2.0.0", optional: true } };

describe("installed packages", () => {
  test("are missing without node_modules", () => {
    lock(wanted);
    expect(isInstalled(folder)).toBe(false);
  });

  test("are recognised when somebody used npm directly, without those of other platforms", () => {
    lock(wanted);
    record({ "node_modules/a": { version: "1.0.0" } });
    expect(isInstalled(folder)).toBe(true);
  });

  test("are out of date when the lock asks for another version, also after they were recognised", () => {
    lock(wanted);
    record({ "node_modules/a": { version: "1.0.0" } });
    expect(isInstalled(folder)).toBe(true);
    lock({ ...wanted, "node_modules/a": { version: "1.0.1" } });
    expect(isInstalled(folder)).toBe(false);
  });

  test("are incomplete after an installation that was cut off", () => {
    lock(wanted);
    mkdirSync(join(folder, "node_modules", "a"), { recursive: true });
    expect(isInstalled(folder)).toBe(false);
  });
});

test("what failed is not tried again for an hour, and is forgotten when it works", () => {
  const path = join(folder, "memory.json");
  const now = 10_000_000;
  expect(failedLately("browser", now, path)).toBe(false);
  remember("browser", true, now, path);
  expect(failedLately("browser", now + 3_599_000, path)).toBe(true);
  expect(failedLately("browser", now + 3_601_000, path)).toBe(false);
  remember("browser", false, now, path);
  expect(failedLately("browser", now + 1, path)).toBe(false);
  writeFileSync(path, "damaged");
  expect(failedLately("browser", now, path)).toBe(false);
});

test("a window needs a display, and on Linux not to be root", () => {
  expect(noDisplay({}, "linux", 1000)).toBe("there is no display");
  expect(noDisplay({ DISPLAY: ":0" }, "linux", 0)).toContain("root");
  expect(noDisplay({ WAYLAND_DISPLAY: "wayland-0" }, "linux", 1000)).toBeUndefined();
  expect(noDisplay({}, "darwin", 501)).toBeUndefined();
});

test("a browser is the one that was named, else the first on PATH", () => {
  const chromium = join(folder, "chromium");
  writeFileSync(chromium, "");
  expect(findBrowser({ PATH: folder })).toBe(chromium);
  expect(findBrowser({ PATH: "", CHROMIUM: chromium })).toBe(chromium);
  expect(findBrowser({ PATH: folder, CHROMIUM: join(folder, "absent") })).toBeUndefined();
});
