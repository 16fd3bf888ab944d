import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { AppError } from "../../shared/errors.ts";
import { type Session, type SessionOptions, waitForSession } from "./session.ts";

const startMs = 30_000;

/** Starts a core of its own, which outlives this process and ends when it is idle, and joins it. */
export async function startDetachedCore(options: SessionOptions): Promise<Session> {
  const here = import.meta.url;
  // From source this file is cli/detached-core.ts beside cli.ts; bundled, all programs lie flat.
  const program = fileURLToPath(new URL(here.endsWith(".ts") ? "../cli.ts" : "./cli.js", here));
  const args = [program, "core", "--profile", options.profile, ...(options.offline ? ["--offline"] : [])];
  const child = spawn(process.execPath, args, { detached: true, stdio: "ignore", windowsHide: true });
  child.unref();
  const failed = new Promise<undefined>((done) => child.once("error", () => done(undefined)));
  const session = await Promise.race([waitForSession(options.profile, startMs), failed]);
  if (!session)
    throw new AppError("ENGINE_UNAVAILABLE", "A core in the background could not be started.", {
      hint: "Run the command without --detach.",
    });
  return session;
}
