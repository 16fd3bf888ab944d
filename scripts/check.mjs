// npm run check [-- NAME…]: types, lint, format, import rules, dead code, file sizes.
import { checks } from "./lib/checks.mjs";
import { runChecks } from "./lib/run-checks.mjs";
import { say } from "./lib/say.mjs";

const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in checks));
if (unknown !== undefined) {
  say(`No check is called ${unknown}. There are: ${Object.keys(checks).join(", ")}.`);
  process.exit(2);
}
const outcomes = await runChecks(names.length > 0 ? names : undefined);
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1;
