// npm run setup: packages, Node 24, models, a browser for the tests, the build. Does nothing the second time.
import { parseArgs } from "node:util";
import { setUp } from "./lib/set-up.mjs";
import { modelsFolder } from "./lib/paths.mjs";
import { say } from "./lib/say.mjs";

const help = `npm run setup [-- options]

  --for start|test   only what starting the app, or the tests, need; without it both
  --models ID,ID     these models instead (also CROFT_SETUP_MODELS; "none" for no models)
  --no-browser       no Chromium for the browser tests
  --help

Models go to ${modelsFolder()}; CROFT_MODELS chooses another folder.`;

const { values } = parseArgs({
  options: {
    for: { type: "string" },
    models: { type: "string" },
    "no-browser": { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) {
  say(help);
  process.exit(0);
}
if (values.for !== undefined && !["start", "test"].includes(values.for)) {
  say(help);
  process.exit(2);
}
const start = Date.now();
try {
  const { built: ok } = await setUp({
    purpose: "setup",
    sets: values.for ? [values.for] : ["start", "test"],
    ...(values.models ? { models: values.models } : {}),
    browser: !values["no-browser"] && values.for !== "start",
  });
  say(ok ? `Ready (${((Date.now() - start) / 1000).toFixed(1)} s).` : "Not ready.");
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  say(error.message);
  process.exitCode = 2;
}
