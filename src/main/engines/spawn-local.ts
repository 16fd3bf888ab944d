import type { Channel } from "./channel.ts";
import type { CreateEngine, Protocol } from "./engine.ts";
import { serveEngine } from "./serve-engine.ts";
import type { Exit, Spawn } from "./spawn.ts";

/**
 * Runs an engine in the host's own thread, over a wire that clones like a real one. For fakes, and for engines
 * without native code. An uncaught error belongs to the whole process and is not handled here.
 */
export function localSpawner<Config, P extends Protocol>(create: CreateEngine<Config, P>): Spawn {
  return () => {
    const toEngine = oneWay();
    const toHost = oneWay();
    let exited: (exit: Exit) => void = () => {};
    const channel: Channel = {
      post: toHost.post,
      onMessage: toEngine.listen,
      onUncaught: () => {},
      close: () => void setImmediate(() => exited({ code: 0 })),
    };
    serveEngine(create, channel);
    return {
      post: toEngine.post,
      onMessage: toHost.listen,
      onExit: (listener) => {
        exited = listener;
      },
    };
  };
}

/** Delivers clones in order, in later turns of the event loop. */
function oneWay() {
  let deliver: (message: unknown) => void = () => {};
  return {
    post(message: unknown, transfer: readonly ArrayBuffer[] = []) {
      const copy: unknown = structuredClone(message, { transfer: [...transfer] });
      setImmediate(() => deliver(copy));
    },
    listen(listener: (message: unknown) => void) {
      deliver = listener;
    },
  };
}
