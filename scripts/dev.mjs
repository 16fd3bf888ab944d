// npm run dev: Electron with hot reload; where no window can be had, the server, built and started again on changes.
import { join } from "node:path";
import { noDisplay, provideElectron } from "./lib/desktop.mjs";
import { root } from "./lib/paths.mjs";
import { packageFile, pinnedEnvironment, pinnedNode, run } from "./lib/run.mjs";
import { say } from "./lib/say.mjs";
import { setUp } from "./lib/set-up.mjs";

const args = process.argv.slice(2);
const { built } = await setUp({ purpose: "start", sets: ["start"], browser: false });
if (!built) process.exit(1);

const env = pinnedEnvironment();
const bundler = packageFile("electron-vite", "bin", "electron-vite.js");
const reason = noDisplay() ?? (await provideElectron());
if (reason === undefined) {
  const { code } = await run(pinnedNode(), [bundler, "dev", "--watch", ...args], { env });
  process.exitCode = code;
} else {
  say(`Serving to the browser: ${reason}. Changes are built and the server starts again; reload the page to see them.`);
  const main = join(root, "out", "main");
  const codes = await Promise.all([
    run(pinnedNode(), [bundler, "build", "--watch"], { env }),
    run(pinnedNode(), [`--watch-path=${main}`, join(main, "cli.js"), "serve", ...args], { env }),
  ]);
  process.exitCode = codes.find(({ code }) => code !== 0)?.code ?? 0;
}
