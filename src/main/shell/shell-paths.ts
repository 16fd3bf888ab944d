import { join, resolve } from "node:path";
import envPaths from "env-paths";

const standard = envPaths("croft", { suffix: "" });

/** What the app was started with: `--profile DIR` or `--profile=DIR`, `--offline`, and the arguments without them. */
export function readArguments(args: readonly string[]): { profile: string | undefined; offline: boolean; rest: string[] } {
  const rest: string[] = [];
  let profile: string | undefined;
  let offline = false;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    if (argument === "--profile") profile = args[++index];
    else if (argument.startsWith("--profile=")) profile = argument.slice("--profile=".length);
    else if (argument === "--offline") offline = true;
    else rest.push(argument);
  }
  return { profile: profile || undefined, offline, rest };
}

/** The profile that was named, by argument or CROFT_PROFILE; otherwise the platform's data folder, as for the command line. */
export function profileFolder(named: string | undefined, env: NodeJS.ProcessEnv): string {
  return resolve(named ?? (env["CROFT_PROFILE"] || standard.data));
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
