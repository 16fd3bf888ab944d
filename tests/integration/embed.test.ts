import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modelsFolder, skipReason } from "../helpers/models.ts";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");
const modules = join(root, "node_modules");
const typescript = join(modules, "typescript", "bin", "tsc");
const wrongCall = `import { openProfile } from "croft";
const croft = await openProfile({ kind: "embedded" });
// @ts-expect-error -- there is no such field
await croft.client.knowledge.search({ question: 1 });
`;
const missingModel = skipReason("bge-small-en-v1.5");

/** The package as it is published, installed in a project outside of the repository. */
describe("the packed package in another project", () => {
  let work: string;
  let project: string;
  let compiled: unknown;

  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), "croft-pack-"));
    project = join(work, "project");
    await build(join(work, "package"));
    await run("npm", ["pack", "--ignore-scripts", "--pack-destination", work], { cwd: join(work, "package") });
    await install(work, project);
    await cp(join(root, "examples", "embed"), project, { recursive: true });
    await writeFile(join(project, "wrong.ts"), wrongCall);
    compiled = await run(process.execPath, [typescript, "-p", project]).catch((error: unknown) => error);
  }, 120_000);
  afterAll(() => rm(work, { recursive: true, force: true }));

  // Catches: declarations that point at sources which are not packed, and types that a consumer gets as `any`
  // (then the wrong call beside the example is accepted, and its expected error is one too many).
  it("type-checks the example, strictly, and refuses a wrong call", () => {
    expect(compiled).toEqual({ stdout: "", stderr: "" });
  });

  // Catches: paths that hold only in the repository, two instances that share state, a handle or thread that stays after close.
  it.skipIf(missingModel)(
    `runs two instances, which leave nothing behind${missingModel ? ` (skipped: ${missingModel})` : ""}`,
    async () => {
      const watch = `import { isMainThread } from "node:worker_threads";
      if (isMainThread) process.once("beforeExit", () => console.log("left:", JSON.stringify(process.getActiveResourcesInfo())));`;
      const environment = { ...process.env, CROFT_MODELS: modelsFolder() };
      const { stdout, stderr } = await run(
        process.execPath,
        ["--import", `data:text/javascript,${encodeURIComponent(watch)}`, join(project, "built", "main.js")],
        {
          env: environment,
          timeout: 60_000,
        },
      );
      expect(stderr).toBe("");
      expect(stdout).toContain("bees: The waggle dance");
      expect(stdout).toContain("cheese: Rennet makes milk curdle");
      expect(stdout).toMatch(/answer: .*Rennet/);
      // The process came to its end by itself; only the pipe that this test reads may still be there.
      const left: unknown = JSON.parse(/left: (\[.*\])/.exec(stdout)?.[1] ?? "null");
      expect(left).toEqual(
        expect.not.arrayContaining(["MessagePort", "Worker", "ProcessWrap", "TCPServerWrap", "PipeServerWrap", "Timeout", "FSEvent"]),
      );
    },
    90_000,
  );
});

/** Builds what is published, beside the repository, so that nobody's build is disturbed. */
async function build(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run(
    process.execPath,
    [join(modules, "electron-vite", "bin", "electron-vite.js"), "build", "--outDir", join(folder, "out"), "--logLevel", "warn"],
    { cwd: root },
  );
  // Incremental: nothing to do after a check. Errors of types are the check's to report; declarations are written anyway.
  await run(process.execPath, [typescript, "-b", join(root, "src", "main")]).catch(() => undefined);
  for (const part of ["main", "shared"])
    await cp(join(root, "out", "types", part), join(folder, "out", "types", part), { recursive: true });
  await cp(join(root, "package.json"), join(folder, "package.json"));
  await cp(join(root, "resources"), join(folder, "resources"), { recursive: true });
}

/** What `npm install` of the tarball does, with the repository's own packages in the place of downloads. */
async function install(folder: string, into: string): Promise<void> {
  const target = join(into, "node_modules");
  await mkdir(join(target, "croft"), { recursive: true });
  const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
  if (!tarball) throw new Error("npm pack made no tarball");
  await run("tar", ["-xzf", join(folder, tarball), "-C", join(target, "croft"), "--strip-components=1"]);
  for (const name of await readdir(modules)) {
    if (name === "croft" || name.startsWith(".")) continue;
    await symlink(join(modules, name), join(target, name), "junction");
  }
}
