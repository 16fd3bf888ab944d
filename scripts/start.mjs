// npm start [-- OPTIONS]: set-up where needed, then the app in a window, or its server where no window can be had.
// --server asks for the server; other options go to whichever starts.
import { join } from "node:path";
import { electronProgram, noDisplay, provideElectron } from "./lib/desktop.mjs";
import { root } from "./lib/paths.mjs";
import { pinnedEnvironment, pinnedNode, run } from "./lib/run.mjs";
import { say } from "./lib/say.mjs";
import { setUp } from "./lib/set-up.mjs";

const args = process.argv.slice(2).filter((arg) => arg !== "--server");
const asked = args.length < process.argv.length - 2 ? "it was asked for" : undefined;

const { built } = await setUp({ purpose: "start", sets: ["start"], browser: false });
if (!built) process.exit(1);

const reason = asked ?? noDisplay() ?? (await provideElectron());
if (reason === undefined) {
  const { code } = await run(electronProgram(), [root, ...args], { env: pinnedEnvironment() });
  process.exitCode = code;
} else {
  say(`Starting the server instead of a window: ${reason}.`);
  const { code } = await run(pinnedNode(), [join(root, "bin", "croft.mjs"), "serve", ...args], { env: pinnedEnvironment() });
  process.exitCode = code;
}
