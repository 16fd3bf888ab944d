import { toWire } from "../../shared/errors.ts";
import { portPipe } from "../../shared/client/port-pipe.ts";
import type { PortLike } from "../../shared/client/port-pipe.ts";
import type { Host } from "../core/host.ts";
import type { CallerContext } from "../core/implementer.ts";
import { createLogger } from "../core/logger.ts";
import { owner } from "../core/principal.ts";
import { serveConnection } from "../transport/serve-connection.ts";
import type { AppRouter } from "../transport/serve-connection.ts";
import { answerBytes } from "./answer-bytes.ts";
import { isKind } from "./host-messages.ts";
import type { FromCore, ToCore } from "./host-messages.ts";
import { createRemoteHost } from "./remote-host.ts";
import type { RemoteHost } from "./remote-host.ts";

/** What the shell needs of core. */
export type CoreProgram = {
  router: AppRouter;
  /** Answers a request for bytes under `/files/`. */
  serveBytes?: (request: Request, context: CallerContext) => Promise<Response>;
  close(): Promise<void>;
};

/** `process.parentPort` of a utility process, typed here because core never imports Electron. */
export type ParentPort = {
  on(event: "message", listener: (event: { data: unknown; ports: PortLike[] }) => void): unknown;
  postMessage(message: unknown): void;
};

/** What this needs of `process`; given as an argument so that a test can watch it. */
export type ProcessLike = {
  on(event: "uncaughtException" | "unhandledRejection" | "SIGINT", listener: (error: unknown) => void): unknown;
  exit(code: number): void;
  kill(pid: number, signal: NodeJS.Signals): unknown;
  readonly pid: number;
};

/** After an error nobody caught the engines get this long to stop, then the process is ended from outside itself. */
const drainMs = 5_000;

/**
 * Runs core in the process it has to itself: builds the host from messages, serves the port of each window, and ends
 * only with its engines drained.
 */
export function runCoreProgram(port: ParentPort, create: (host: Host) => CoreProgram | Promise<CoreProgram>, own: ProcessLike): void {
  const post = (message: FromCore) => port.postMessage(message);
  const log = createLogger((record) => post({ kind: "log", record }), Date.now);
  const waiting: PortLike[] = [];
  const byteCalls = new Map<number, AbortController>();
  let remote: RemoteHost | undefined;
  let core: CoreProgram | undefined;
  let ending: Promise<void> | undefined;

  async function start(message: Extract<ToCore, { kind: "start" }>): Promise<void> {
    try {
      remote = createRemoteHost(message, post);
      core = await create(remote.host);
      for (const ready of waiting.splice(0)) serve(core, ready);
      post({ kind: "ready" });
    } catch (error) {
      log.error("core.refused", { error });
      post({ kind: "refused", error: toWire(error) });
      leave(1);
    }
  }

  function serve(running: CoreProgram, windowPort: PortLike): void {
    serveConnection(portPipe(windowPort), { router: running.router, context: { principal: owner("window"), log } });
  }

  async function sendBytes({ id, request }: Extract<ToCore, { kind: "bytes" }>): Promise<void> {
    const dropped = new AbortController();
    byteCalls.set(id, dropped);
    const bytes = await answerBytes(core?.serveBytes, request, { principal: owner("window"), log }, dropped.signal);
    byteCalls.delete(id);
    // Of an answer that nobody waits for, the bytes are not worth a copy.
    if (!dropped.signal.aborted) post({ kind: "bytes", id, ...bytes });
  }

  function end(code: number): Promise<void> {
    ending ??= drain(code);
    return ending;
  }

  async function drain(code: number): Promise<void> {
    // Leaving by `exit` while an engine computes aborts with a core dump; a signal from outside does not.
    // When the shell asked, it has a deadline of its own.
    const late = code === 0 ? undefined : setTimeout(() => own.kill(own.pid, "SIGKILL"), drainMs);
    try {
      await core?.close();
      post({ kind: "closed" });
    } catch (error) {
      log.error("core.close-failed", { error });
    }
    clearTimeout(late);
    leave(code);
  }

  /** The process leaves at once when told to; a turn of the loop lets the last messages out. */
  function leave(code: number): void {
    setTimeout(() => own.exit(code), 50);
  }

  function failed(event: string, error: unknown): void {
    log.error(event, { error });
    void end(1);
  }

  own.on("uncaughtException", (error) => failed("core.uncaught", error));
  // A utility process only warns of these; a promise that nobody awaited is as broken as a throw.
  own.on("unhandledRejection", (error) => failed("core.unhandled-rejection", error));
  // An interrupt from a terminal goes to the whole group: the shell decides, and tells us.
  own.on("SIGINT", () => {});

  port.on("message", ({ data, ports }) => {
    if (!isKind(data)) return;
    const message = data as ToCore;
    if (remote?.receive(message)) return;
    if (message.kind === "start") void start(message);
    else if (message.kind === "bytes") void sendBytes(message);
    else if (message.kind === "bytes.drop") byteCalls.get(message.id)?.abort();
    else if (message.kind === "close") void end(0);
    else if (message.kind === "window" && ports[0]) {
      if (core) serve(core, ports[0]);
      else waiting.push(ports[0]);
    }
  });
  post({ kind: "awake" });
}
