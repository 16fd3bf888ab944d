import type { CroftClient } from "../../shared/client/create-client.ts";
import { createClient } from "../../shared/client/create-client.ts";
import { createPeerLink } from "../../shared/client/peer-link.ts";
import { AppError } from "../../shared/errors.ts";
import { connectLocalSocket } from "../transport/local-socket.ts";

/** Core as a command sees it. */
export type Session = {
  client: CroftClient;
  /** True when another process has the profile open and answers. */
  joined: boolean;
  close(): Promise<void>;
};

export type SessionOptions = { profile: string; offline: boolean };

/** How long a process that holds the lock may take until it answers: it is starting, or migrating. */
const startingMs = 15_000;

/**
 * Uses the Croft that has the profile open, or opens the profile in this process.
 * @throws PROFILE_LOCKED when a process holds the profile and does not answer
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const joined = await joinSession(options.profile);
  if (joined) return joined;
  const { openProfile } = await import("../core/open-profile.ts");
  try {
    const opened = await openProfile({ kind: "cli", ...options });
    return { client: opened.client, joined: false, close: opened.close };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "PROFILE_LOCKED") throw error;
    const late = await waitForSession(options.profile, startingMs);
    if (late) return late;
    throw error;
  }
}

/** A session with the process that has the profile open, or undefined. */
export async function joinSession(profile: string): Promise<Session | undefined> {
  const pipe = await connectLocalSocket(profile);
  if (!pipe) return undefined;
  return { client: createClient(createPeerLink(pipe)), joined: true, close: async () => pipe.close() };
}

/** Tries to join until something answers or the time is over. */
export async function waitForSession(profile: string, timeoutMs: number): Promise<Session | undefined> {
  const until = Date.now() + timeoutMs;
  for (let waitMs = 20; Date.now() < until; waitMs = Math.min(500, waitMs * 2)) {
    const session = await joinSession(profile);
    if (session) return session;
    await new Promise((done) => setTimeout(done, waitMs));
  }
  return undefined;
}
