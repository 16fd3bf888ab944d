import { type LocalSocket, serveLocalSocket } from "../transport/local-socket.ts";
import { type Core, createCore } from "./create-core.ts";
import type { Host } from "./host.ts";
import type { CallerContext } from "./implementer.ts";
import { createLogger } from "./logger.ts";
import { owner, type Principal } from "./principal.ts";
import { acquireProfileLock } from "./profile-lock.ts";

export type OpenedCore = {
  core: Core;
  router: Core["router"];
  serveBytes: Core["serveBytes"];
  /** Where commands of the same user join in while the profile is open. */
  socket: LocalSocket;
  context(kind: Principal["kind"]): CallerContext;
  /** Drains core, then gives the profile back. */
  close(): Promise<void>;
};

/**
 * Core with what keeps processes on one profile apart or together: the lock is taken first, the local socket is
 * served until the end.
 * @throws PROFILE_LOCKED · STORAGE_READONLY · whatever core refuses to start with
 */
export async function openCore(host: Host): Promise<OpenedCore> {
  // Undone in reverse order, whether it was closed or could not be opened to the end.
  const undo = new AsyncDisposableStack();
  try {
    const lock = acquireProfileLock(host.paths.profile, host.kind);
    undo.defer(() => lock.release());
    const core = await createCore(host);
    undo.defer(() => core.close());
    const log = createLogger(host.log, host.now, host.kind);
    const context = (kind: Principal["kind"]): CallerContext => ({ principal: owner(kind), log });
    const socket = await serveLocalSocket({ profile: host.paths.profile, router: core.router, context: context("cli") });
    undo.defer(() => socket.close());
    return { core, router: core.router, serveBytes: core.serveBytes, socket, context, close: () => undo.disposeAsync() };
  } catch (error) {
    await undo.disposeAsync();
    throw error;
  }
}
