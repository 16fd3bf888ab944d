import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import { AppError, toWire } from "../../shared/errors.ts";
import { openChannel } from "./channel.ts";
import type { CallContext, CreateEngine, Engine, Protocol } from "./engine.ts";
import { takeTransfer } from "./transfer.ts";
import { isMessage } from "./wire.ts";
import type { FromEngine, ToEngine } from "./wire.ts";

const settleMs = 2_000;

/** One call as the engine's side keeps it. */
type Running = { controller: AbortController; paused: boolean; resume: () => void; settled: Promise<void> };

/**
 * The engine's side of the wire: makes the engine when told to start, runs its methods, and ends cooperatively:
 * abort → await → dispose → close. Calls may run side by side; an engine that cannot have that queues them itself.
 */
export function serveEngine<Config, P extends Protocol>(create: CreateEngine<Config, P>, channel = openChannel()): void {
  const running = new Map<number, Running>();
  let engine: Engine<P> | undefined;
  let ending = false;

  const post = (message: FromEngine, transfer: readonly ArrayBuffer[] = []) => channel.post(message, transfer);

  async function start(config: unknown): Promise<void> {
    try {
      engine = await create(config as Config);
      post({ kind: "started" });
    } catch (error) {
      post({ kind: "startFailed", error: toWire(error), detail: describe(error) });
      channel.close();
    }
  }

  function call(id: number, name: string, input: unknown): void {
    const entry: Running = { controller: new AbortController(), paused: false, resume: () => {}, settled: Promise.resolve() };
    running.set(id, entry);
    entry.settled = runMethod(id, name, input, entry).finally(() => running.delete(id));
  }

  async function runMethod(id: number, name: string, input: unknown, entry: Running): Promise<void> {
    try {
      const method = engine && Object.hasOwn(engine.methods, name) ? engine.methods[name] : undefined;
      if (!method) throw new AppError("NOT_SUPPORTED", `The engine has no method ${name}.`);
      const output = await method(input, contextOf(id, entry));
      post({ kind: "done", id, output }, takeTransfer(output));
    } catch (error) {
      post({ kind: "failed", id, error: toWire(error), detail: describe(error) });
    }
  }

  function contextOf(id: number, entry: Running): CallContext<never> {
    const { signal } = entry.controller;
    return {
      signal,
      emit: (item: unknown) => post({ kind: "item", id, item }, takeTransfer(item)),
      async checkpoint() {
        // A turn of the event loop lets messages in: without it neither an abort nor a pause would ever be seen.
        await nextTurn();
        while (entry.paused && !signal.aborted) {
          post({ kind: "paused", id });
          await new Promise<void>((resolve) => {
            entry.resume = resolve;
          });
        }
        signal.throwIfAborted();
      },
    };
  }

  async function end(): Promise<void> {
    if (ending) return;
    ending = true;
    for (const entry of running.values()) abort(entry);
    const settled = Promise.allSettled([...running.values()].map((entry) => entry.settled));
    // What threw out of a callback may never settle; a computation has a second to end, by contract.
    await Promise.race([settled, delay(settleMs, undefined, { ref: false })]);
    if (running.size === 0) await engine?.dispose().catch((error: unknown) => post({ kind: "crashed", detail: describe(error) }));
    channel.close();
  }

  channel.onUncaught((error) => {
    post({ kind: "crashed", detail: describe(error) });
    void end();
  });
  channel.onMessage((received) => {
    if (!isMessage(received)) return;
    const message = received as ToEngine;
    switch (message.kind) {
      case "start":
        return void start(message.config);
      case "call":
        return call(message.id, message.method, message.input);
      case "stop":
        return void end();
      case "abort":
      case "pause":
      case "resume": {
        const entry = running.get(message.id);
        if (!entry) return;
        if (message.kind === "abort") return abort(entry);
        entry.paused = message.kind === "pause";
        if (!entry.paused) entry.resume();
      }
    }
  });
}

function abort(entry: Running): void {
  entry.controller.abort(new AppError("ABORTED", "The operation was cancelled."));
  entry.resume();
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
