import childProcess from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withTrustedBinary } from "../../../src/main/engines/generation/trusted-binary.ts";

/** Speaks node-llama-cpp's side of the self-test and returns what the other side said and how it left. */
async function selfTest() {
  const said: string[] = [];
  const child = childProcess.fork("/somewhere/testBindingBinary.js");
  const replies: Record<string, string> = { ready: "start", loaded: "test", done: "exit" };
  child.on("message", (message) => {
    const type = typeof message === "object" && message !== null && "type" in message ? String(message.type) : "";
    said.push(type);
    child.send({ type: replies[type] });
  });
  const [code] = await once(child, "exit");
  return { said, code };
}

// Catches a stand-in that hangs the load for the library's five minutes, or fails its test.
test("the self-test passes step by step", async () => {
  expect(await withTrustedBinary(selfTest)).toEqual({ said: ["ready", "loaded", "done"], code: 0 });
});

// Catches every fork of the thread being swallowed, and the stand-in staying after a failed load.
test("other forks are real, and afterwards all are", async () => {
  const folder = mkdtempSync(join(tmpdir(), "croft-fork-"));
  const script = join(folder, "child.cjs");
  writeFileSync(script, "process.exit(7);");
  try {
    const [code] = await withTrustedBinary(() => once(childProcess.fork(script), "exit"));
    expect(code).toBe(7);
    await expect(withTrustedBinary(() => Promise.reject(new Error("no binary")))).rejects.toThrow("no binary");
    expect(childProcess.fork).toBe(fork);
    const [again] = await once(fork(script), "exit");
    expect(again).toBe(7);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
