// A Chromium for the browser tests.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { answers, run } from "./run.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const macBrowsers = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

/** The browser of the environment variable CHROMIUM, or the first on PATH. */
export function findBrowser(environment = process.env) {
  if (environment.CHROMIUM) return existsSync(environment.CHROMIUM) ? environment.CHROMIUM : undefined;
  const windows = [environment.PROGRAMFILES, environment["PROGRAMFILES(X86)"]]
    .filter(Boolean)
    .map((folder) => join(folder, "Google", "Chrome", "Application", "chrome.exe"));
  const onPath = (environment.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...macBrowsers, ...windows].find((path) => existsSync(path));
}

/** Installs Debian's, where that is possible without asking anybody. @returns {Promise<string | undefined>} why not */
export async function installBrowser() {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "it is installed automatically only for root on Debian and Ubuntu";
  if (!answers("apt-get")) return "apt-get is not there";
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const update = await run("apt-get", ["update", "-qq"], { env, quiet: true, timeoutMs: 180_000 });
  if (update.code !== 0) return "apt-get update failed";
  const { code } = await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
    env,
    quiet: true,
    timeoutMs: 600_000,
  });
  return code === 0 ? undefined : "apt-get could not install chromium";
}
