// Runs the checkers, as many side by side as there are cores, and prints each as it ends.
import { availableParallelism } from "node:os";
import { checks } from "./checks.mjs";
import { say } from "./say.mjs";

/** @returns {Promise<{ name: string, ok: boolean, files: number, output: string }[]>} */
export async function runChecks(names = Object.keys(checks)) {
  const queue = [...names];
  const outcomes = [];
  const worker = async () => {
    for (let name = queue.shift(); name; name = queue.shift()) {
      const start = Date.now();
      const outcome = await checks[name]();
      outcomes.push(outcome);
      const seconds = ((Date.now() - start) / 1000).toFixed(1);
      say(`${outcome.ok ? "ok    " : "FAILED"} ${name.padEnd(8)} ${String(outcome.files).padStart(5)} files  ${seconds} s`);
      if (!outcome.ok) say(indent(outcome.output));
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), names.length) }, worker));
  return outcomes;
}

const indent = (text) => text.replaceAll(/^/gm, "  ");
