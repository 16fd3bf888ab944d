import { openCore } from "./core/open-core.ts";
import type { Host } from "./core/host.ts";
import { owner } from "./core/principal.ts";
import { acquireProfileLock } from "./core/profile-lock.ts";
import { runCoreProgram } from "./shell/core-program.ts";
import type { CoreProgram, ParentPort } from "./shell/core-program.ts";
import { serveLocalSocket } from "./transport/local-socket.ts";

// What Electron starts as a utility process; without one there is nobody to serve.
const { parentPort } = process as { parentPort?: ParentPort };
if (!parentPort) throw new Error("core-process runs only as a utility process of the desktop app.");
runCoreProgram(parentPort, openCore, process);

/** Core over the profile, which is this process's alone; the command line of the same user reaches it by the socket. */
async function openCore(host: Host): Promise<CoreProgram> {
  const { profile } = host.paths;
  const undo = new AsyncDisposableStack();
  try {
    const lock = acquireProfileLock(profile, host.kind);
    undo.defer(() => lock.release());
    const core = await createCore(host);
    undo.defer(() => core.close());
    const socket = await serveLocalSocket({ profile, router: core.router, context: { principal: owner("cli"), log: core.log } });
    undo.defer(() => socket.close());
    return { router: core.router, close: () => undo.disposeAsync() };
  } catch (error) {
    await undo.disposeAsync();
    throw error;
  }
}
