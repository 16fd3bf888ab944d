import type { MessagePortMain } from "electron";
import { entries } from "../engines/entries.ts";
import type { FromCore, ToCore } from "./host-messages.ts";

/** Starts the built program of a name as a process of its own. */
export type ForkProgram = (program: string, options: { serviceName: string; memoryMb: number | undefined }) => ForkedProcess;

/** What is used of a utility process. */
export type ForkedProcess = {
  readonly pid?: number | undefined;
  postMessage(message: unknown, transfer?: MessagePortMain[]): void;
  kill(): boolean;
  on(event: "message", listener: (message: unknown) => void): unknown;
  once(event: "spawn", listener: () => void): unknown;
  once(event: "exit", listener: (code: number) => void): unknown;
};

type ChildMessage = Extract<FromCore, { kind: `child.${string}` }>;

/**
 * The processes that one core asked for. Only core may speak to them, by number; they end with it, because nobody
 * else would ever end them.
 */
export function createChildProcesses(fork: ForkProgram, post: (message: ToCore) => void) {
  const children = new Map<number, ForkedProcess>();

  function start({ child, spec }: Extract<ChildMessage, { kind: "child.start" }>): void {
    if (!Object.hasOwn(entries, spec.entry)) return post({ kind: "child.exit", child, code: null });
    const forked = fork(spec.entry, { serviceName: spec.name, memoryMb: spec.memoryMb });
    children.set(child, forked);
    forked.once("spawn", () => post({ kind: "child.started", child, pid: forked.pid }));
    forked.on("message", (message: unknown) => post({ kind: "child.message", child, message }));
    forked.once("exit", (code) => {
      if (children.delete(child)) post({ kind: "child.exit", child, code });
    });
  }

  return {
    handle(message: ChildMessage): void {
      if (message.kind === "child.start") return start(message);
      const child = children.get(message.child);
      if (!child) return;
      if (message.kind === "child.post") child.postMessage(message.message);
      else endNow(child);
    },
    endAll(): void {
      for (const child of children.values()) endNow(child);
      children.clear();
    },
  };
}

/** Ends a process whatever it computes. `kill()` alone asks politely, which a hanging parser never hears. */
export function endNow(child: Pick<ForkedProcess, "pid" | "kill">): void {
  try {
    if (child.pid !== undefined) process.kill(child.pid, "SIGKILL");
    else child.kill();
  } catch {
    // It ended between the question and the answer.
  }
}
