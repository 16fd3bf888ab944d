import { createMemoryClient } from "../transport/memory-client.ts";
import { type LocalSocket, serveLocalSocket } from "../transport/local-socket.ts";
import type { CroftClient } from "../../shared/client/create-client.ts";
import { type Core, createCore } from "./create-core.ts";
import type { CallerContext } from "./implementer.ts";
import { createLogger } from "./logger.ts";
import { createNodeHost, type NodeHost, type NodeHostOptions } from "./node-host.ts";
import { owner, type Principal } from "./principal.ts";
import { acquireProfileLock } from "./profile-lock.ts";

export type OpenedProfile = {
  core: Core;
  host: NodeHost;
  client: CroftClient;
  /** Where commands of the same user join in while the profile is open. */
  socket: LocalSocket;
  context(kind: Principal["kind"]): CallerContext;
  /** Drains core, then gives the profile back. */
  close(): Promise<void>;
};

/**
 * Opens a profile in this process: lock, host, core, local socket. All headless programs begin here.
 * @throws PROFILE_LOCKED · STORAGE_READONLY · whatever core refuses to start with
 */
export async function openProfile(options: NodeHostOptions): Promise<OpenedProfile> {
  // Undone in reverse order, whether it was closed or could not be opened to the end.
  const undo = new AsyncDisposableStack();
  try {
    const host = createNodeHost(options);
    undo.defer(() => host.close());
    const lock = acquireProfileLock(host.paths.profile, options.kind);
    undo.defer(() => lock.release());
    const core = await createCore(host);
    undo.defer(() => core.close());

    const log = createLogger(host.log, host.now, options.kind);
    const context = (kind: Principal["kind"]): CallerContext => ({ principal: owner(kind), log });
    const socket = await serveLocalSocket({ profile: host.paths.profile, router: core.router, context: context("cli") });
    undo.defer(() => socket.close());
    return {
      core,
      host,
      client: createMemoryClient(core.router, context(options.kind === "embedded" ? "embedder" : "cli")),
      socket,
      context,
      close: () => undo.disposeAsync(),
    };
  } catch (error) {
    await undo.disposeAsync();
    throw error;
  }
}
