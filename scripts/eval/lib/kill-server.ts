import { once } from "node:events";
import { setTimeout as after } from "node:timers/promises";
import type { ServerProcess } from "../../bench/lib/server-process.ts";
import { isAlive, treeOf } from "./big/process-tree.ts";

const lookEveryMs = 100;
/** How long a child may live on after its parent was killed: it notices that its channel is gone. */
const orphanMs = 10_000;

/** Kills a server with -9. @returns how many of the processes that it had started live on for longer than they may */
export async function killServer({ child }: ServerProcess): Promise<number> {
  const tree = treeOf(child.pid ?? 0);
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  const until = Date.now() + orphanMs;
  while (tree.some(isAlive) && Date.now() < until) await after(lookEveryMs);
  return tree.filter(isAlive).length;
}
