// npm test [-- PROJECT…]: set-up where needed, then check and all tests; one summary at the end.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findBrowser } from "./lib/browser.mjs";
import { root } from "./lib/paths.mjs";
import { packageFile, pinnedEnvironment, pinnedNode, run } from "./lib/run.mjs";
import { runChecks } from "./lib/run-checks.mjs";
import { say } from "./lib/say.mjs";
import { setUp } from "./lib/set-up.mjs";
import { summarise } from "./lib/summary.mjs";

/** Groups run one after another, so that what measures or needs much memory has the machine to itself. */
const groups = [
  { projects: ["unit", "contract", "architecture"], minutes: 8 },
  { projects: ["engines"], minutes: 8 },
  { projects: ["integration"], minutes: 12 },
  { projects: ["models"], minutes: 8 },
  { projects: ["e2e"], minutes: 18 },
];
const everything = ["check", ...groups.flatMap(({ projects }) => projects)];

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !everything.includes(name));
if (unknown !== undefined) {
  say(`There is no part called ${unknown}. There are: ${everything.join(", ")}.`);
  process.exit(2);
}
const wanted = new Set(asked.length > 0 ? asked : everything);

const { usable, built } = await setUp({ purpose: "test", sets: ["test"], browser: wanted.has("e2e") });
if (!usable) {
  process.stdout.write("0 passed, 1 failed, 0 skipped\n");
  process.exit(1);
}

const outcomes = [{ project: "build", name: "the bundles", state: built ? "passed" : "failed" }];
const silent = [];
if (wanted.has("check")) {
  for (const { name, ok, output } of await runChecks())
    outcomes.push({ project: "check", name, state: ok ? "passed" : "failed", note: ok ? undefined : output });
}
for (const group of groups) {
  const projects = group.projects.filter((name) => wanted.has(name));
  if (projects.length > 0) await test(projects, group.minutes);
}
const { lines, ok } = summarise(outcomes, silent);
process.stdout.write(`\n${lines.join("\n")}\n`);
process.exitCode = ok ? 0 : 1;

/** A runner that does not end, whatever holds it, is ended: a hang is a failure that is told of, not a machine that waits. */
async function test(projects, minutes) {
  say(`\n${projects.join(", ")}`);
  const report = join(root, "out", "tests", `${projects[0]}.json`);
  rmSync(report, { force: true });
  const browser = findBrowser();
  const env = { ...pinnedEnvironment(), CROFT_TEST_REPORT: report, ...(browser ? { CHROMIUM: browser } : {}) };
  const args = [
    "run",
    "--passWithNoTests",
    "--reporter=default",
    `--reporter=${join(root, "scripts", "lib", "vitest-reporter.mjs")}`,
    ...projects.flatMap((name) => ["--project", name]),
  ];
  const { code } = await run(pinnedNode(), [packageFile("vitest", "vitest.mjs"), ...args], { env, timeoutMs: minutes * 60_000 });
  const results = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : [];
  outcomes.push(...results);
  silent.push(...projects.filter((name) => !results.some(({ project }) => project === name)));
  // The runner may fail where every test passed: an aborted process, a leak that it found, a hang.
  if (code !== 0 && results.every(({ state }) => state !== "failed"))
    outcomes.push({ project: projects.join(", "), name: ended(code, minutes), state: "failed" });
}

function ended(code, minutes) {
  return code === 124 ? `the test runner did not end within ${minutes} minutes` : `the test runner ended with code ${code}`;
}
