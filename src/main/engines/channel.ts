import { parentPort } from "node:worker_threads";

/** The engine's end of the wire, whatever carries it. */
export type Channel = {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
  /** An error nobody caught; after it the engine winds down instead of dying under native code. */
  onUncaught(listener: (error: unknown) => void): void;
  /** Lets the thread or process end by itself; called once nothing computes any more. */
  close(): void;
};

/** What `process.parentPort` is inside an Electron utility process; typed here so that core never imports Electron. */
type UtilityPort = { postMessage(message: unknown): void; on(event: "message", listener: (event: { data: unknown }) => void): void };

/** A thread that something still keeps alive this long after its engine was disposed is ended from inside. */
const lingerMs = 1_000;

/**
 * The channel of the thread or process this code runs in: a worker thread, an Electron utility process or a forked
 * child.
 * @throws Error when it is none of them
 */
export function openChannel(): Channel {
  if (parentPort) return threadChannel(parentPort);
  const utilityPort = (process as { parentPort?: UtilityPort }).parentPort;
  if (utilityPort) return utilityChannel(utilityPort);
  if (process.send) return forkChannel();
  throw new Error("An engine runs only as a worker thread or a child process.");
}

function threadChannel(port: NonNullable<typeof parentPort>): Channel {
  return {
    post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    onMessage: (listener) => void port.on("message", listener),
    onUncaught,
    close() {
      port.close();
      exitIfKeptAlive();
    },
  };
}

function utilityChannel(port: UtilityPort): Channel {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => port.on("message", (event) => listener(event.data)),
    onUncaught,
    // The port of a utility process cannot be closed; leaving a moment lets the last message out.
    close: () => void setImmediate(() => process.exit(0)),
  };
}

function forkChannel(): Channel {
  return {
    // The parent may be gone at any time; then `disconnect` ends this process and there is nobody to tell.
    post: (message) => void process.send?.(message, undefined, undefined, () => {}),
    onMessage(listener) {
      process.on("message", listener);
      process.once("disconnect", () => process.exit(0));
    },
    onUncaught,
    close() {
      process.removeAllListeners("disconnect");
      if (process.connected) process.disconnect();
      exitIfKeptAlive();
    },
  };
}

function onUncaught(listener: (error: unknown) => void): void {
  process.on("uncaughtException", listener);
}

function exitIfKeptAlive(): void {
  setTimeout(() => process.exit(0), lingerMs).unref();
}
