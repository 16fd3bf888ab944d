import { fork } from "node:child_process";
import { join } from "node:path";
import type { Control, ControlCall, ControlReply } from "./control.ts";

type Asked<Method> = Method extends (...args: infer Args) => infer Result ? (...args: Args) => Promise<Awaited<Result>> : never;

/** The built app, running under the stand-in; every method of `Control` asks it. */
export type RunningApp = { [Name in keyof Control]: Asked<Control[Name]> } & {
  pid: number;
  /** Everything written to its standard output and error. */
  output(): string;
  /** How it ended. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Asks again until the expression is truthy in the page; rejects when the app ends before, or after a minute. */
  until(expression: string): Promise<void>;
  /** Ends it, however far it got. */
  kill(): Promise<void>;
};

const root = join(import.meta.dirname, "../../..");
/** Far more than anything takes on a loaded machine. */
const untilMs = 60_000;
const leaveMs = 10_000;
const register = new URL("./register.ts", import.meta.url).href;

/** Starts the app that lies built in `out`. `profile` and `models` are folders. */
export function startApp(options: { profile: string; models?: string; args?: string[]; env?: NodeJS.ProcessEnv }): RunningApp {
  const child = fork(join(root, "out/main/index.js"), options.args ?? [], {
    cwd: root,
    execArgv: ["--import", register],
    env: { ...process.env, ...options.env, CROFT_PROFILE: options.profile, ...(options.models ? { CROFT_MODELS: options.models } : {}) },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));

  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  child.on("message", ({ id, result, error }: ControlReply) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
  });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once("exit", (code, signal) => {
      for (const call of waiting.values()) call.reject(new Error(`The app ended.\n${output}`));
      waiting.clear();
      resolve({ code, signal });
    }),
  );

  function ask(method: keyof Control, args: unknown[]): Promise<unknown> {
    if (!child.connected) return Promise.reject(new Error(`The app is not running.\n${output}`));
    const id = ++last;
    const call = Promise.withResolvers<unknown>();
    waiting.set(id, call);
    child.send({ id, method, args } satisfies ControlCall, () => {});
    return call.promise;
  }

  async function until(expression: string): Promise<void> {
    const deadline = Date.now() + untilMs;
    while (Date.now() < deadline) {
      // Between two documents there is nothing to ask.
      const asked = `new Promise((resolve) => setTimeout(() => resolve(Boolean(${expression})), 20))`;
      const value = await ask("evaluate", [asked]).catch((error: Error) => {
        if (!child.connected || /SyntaxError/.test(error.message)) throw error;
        return false;
      });
      if (value) return;
    }
    const text = await ask("evaluate", ["document.body.innerText"]).catch(String);
    throw new Error(`Never true: ${expression}\nThe page shows:\n${String(text)}\nThe app wrote:\n${output}`);
  }

  const own = {
    pid: child.pid ?? 0,
    output: () => output,
    exited,
    until,
    async kill() {
      const late = setTimeout(() => child.kill("SIGKILL"), leaveMs);
      await Promise.race([ask("leave", []).catch(() => {}), exited]);
      await exited;
      clearTimeout(late);
    },
  };
  return new Proxy(own, {
    get: (target, name) =>
      Object.hasOwn(target, name) ? Reflect.get(target, name) : (...args: unknown[]) => ask(name as keyof Control, args),
  }) as RunningApp;
}
