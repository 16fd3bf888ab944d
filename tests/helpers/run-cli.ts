import { runCli } from "../../src/main/cli/run-cli.ts";
import type { Session } from "../../src/main/cli/session.ts";
import { createMemoryClient } from "../../src/main/transport/memory-client.ts";
import { createTestContext, createTestRouter, type TestHandler } from "./test-router.ts";

export type CliResult = { code: number; stdout: string; stderr: string; closed: number };

/** Runs a command line in this process against handlers of the test router. */
export async function testCli(
  line: readonly string[],
  options: { handlers?: Record<string, TestHandler>; signal?: AbortSignal; terminal?: boolean; environment?: NodeJS.ProcessEnv } = {},
): Promise<CliResult> {
  const written = { stdout: "", stderr: "" };
  let closed = 0;
  const client = createMemoryClient(createTestRouter(options.handlers), createTestContext().context);
  const stream = (name: keyof typeof written) => ({
    write: (text: string) => void (written[name] += text),
    isTTY: options.terminal ?? false,
    columns: 100,
  });
  const code = await runCli(line, {
    io: { stdout: stream("stdout"), stderr: stream("stderr"), environment: options.environment ?? {}, now: Date.now },
    version: "1.2.3",
    signal: options.signal ?? new AbortController().signal,
    openSession: async (): Promise<Session> => ({ client, joined: false, close: async () => void closed++ }),
  });
  return { code, ...written, closed };
}
