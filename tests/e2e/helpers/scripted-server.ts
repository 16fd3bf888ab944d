import { createLogger } from "../../../src/main/core/logger.ts";
import { owner } from "../../../src/main/core/principal.ts";
import { startLoopbackServer } from "../../../src/main/transport/http/loopback-server.ts";
import { createMemoryClient } from "../../../src/main/transport/memory-client.ts";
import { createScriptedCore } from "./scripted-core.ts";

export type ScriptedServer = Awaited<ReturnType<typeof startScriptedServer>>;

/** A scripted core behind the real loopback server. */
export async function startScriptedServer(rendererFolder: string) {
  const core = createScriptedCore();
  const context = { principal: owner("browser"), log: createLogger(() => {}, Date.now) };
  const server = await startLoopbackServer({
    router: core.router,
    context,
    port: 0,
    rendererFolder,
    serveBytes: core.serveBytes,
    version: "test",
  });
  return { ...core, server, client: createMemoryClient(core.router, context) };
}
