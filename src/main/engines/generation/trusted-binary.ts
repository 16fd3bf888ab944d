import { ChildProcess } from "node:child_process";
import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

/**
 * Runs `load` with node-llama-cpp's self-test answered in its place. The library loads each prebuilt binary first in
 * a fork of itself and trusts it when the fork says ready → loaded → done → exit; where forking is impossible it
 * finds no binary at all. To be used only after the host's own probe has loaded the same binary. `fork` is replaced
 * in this thread alone, and only until `load` settles; forks of other files go through.
 */
export async function withTrustedBinary<T>(load: () => Promise<T>): Promise<T> {
  const realFork = childProcess.fork;
  const standIn = (modulePath: string | URL, ...rest: unknown[]): ChildProcess =>
    String(modulePath).includes("testBindingBinary") ? passedTest() : Reflect.apply(realFork, childProcess, [modulePath, ...rest]);
  Object.assign(childProcess, { fork: standIn });
  syncBuiltinESMExports();
  try {
    return await load();
  } finally {
    Object.assign(childProcess, { fork: realFork });
    syncBuiltinESMExports();
  }
}

/** A child process that never ran and answers every step of the self-test. */
function passedTest(): ChildProcess {
  const answers: Record<string, string> = { start: "loaded", test: "done" };
  const child = new ChildProcess();
  const say = (type: string) => queueMicrotask(() => child.emit("message", { type }));
  child.send = (message: unknown) => {
    const type = typeof message === "object" && message !== null && "type" in message ? String(message.type) : "";
    const answer = answers[type];
    if (answer !== undefined) say(answer);
    else if (type === "exit") queueMicrotask(() => child.emit("exit", 0));
    return true;
  };
  child.kill = () => true;
  say("ready");
  return child;
}
