import type { MessagePortMain } from "electron";
import { AppError } from "../../shared/errors.ts";
import type { WireError } from "../../shared/errors.ts";
import type { LogRecord } from "../core/logger.ts";
import type { BytesRequest, CoreBytes } from "./app-protocol.ts";
import { createChildProcesses, endNow } from "./child-processes.ts";
import type { ForkedProcess, ForkProgram } from "./child-processes.ts";
import { isKind } from "./host-messages.ts";
import type { FromCore, ToCore } from "./host-messages.ts";
import { createRestartPolicy } from "./restart-policy.ts";

export type CoreSupervisorOptions = {
  fork: ForkProgram;
  start: Extract<ToCore, { kind: "start" }>;
  services: (id: number, name: string, input: unknown) => Promise<ToCore>;
  log: (record: LogRecord) => void;
  /** A core listens: every window is to be given a new port. Called again after each restart. */
  onAwake: () => void;
  /** Core cannot run; nothing is tried any more until `retry`. */
  onGivenUp: (error: WireError) => void;
  now?: () => number;
  setTimer?: (run: () => void, delayMs: number) => void;
};

export type CoreSupervisor = {
  /** Gives core the other end of a window's port. False when no core listens; `onAwake` comes once one does. */
  connect(makePort: () => MessagePortMain): boolean;
  bytes(request: BytesRequest, signal: AbortSignal): Promise<CoreBytes>;
  /** Starts again after `onGivenUp`. */
  retry(): void;
  /** Lets core drain its engines; ends its process when it has not done so within the deadline. */
  close(deadlineMs: number): Promise<void>;
  readonly pid: number | undefined;
};

type Running = { process: ForkedProcess; awake: boolean; children: ReturnType<typeof createChildProcesses>; exited: Promise<void> };

/** Keeps one core process running: starts it, serves it, starts it again when it dies, and ends it. */
export function superviseCore(options: CoreSupervisorOptions): CoreSupervisor {
  const { now = Date.now, setTimer = (run, delayMs) => void setTimeout(run, delayMs) } = options;
  const policy = createRestartPolicy(now);
  const byteCalls = new Map<number, PromiseWithResolvers<CoreBytes>>();
  let running: Running | undefined;
  let refusal: WireError | undefined;
  let closing = false;
  let calls = 0;

  const log = (level: LogRecord["level"], event: string, fields: Record<string, unknown>) =>
    options.log({ ...fields, level, at: now(), scope: "shell.core", event });

  function start(): void {
    if (closing || running) return;
    const forked = options.fork("core-process", { serviceName: "core", memoryMb: undefined });
    const post = (message: ToCore) => forked.postMessage(message);
    const exited = Promise.withResolvers<void>();
    const current: Running = { process: forked, awake: false, children: createChildProcesses(options.fork, post), exited: exited.promise };
    running = current;
    refusal = undefined;
    forked.on("message", (message: unknown) => isKind(message) && receive(current, message as FromCore));
    forked.once("exit", (code) => {
      exited.resolve();
      ended(current, code);
    });
  }

  function receive(from: Running, message: FromCore): void {
    switch (message.kind) {
      case "awake":
        from.awake = true;
        from.process.postMessage(options.start);
        return options.onAwake();
      case "ready":
        return log("info", "core.ready", { pid: from.process.pid });
      case "refused":
        refusal = message.error;
        return;
      case "closed":
        return log("info", "core.closed", {});
      case "log":
        return options.log(message.record);
      case "call":
        return void options.services(message.id, message.name, message.input).then((reply) => from.process.postMessage(reply));
      case "bytes":
        byteCalls.get(message.id)?.resolve(message);
        return void byteCalls.delete(message.id);
      default:
        return from.children.handle(message);
    }
  }

  function ended(which: Running, code: number): void {
    which.children.endAll();
    running = undefined;
    for (const call of byteCalls.values()) call.reject(new AppError("ENGINE_EXITED", "Core ended before it answered."));
    byteCalls.clear();
    if (closing) return;
    log("error", "core.exited", { code });
    if (refusal) return options.onGivenUp(refusal);
    const delayMs = policy.died();
    if (delayMs !== undefined) return setTimer(start, delayMs);
    options.onGivenUp({
      code: "ENGINE_UNAVAILABLE",
      message: "The part of Croft that does the work stopped five times within a minute. Your documents and conversations are kept.",
      hint: "Try again; if it stops again, the log says why.",
    });
  }

  start();

  return {
    connect(makePort) {
      if (!running?.awake || closing) return false;
      running.process.postMessage({ kind: "window" } satisfies ToCore, [makePort()]);
      return true;
    },
    async bytes(request, signal) {
      signal.throwIfAborted();
      if (!running?.awake) throw new AppError("CLOSED", "Core is not running.");
      const id = ++calls;
      const call = Promise.withResolvers<CoreBytes>();
      byteCalls.set(id, call);
      const asked = running.process;
      const drop = () => {
        byteCalls.delete(id);
        call.reject(new AppError("ABORTED", "The page no longer wants these bytes."));
        if (running?.process === asked) asked.postMessage({ kind: "bytes.drop", id } satisfies ToCore);
      };
      signal.addEventListener("abort", drop, { once: true });
      asked.postMessage({ kind: "bytes", id, request } satisfies ToCore);
      return call.promise.finally(() => signal.removeEventListener("abort", drop));
    },
    retry() {
      policy.forgive();
      start();
    },
    async close(deadlineMs) {
      closing = true;
      const current = running;
      if (!current) return;
      if (!current.awake) return endNow(current.process);
      current.process.postMessage({ kind: "close" } satisfies ToCore);
      const late = Promise.withResolvers<void>();
      setTimer(late.resolve, deadlineMs);
      await Promise.race([current.exited, late.promise]);
      if (running !== current) return;
      log("warn", "core.killed", { deadlineMs });
      endNow(current.process);
      await current.exited;
    },
    get pid() {
      return running?.process.pid;
    },
  };
}
