/** Ends its work beside a thread that never comes back (`hung`), that does soon (`slow`), or alone (`none`). */
import { Worker } from "node:worker_threads";
import { endPastThreads } from "../../src/main/cli/end-past-threads.ts";

const kind = process.argv[2];
const waits = { hung: "Infinity", slow: "100" };
if (kind === "hung" || kind === "slow") {
  const worker = new Worker(`Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${waits[kind]})`, { eval: true });
  await new Promise((resolve) => worker.once("online", resolve));
}
process.exitCode = 3;
endPastThreads((text) => void process.stderr.write(`${text}\n`), kind === "hung" ? 200 : 60_000);
