import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./core/node-host.ts";
import { openProfile } from "./core/open-profile.ts";
import { readSessionSecret } from "./transport/http/session-secret.ts";
import { type LoopbackServer, startLoopbackServer } from "./transport/http/loopback-server.ts";

export type RunningServer = Pick<LoopbackServer, "address" | "token" | "createLink"> & { close(): Promise<void> };

/**
 * Opens a profile and serves it on 127.0.0.1: interface, REST, WebSocket, and the local socket for commands.
 * The token for programs is CROFT_TOKEN, else a new one each time. Browsers that were let in stay so over a restart.
 * @throws PROFILE_LOCKED · CONFLICT when the port is taken · whatever core refuses to start with
 */
export async function startServer(options: { profile?: string; offline?: boolean; port: number }): Promise<RunningServer> {
  const opened = await openProfile({ kind: "server", profile: options.profile, offline: options.offline });
  const folder = packageFolder();
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  try {
    const server = await startLoopbackServer({
      router: opened.router,
      context: opened.context("browser"),
      port: options.port,
      token: process.env["CROFT_TOKEN"],
      session: readSessionSecret(join(opened.host.paths.profile, "session")),
      serveBytes: opened.serveBytes,
      rendererFolder: join(folder, "out", "renderer"),
      version,
    });
    return {
      address: server.address,
      token: server.token,
      createLink: server.createLink,
      async close() {
        await server.close();
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
