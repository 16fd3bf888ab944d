import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packageFolder } from "../../core/node-host.ts";
import { defineCommand } from "../command.ts";
import { serve } from "./serve.ts";

export const start = defineCommand({
  summary: "The app: a window where there is a desktop, else the server and its address",
  args: [],
  options: { port: { type: "number", value: "N", description: "Port of the server, where there is no desktop" } },
  examples: [["croft start", "Open the window, or print where the interface is served"]],
  async run(context) {
    const electron = electronBinary();
    if (!electron) {
      context.output.notice("There is no desktop here; Croft is served to the browser instead.");
      return await serve.run(context);
    }
    const app = spawn(electron, [packageFolder(), ...windowArguments(context)], { stdio: "inherit" });
    context.signal.addEventListener("abort", () => app.kill("SIGTERM"), { once: true });
    const [code] = await once(app, "exit");
    return typeof code === "number" ? code : 1;
  },
});

/** What the window is told of the line that started it; its shell reads them in `shell-paths.ts`. */
export function windowArguments({ profile, offline }: { profile: string; offline: boolean }): string[] {
  return ["--profile", profile, ...(offline ? ["--offline"] : [])];
}

/** Electron's program, where it was installed, the app is built and a display exists. */
function electronBinary(): string | undefined {
  if (process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return undefined;
  if (!existsSync(join(packageFolder(), "out", "main", "index.js"))) return undefined;
  try {
    const path: unknown = createRequire(import.meta.url)("electron");
    return typeof path === "string" && existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
