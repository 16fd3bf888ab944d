import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../shared/errors.ts";
import { endPastThreads } from "./cli/end-past-threads.ts";
import { createInterrupt } from "./cli/interrupt.ts";
import { runCli } from "./cli/run-cli.ts";
import { packageFolder } from "./core/node-host.ts";

const { version } = JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as { version: string };
const interrupt = createInterrupt((text) => void process.stderr.write(`${text}\n`));

// Whoever reads may stop reading (`croft … | head`): that ends the command early and is no error.
const unread = new AbortController();
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    unread.abort(new AppError("ABORTED", "Nobody reads the output any more."));
  });
}

const code = await runCli(process.argv.slice(2), {
  io: { stdout: process.stdout, stderr: process.stderr, environment: process.env, now: Date.now },
  version,
  signal: AbortSignal.any([interrupt.signal, unread.signal]),
});
interrupt.stop();
process.exitCode = unread.signal.aborted && !interrupt.signal.aborted ? 0 : code;
endPastThreads((text) => void process.stderr.write(`${text}\n`));
