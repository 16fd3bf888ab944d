import { fromWire } from "../../shared/errors.ts";
import { environmentFetch } from "../core/fetch.ts";
import type { Child, Host } from "../core/host.ts";
import type { FromCore, HostCalls, ToCore } from "./host-messages.ts";

/** The host as core sees it from its own process: calls become messages to the shell. */
export type RemoteHost = {
  host: Host;
  /** Takes what the shell sent; false when it is not for the host. */
  receive(message: ToCore): boolean;
};

export function createRemoteHost({ paths, offline }: Extract<ToCore, { kind: "start" }>, post: (message: FromCore) => void): RemoteHost {
  const calls = new Map<number, PromiseWithResolvers<unknown>>();
  const children = new Map<number, ReturnType<typeof createChild>>();
  let lastCall = 0;
  let lastChild = 0;

  async function call<Name extends keyof HostCalls>(name: Name, input: HostCalls[Name]["input"]): Promise<HostCalls[Name]["output"]> {
    const id = ++lastCall;
    const waiting = Promise.withResolvers<unknown>();
    calls.set(id, waiting);
    post({ kind: "call", id, name, input });
    return (await waiting.promise) as HostCalls[Name]["output"];
  }

  const host: Host = {
    kind: "electron",
    paths,
    ...(offline ? { offline: true } : {}),
    secrets: {
      get: (name) => call("secrets.get", { name }),
      set: (name, value) => call("secrets.set", { name, value }),
      delete: (name) => call("secrets.delete", { name }),
      isProtected: () => call("secrets.isProtected", {}),
    },
    showInFolder: (path) => call("desktop.showInFolder", { path }),
    log: (record) => post({ kind: "log", record }),
    now: Date.now,
    startChild(spec) {
      const id = ++lastChild;
      const created = createChild(id, post);
      children.set(id, created);
      post({ kind: "child.start", child: id, spec });
      return created.child;
    },
    fetch: environmentFetch().fetch,
  };

  return {
    host,
    receive(message) {
      switch (message.kind) {
        case "reply":
        case "replyFailed": {
          const waiting = calls.get(message.id);
          calls.delete(message.id);
          if (message.kind === "reply") waiting?.resolve(message.output);
          else waiting?.reject(fromWire(message.error));
          return true;
        }
        case "child.started":
          children.get(message.child)?.started(message.pid);
          return true;
        case "child.message":
          children.get(message.child)?.received(message.message);
          return true;
        case "child.exit":
          children.get(message.child)?.exited(message.code);
          children.delete(message.child);
          return true;
        default:
          return false;
      }
    },
  };
}

function createChild(id: number, post: (message: FromCore) => void) {
  const onMessage: ((message: unknown) => void)[] = [];
  const onExit: ((code: number | null) => void)[] = [];
  let pid: number | undefined;
  const child: Child = {
    get pid() {
      return pid;
    },
    post: (message) => post({ kind: "child.post", child: id, message }),
    onMessage: (listener) => void onMessage.push(listener),
    onExit: (listener) => void onExit.push(listener),
    kill: () => post({ kind: "child.kill", child: id }),
  };
  return {
    child,
    started: (number: number | undefined) => void (pid = number),
    received: (message: unknown) => onMessage.forEach((listener) => listener(message)),
    exited: (code: number | null) => onExit.forEach((listener) => listener(code)),
  };
}
