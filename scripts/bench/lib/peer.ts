import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

type Reply<Output> = { id: number; output: Output } | { id: number; error: string };

const endMs = 3000;

/** A program that answers calls in a process of its own. */
export type Peer<Input, Output> = { call(input: Input): Promise<Output>; end(): void };

/** Starts the program; a call rejects when it throws there, or when the process ends under it. */
export function openPeer<Input, Output>(program: URL): Peer<Input, Output> {
  const child = fork(fileURLToPath(program), { serialization: "advanced", execArgv: [] });
  const waiting = new Map<number, PromiseWithResolvers<Output>>();
  let last = 0;
  child.on("message", (message) => {
    const reply = message as Reply<Output>;
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ("error" in reply) call?.reject(new Error(reply.error));
    else call?.resolve(reply.output);
  });
  child.on("exit", (code, signal) => {
    for (const call of waiting.values()) call.reject(new Error(`The process ended (${signal ?? code}).`));
    waiting.clear();
  });
  return {
    call(input) {
      const call = Promise.withResolvers<Output>();
      waiting.set(++last, call);
      child.send({ id: last, input }, (error) => error && call.reject(error));
      return call.promise;
    },
    end() {
      // Ends by itself and ends what it started; if not, at once.
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill("SIGKILL"), endMs);
      child.once("exit", () => clearTimeout(timer));
    },
  };
}

/** The program's side: answers every call with what `work` returns. */
export function servePeer<Input, Output>(work: (input: Input) => Promise<Output>): void {
  process.on("message", (message) => {
    const { id, input } = message as { id: number; input: Input };
    work(input).then(
      (output) => process.send?.({ id, output }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  // Whoever started this is gone.
  process.on("disconnect", () => process.exit(0));
}
