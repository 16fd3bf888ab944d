import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";

const program = fileURLToPath(new URL("../../helpers/hung-thread-process.ts", import.meta.url));

async function run(kind: string) {
  const child = spawn(process.execPath, [program, kind], { stdio: ["ignore", "ignore", "pipe"] });
  // The fault itself is a process that never ends: it must not outlive the test that finds it.
  onTestFinished(() => void child.kill("SIGKILL"));
  let errors = "";
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  return new Promise<{ code: number | null; signal: string | null; errors: string }>((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal, errors })),
  );
}

// Catches a command that stays for ever because a thread hangs in native code, and one that aborts it instead.
it("a process whose thread never ends is killed, and says why", async () => {
  const { code, signal, errors } = await run("hung");
  expect(process.platform === "win32" ? code : signal).toBe(process.platform === "win32" ? 1 : "SIGKILL");
  expect(errors).toContain("nothing that was stored is lost");
});

// Catches a guard that keeps the process itself, or kills what would have ended.
it.each(["slow", "none"])("a process with a thread that ends (%s) ends by itself with its own code", async (kind) => {
  expect(await run(kind)).toEqual({ code: 3, signal: null, errors: "" });
});
