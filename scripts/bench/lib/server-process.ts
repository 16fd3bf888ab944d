import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type CroftClient, createClient } from "../../../src/shared/client/create-client.ts";
import { createHttpLink } from "../../../src/shared/client/http-link.ts";
import { joinSession } from "../../../src/main/cli/session.ts";
import { modelsFolder } from "../../../tests/helpers/models.ts";

const root = join(import.meta.dirname, "../../..");
const Listening = z.object({ address: z.string(), token: z.string() });

/** The command line as it is released, where that was built from these sources, and as it is developed. */
export function programs(): { name: "build" | "sources"; path: string }[] {
  const built = join(root, "out/main/cli.js");
  const sources = { name: "sources" as const, path: join(root, "src/main/cli.ts") };
  const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const changedAt = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).map(
    (name) => statSync(join(root, "src", name)).mtimeMs,
  );
  return builtAt > Math.max(...changedAt) ? [{ name: "build", path: built }, sources] : [sources];
}

export type ServerProcess = {
  child: ChildProcess;
  /** From starting the process until it said that it listens. */
  listeningMs: number;
  /** From starting the process until it answered a call. */
  answeredMs: number;
  /** Over the local socket. */
  client: CroftClient;
  stop(): Promise<void>;
};

/** Starts `croft serve` on a profile, with `preload` loaded first. Node itself is started each time. */
export async function startServer(program: string, profile: string, preload?: URL): Promise<ServerProcess> {
  const flags = preload ? ["--import", preload.href] : [];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...flags, program, "serve", "--json", "--offline", "--profile", profile], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, CROFT_MODELS: modelsFolder() },
  });
  let errors = "";
  child.stderr?.on("data", (data: Buffer) => (errors += data.toString()));
  const ended = once(child, "exit");
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  void ended.then(() => process.off("exit", kill));
  const line = await Promise.race([firstLine(child), ended.then(() => undefined)]);
  if (line === undefined) throw new Error(`The server did not start: ${errors.slice(-500)}`);
  const listeningMs = performance.now() - startedAt;
  const listening = Listening.safeParse(JSON.parse(line));
  if (!listening.success) throw new Error(`The server did not start: ${line.slice(0, 500)}`);
  const { address, token } = listening.data;
  await createClient(createHttpLink(address, token)).knowledge.listCollections({});
  const answeredMs = performance.now() - startedAt;
  const session = await joinSession(profile);
  if (!session) throw new Error("The server does not answer at its local socket.");
  return {
    child,
    listeningMs,
    answeredMs,
    client: session.client,
    async stop() {
      await session.close();
      child.kill("SIGINT");
      const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

export const loopProbe = new URL("./loop-probe.ts", import.meta.url);

/** The command that a checkout runs: the build, unless sources are newer. */
export const commandLine = fileURLToPath(new URL("../../../bin/croft.mjs", import.meta.url));

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (!child.stdout) return undefined;
  for await (const line of createInterface({ input: child.stdout })) return line;
  return undefined;
}
