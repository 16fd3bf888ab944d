import { AppError, fromWire } from "../../shared/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Exit, Spawn } from "./spawn.ts";
import { isMessage } from "./wire.ts";
import type { FromEngine, ToEngine } from "./wire.ts";

export type Outgoing = {
  method: string;
  input: unknown;
  transfer: readonly ArrayBuffer[];
  onItem: (item: unknown) => void;
  /** The engine stands at a checkpoint of this call, as it was asked to. */
  onPaused: () => void;
};

export type SentCall = {
  /** The output; rejects with what the engine threw, or ENGINE_EXITED when the generation is over. */
  output: Promise<unknown>;
  abort(): void;
  pause(): void;
  resume(): void;
};

/** One generation of an engine: one running thread or process, from spawn to exit. */
export type EngineLink = {
  /** Settles when the engine was made, or could not be. */
  started: Promise<void>;
  /** Resolves when the thread or process is gone. */
  ended: Promise<Exit>;
  /** Set once calls can no longer succeed, though the thread may still be winding down. */
  readonly lost: boolean;
  send(call: Outgoing): SentCall;
  requestStop(): void;
  kill: (() => void) | undefined;
};

type LinkOptions = {
  name: string;
  config: unknown;
  spawn: Spawn;
  log: Logger;
  /** The generation failed: it could not start, crashed or exited without being asked to. */
  onLost: () => void;
};

type InFlight = Outgoing & { resolve: (output: unknown) => void; reject: (error: unknown) => void };

/** Spawns an engine and speaks its wire: start, calls, items, and what becomes of calls when it ends. */
export function openLink({ name, config, spawn, log, onLost }: LinkOptions): EngineLink {
  const inFlight = new Map<number, InFlight>();
  const spawned = spawn(name);
  const start = Promise.withResolvers<void>();
  const end = Promise.withResolvers<Exit>();
  start.promise.catch(() => {});
  let lost = false;
  let nextId = 1;

  const post = (message: ToEngine, transfer?: readonly ArrayBuffer[]) => spawned.post(message, transfer);

  function lose(error: AppError): void {
    if (!lost) onLost();
    lost = true;
    start.reject(error);
    for (const call of inFlight.values()) call.reject(error);
    inFlight.clear();
  }

  function receive(message: FromEngine): void {
    switch (message.kind) {
      case "started":
        return start.resolve();
      case "startFailed":
        log.error("engine.start-failed", { engine: name, detail: message.detail });
        return lose(fromWire(message.error));
      case "crashed":
        log.error("engine.crashed", { engine: name, detail: message.detail });
        return lose(exited(name, { code: null }));
      case "item":
        return deliver(message.id, message.item);
      case "paused":
        return inFlight.get(message.id)?.onPaused();
      case "done":
      case "failed": {
        const call = inFlight.get(message.id);
        inFlight.delete(message.id);
        if (message.kind === "done") return call?.resolve(message.output);
        const error = fromWire(message.error);
        if (error.code === "INTERNAL") log.error("engine.call-failed", { engine: name, method: call?.method, detail: message.detail });
        call?.reject(error);
      }
    }
  }

  /** A caller that fails at an item (its disk is full, say) fails its own call, not the process. */
  function deliver(id: number, item: unknown): void {
    const call = inFlight.get(id);
    if (!call) return;
    try {
      call.onItem(item);
    } catch (error) {
      inFlight.delete(id);
      call.reject(error);
      post({ kind: "abort", id });
    }
  }

  spawned.onMessage((message) => {
    if (isMessage(message)) receive(message as FromEngine);
  });
  spawned.onExit((exit) => {
    lose(exit.error instanceof AppError ? exit.error : exited(name, exit));
    end.resolve(exit);
  });
  post({ kind: "start", config });

  return {
    started: start.promise,
    ended: end.promise,
    get lost() {
      return lost;
    },
    send(call) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const id = nextId++;
      // Posting throws for what cannot be cloned; the call then never was in flight.
      post({ kind: "call", id, method: call.method, input: call.input }, call.transfer);
      inFlight.set(id, { ...call, resolve, reject });
      const tell = (kind: "abort" | "pause" | "resume") => () => {
        if (inFlight.has(id)) post({ kind, id });
      };
      return { output: promise, abort: tell("abort"), pause: tell("pause"), resume: tell("resume") };
    },
    requestStop() {
      lost = true;
      post({ kind: "stop" });
    },
    kill: spawned.kill,
  };
}

function exited(name: string, exit: Exit): AppError {
  return new AppError("ENGINE_EXITED", `The ${name} engine ended while it was working; nothing that was stored is lost.`, {
    hint: "Try again: the engine starts anew by itself.",
    data: { engine: name, exitCode: exit.code },
    cause: exit.error,
  });
}
