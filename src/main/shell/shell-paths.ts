import { join, resolve } from "node:path";
import envPaths from "env-paths";

const standard = envPaths("croft", { suffix: "" });

/** The profile named by `--profile`, by CROFT_PROFILE, or the platform's data folder. */
export function profileFolder(args: readonly string[], env: NodeJS.ProcessEnv): string {
  const at = args.indexOf("--profile");
  const named = at < 0 ? env["CROFT_PROFILE"] : args[at + 1];
  return named ? resolve(named) : join(standard.data, "profile");
}

export function modelsFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env["CROFT_MODELS"] || join(standard.data, "models"));
}

/** Files of the app itself, from the folder that holds package.json; inside a package that is the archive. */
export function appFiles(root: string) {
  return {
    programs: join(root, "out", "main"),
    preload: join(root, "out", "preload", "index.cjs"),
    page: join(root, "out", "renderer"),
    resources: join(root, "resources"),
    icon: join(root, "resources", "icons", "icon.png"),
    trayIcon: join(root, "resources", "icons", "tray.png"),
  };
}

/** Files of the shell in a profile: what Chromium keeps, the place of the window, keys, the log. */
export function profileFiles(profile: string) {
  return {
    browser: join(profile, "window"),
    windowState: join(profile, "window", "window-state.json"),
    secrets: join(profile, "secrets.json"),
    logs: join(profile, "logs"),
  };
}
