// The checkers of the repository. Each says how many files it saw, and seeing none is a failure: a checker that was
// pointed at the wrong place must not pass.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { packageFile, pinnedEnvironment, pinnedNode, run } from "./run.mjs";
import { root } from "./paths.mjs";

const maxLines = 500;
const sourceFolders = ["src", "tests", "scripts", "bin", "bench"];
const sourceFile = /\.(ts|tsx|mjs|cjs|js|css)$/;

/** @typedef {{ name: string, ok: boolean, files: number, output: string }} Outcome */

/** @type {Record<string, () => Promise<Outcome>>} */
export const checks = {
  types: async () => {
    const result = await node("typescript/bin/tsc", ["-b"]);
    return outcome("types", result, countTyped());
  },
  lint: async () => {
    const result = await node("oxlint/bin/oxlint", []);
    return outcome("lint", result, numberIn(result.output, /on (\d+) files?/));
  },
  format: async () => {
    const result = await node("oxfmt/bin/oxfmt", ["--check", "."]);
    return outcome("format", result, numberIn(result.output, /on (\d+) files?/));
  },
  imports: async () => {
    const result = await node("dependency-cruiser/bin/dependency-cruiser.mjs", ["--config", ".dependency-cruiser.cjs", "src"]);
    return outcome("imports", result, numberIn(result.output, /\((\d+) modules/));
  },
  unused: async () => {
    const counter = join(root, "scripts", "lib", "knip-counter.mjs");
    const result = await node("knip/bin/knip.js", ["--no-progress", "--reporter", "symbols", "--reporter", counter]);
    return outcome("unused", result, numberIn(result.output, /on (\d+) files/));
  },
  sizes: async () => sizes(root),
};

/** Files longer than 500 lines. */
export function sizes(folder) {
  const files = sourceFolders
    .flatMap((name) => walk(join(folder, name)))
    .filter((path) => sourceFile.test(path) && !path.includes("generated"));
  const long = files.map((path) => ({ path, lines: lineCount(path) })).filter(({ lines }) => lines > maxLines);
  const output = long.map(({ path, lines }) => `${relative(folder, path)} has ${lines} lines; ${maxLines} is the limit`).join("\n");
  return outcome("sizes", { code: long.length === 0 ? 0 : 1, output }, files.length);
}

/** @returns {Outcome} */
export function outcome(name, { code, output }, files, shown = output) {
  if (code === 0 && files === 0) return { name, ok: false, files, output: `${shown.trim()}\n${name} saw no files`.trim() };
  return { name, ok: code === 0, files, output: shown.trim() };
}

function node(program, args) {
  return run(pinnedNode(), [packageFile(...program.split("/")), ...args], { env: { ...pinnedEnvironment(), NO_COLOR: "1" }, quiet: true });
}

const numberIn = (text, pattern) => Number(pattern.exec(text)?.[1] ?? 0);

/** Root files of all projects, 0 when any project has none. */
function countTyped() {
  const { references } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
  const counts = references.map(({ path }) => {
    const config = JSON.parse(readFileSync(join(root, path, "tsconfig.json"), "utf8"));
    const info = join(root, path, config.compilerOptions.tsBuildInfoFile);
    return existsSync(info) ? JSON.parse(readFileSync(info, "utf8")).root.length : 0;
  });
  return counts.includes(0) ? 0 : counts.reduce((sum, count) => sum + count, 0);
}

const lineCount = (path) => readFileSync(path, "utf8").split("\n").length - 1;

function walk(folder) {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : walk(path);
    return entry.isFile() ? [path] : [];
  });
}
