import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import envPaths from "env-paths";
import { AppError } from "../../shared/errors.ts";
import { entries, type EntryName, entryUrl } from "../engines/entries.ts";
import { childEnvironment } from "./child-environment.ts";
import { environmentFetch } from "./fetch.ts";
import type { Child, ChildSpec, Host, HostPaths } from "./host.ts";
import { createLogFiles } from "./log-files.ts";
import { createSecretsFile } from "./secrets-file.ts";

export type NodeHostOptions = {
  kind: Exclude<Host["kind"], "electron">;
  /** Default: CROFT_PROFILE, else the platform's data folder. */
  profile?: string | undefined;
  /** Default: CROFT_MODELS, else `models` in the platform's data folder. */
  models?: string | undefined;
  /** Forbids the network, whatever the settings say. */
  offline?: boolean | undefined;
};

export type NodeHost = Host & { close(): Promise<void> };

/** A host over plain Node: for the server, the command line, and programs that embed Croft. */
export function createNodeHost(options: NodeHostOptions): NodeHost {
  const paths = nodePaths(options);
  // First, since it may refuse: then nothing is open yet.
  const web = environmentFetch();
  const logs = createLogFiles(join(paths.profile, "logs"));
  const children = new Set<ChildProcess>();
  const log: Host["log"] = (record) => logs.write(record);
  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    for (const child of children) child.kill("SIGKILL");
    await web.close();
    logs.close();
  }

  return {
    kind: options.kind,
    paths,
    ...(options.offline ? { offline: true } : {}),
    secrets: createSecretsFile(join(paths.profile, "secrets.json")),
    log,
    now: Date.now,
    startChild(spec) {
      const child = startProcess(spec);
      children.add(child);
      child.once("exit", () => children.delete(child));
      if (child.stderr) {
        const lines = createInterface({ input: child.stderr });
        lines.on("line", (line) =>
          log({ level: "warn", at: Date.now(), scope: `child.${spec.name}`, event: "stderr", line: line.slice(0, 2000) }),
        );
      }
      return asChild(child);
    },
    fetch: options.offline ? refuse : web.fetch,
    close: () => (closing ??= close()),
  };
}

/** The folders of a host, absolute. */
export function nodePaths(options: Pick<NodeHostOptions, "profile" | "models">, environment: NodeJS.ProcessEnv = process.env): HostPaths {
  const { data } = envPaths("croft", { suffix: "" });
  return {
    profile: absolute(options.profile || environment["CROFT_PROFILE"] || data),
    models: absolute(options.models || environment["CROFT_MODELS"] || join(data, "models")),
    resources: join(packageFolder(), "resources"),
  };
}

const absolute = (path: string): string => resolve(path.replace(/^~(?=\/|$)/, homedir()));

/** The folder of Croft's package.json: above the sources, or above the built files. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new AppError("INTERNAL", "Croft's own package was not found.");
    folder = parent;
  }
  return folder;
}

const refuse: typeof fetch = async (input) => {
  const { host } = new URL(input instanceof Request ? input.url : input);
  throw new AppError("OFFLINE", `${host} was not asked: the network is switched off.`, { hint: "Leave out --offline." });
};

function startProcess(spec: ChildSpec): ChildProcess {
  if (!Object.hasOwn(entries, spec.entry)) throw new AppError("INTERNAL", `There is no program ${spec.entry}.`);
  const program = fileURLToPath(entryUrl(spec.entry as EntryName));
  const memory = spec.memoryMb === undefined ? [] : [`--max-old-space-size=${spec.memoryMb}`];
  const env = childEnvironment(process.env);
  return fork(program, { env, execArgv: memory, serialization: "advanced", stdio: ["ignore", "ignore", "pipe", "ipc"] });
}

function asChild(child: ChildProcess): Child {
  // A process that could not be started reports an error and no exit.
  let ended = false;
  const onExit: ((code: number | null) => void)[] = [];
  const end = (code: number | null): void => {
    if (ended) return;
    ended = true;
    for (const listener of onExit) listener(code);
  };
  child.once("exit", end);
  child.on("error", () => end(null));
  return {
    pid: child.pid,
    post(message) {
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => void child.on("message", listener),
    onExit: (listener) => void onExit.push(listener),
    kill: () => void child.kill("SIGKILL"),
  };
}
