// Whether a window can be had here.
import { existsSync, readFileSync } from "node:fs";
import { failedLately, remember } from "./memory.mjs";
import { packageFile, pinnedEnvironment, pinnedNode, run } from "./run.mjs";
import { say, withHeartbeat } from "./say.mjs";

const downloadMs = 300_000;

/** Why no window can be shown, undefined when one can. */
export function noDisplay(environment = process.env, platform = process.platform, user = process.getuid?.()) {
  if (platform === "win32" || platform === "darwin") return undefined;
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return "there is no display";
  // Chromium's sandbox refuses to run as root, and Croft does not run without it.
  return user === 0 ? "windows are not shown to root" : undefined;
}

/** The Electron program, where its package has fetched it. */
export function electronProgram() {
  const path = packageFile("electron", "path.txt");
  if (!existsSync(path)) return undefined;
  const program = packageFile("electron", "dist", readFileSync(path, "utf8").trim());
  return existsSync(program) ? program : undefined;
}

/** Why there is no Electron program, after trying to fetch it; undefined when there is one. */
export async function provideElectron() {
  if (electronProgram()) return undefined;
  if (!failedLately("electron")) {
    say("Fetching Electron …");
    const fetching = run(pinnedNode(), [packageFile("electron", "install.js")], {
      env: pinnedEnvironment(),
      quiet: true,
      timeoutMs: downloadMs,
    });
    const { code } = await withHeartbeat("fetching Electron", fetching);
    remember("electron", code !== 0);
  }
  return electronProgram() ? undefined : "Electron's program could not be fetched";
}
