import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { createChildProcesses, endNow } from "../../../src/main/shell/child-processes.ts";
import type { ToCore } from "../../../src/main/shell/host-messages.ts";
import { fakeFork } from "./fake-processes.ts";

function children() {
  const { fork, forked } = fakeFork();
  const posted: ToCore[] = [];
  return { forked, posted, children: createChildProcesses(fork, (message) => void posted.push(message)) };
}

describe("child processes of core", () => {
  it("carry messages both ways, each to its own number", () => {
    const { forked, posted, children: processes } = children();
    processes.handle({ kind: "child.start", child: 1, spec: { entry: "readers", name: "readers", memoryMb: 512 } });
    processes.handle({ kind: "child.start", child: 2, spec: { entry: "probe", name: "probe" } });
    expect(forked.map(({ program, options }) => [program, options])).toEqual([
      ["readers", { serviceName: "readers", memoryMb: 512 }],
      ["probe", { serviceName: "probe", memoryMb: undefined }],
    ]);
    processes.handle({ kind: "child.post", child: 2, message: { ask: 1 } });
    expect(forked[0]?.posted).toEqual([]);
    expect(forked[1]?.posted[0]?.message).toEqual({ ask: 1 });
    forked[1]?.emit("message", { answer: 2 });
    forked[1]?.emit("exit", 3);
    expect(posted).toEqual([
      { kind: "child.message", child: 2, message: { answer: 2 } },
      { kind: "child.exit", child: 2, code: 3 },
    ]);
  });

  it.each(["core-process", "index", "../../etc/x", "constructor", ""])(
    "never start %j: only what is named as a program of core",
    (entry) => {
      const { forked, posted, children: processes } = children();
      processes.handle({ kind: "child.start", child: 1, spec: { entry, name: "x" } });
      expect(forked).toEqual([]);
      expect(posted).toEqual([{ kind: "child.exit", child: 1, code: null }]);
    },
  );

  it("that ended take no more messages", () => {
    const { forked, children: processes } = children();
    processes.handle({ kind: "child.start", child: 1, spec: { entry: "probe", name: "probe" } });
    forked[0]?.emit("exit", 0);
    processes.handle({ kind: "child.post", child: 1, message: {} });
    processes.handle({ kind: "child.kill", child: 1 });
    expect(forked[0]).toMatchObject({ posted: [], killed: false });
  });

  it("all end with core, and nobody is told twice", () => {
    const { forked, posted, children: processes } = children();
    for (const child of [1, 2]) processes.handle({ kind: "child.start", child, spec: { entry: "probe", name: "probe" } });
    processes.endAll();
    expect(forked.map(({ killed }) => killed)).toEqual([true, true]);
    forked[0]?.emit("exit", 9);
    expect(posted).toEqual([]);
  });
});

describe("ending a process", () => {
  it("ends one that hangs and does not hear a polite signal", async () => {
    const hanging = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); console.log('up'); for (;;) {}"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    onTestFinished(() => void hanging.kill("SIGKILL"));
    await once(hanging.stdout, "data");
    endNow(hanging);
    const [code, signal] = (await once(hanging, "exit")) as [number | null, string | null];
    expect([code, signal]).toEqual([null, "SIGKILL"]);
    // A process that is gone is no error.
    endNow(hanging);
  });
});
