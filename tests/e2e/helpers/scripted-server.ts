import { createLogger } from "../../../src/main/core/logger.ts";
import { owner } from "../../../src/main/core/principal.ts";
import { startLoopbackServer } from "../../../src/main/transport/http/loopback-server.ts";
import { createScriptedCore } from "./scripted-core.ts";

/** A scripted core behind the real loopback server. */
export async function startScriptedServer(rendererFolder: string, port = 0) {
  const core = createScriptedCore();
  const context = { principal: owner("browser"), log: createLogger(() => {}, Date.now) };
  const server = await startLoopbackServer({ router: core.router, context, port, rendererFolder, version: "test" });
  return { ...core, server };
}
