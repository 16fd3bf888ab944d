import { Worker } from "node:worker_threads";
import type { Spawn } from "./spawn.ts";

/** Runs an engine as a worker thread. It has no `kill`: see `Spawned`. */
export function threadSpawner(url: URL): Spawn {
  return (name) => {
    const worker = new Worker(url, { name });
    let lastError: unknown;
    worker.on("error", (error) => {
      lastError = error;
    });
    return {
      post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
      onMessage: (listener) => void worker.on("message", listener),
      onExit: (listener) =>
        void worker.once("exit", (code) => listener({ code, ...(lastError === undefined ? {} : { error: lastError }) })),
    };
  };
}
