import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { afterAll, expect, onTestFinished } from "vitest";
import type { Child } from "../../src/main/core/host.ts";
import { createLogger } from "../../src/main/core/logger.ts";
import type { LogRecord } from "../../src/main/core/logger.ts";
import type { EngineHost, EngineState, Protocol } from "../../src/main/engines/engine.ts";

/** A logger that keeps its records, and the records. */
export function recordingLog() {
  const records: LogRecord[] = [];
  const log = createLogger(
    (record) => void records.push(record),
    () => 0,
    "test",
  );
  return { log, records, events: () => records.map((record) => record.event) };
}

/**
 * `Host.startChild` over `child_process.fork`, for the one entry it is made for. What is left of its processes is killed
 * with the test, or with the file, that made it: a test that fails leaves none behind. A script that measures has no
 * tests; there it is the script's own end.
 */
export function forkChild(url: URL): () => Child {
  const children = new Set<ChildProcess>();
  const end = () => {
    for (const child of children) child.kill("SIGKILL");
  };
  if (process.env["VITEST"] === undefined) process.once("exit", end);
  else if (expect.getState().currentTestName === undefined) afterAll(end);
  else onTestFinished(end);
  return () => {
    const child = fork(url, { serialization: "advanced", execArgv: [] });
    children.add(child);
    child.once("exit", () => children.delete(child));
    return {
      pid: child.pid,
      post: (message) => void (child.connected && child.send(message as object)),
      onMessage: (listener) => void child.on("message", listener),
      onExit: (listener) => void child.once("exit", listener),
      kill: () => void child.kill("SIGKILL"),
    };
  };
}

/** Resolves when the host is in the state, at once when it already is. */
export async function untilState<P extends Protocol>(host: EngineHost<P>, wanted: EngineState): Promise<void> {
  if (host.state === wanted) return;
  await new Promise<void>((resolve) => {
    const off = host.onState((state) => {
      if (state !== wanted) return;
      off();
      resolve();
    });
  });
}

/** The code of the error that a promise rejects with; fails when it does not reject with an AppError. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  throw new Error(`expected an error with a code, got ${String(error)}`);
}

/** A signal that aborts when told to, and a promise for the first item of a stream. */
export function firstItem<Item>() {
  const emitter = new EventTarget();
  const seen = once(emitter, "item");
  return { onItem: (_item: Item) => void emitter.dispatchEvent(new Event("item")), seen };
}
