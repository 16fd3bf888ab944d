import type { ChildSpec, Host } from "../core/host.ts";
import type { Spawn } from "./spawn.ts";

/** Runs an engine as a process of its own, through the host. Nothing is transferred across processes, only copied. */
export function childSpawner(startChild: Host["startChild"], spec: ChildSpec): Spawn {
  return () => {
    const child = startChild(spec);
    return {
      post: (message) => child.post(message),
      onMessage: (listener) => child.onMessage(listener),
      onExit: (listener) => child.onExit((code) => listener({ code })),
      kill: () => child.kill(),
    };
  };
}
