import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCore } from "../../../src/main/core/create-core.ts";
import { createNodeHost } from "../../../src/main/core/node-host.ts";
import { owner } from "../../../src/main/core/principal.ts";
import { startLoopbackServer } from "../../../src/main/transport/http/loopback-server.ts";
import { createMemoryClient } from "../../../src/main/transport/memory-client.ts";
import { modelsFolder } from "../../helpers/models.ts";

export type RealServer = Awaited<ReturnType<typeof startRealServer>>;

/** The real core on a profile of its own, or on one that was made ready, behind the real loopback server, with the real models of this machine. `welcome`: as at the first start. */
export async function startRealServer(
  rendererFolder: string,
  { profile: given, welcome = false }: { profile?: string; welcome?: boolean } = {},
) {
  const profile = given ?? (await mkdtemp(join(tmpdir(), "croft-e2e-")));
  const host = createNodeHost({ kind: "server", profile, models: modelsFolder(), offline: true });
  const core = await createCore(host);
  const context = { principal: owner("browser"), log: core.log };
  const client = createMemoryClient(core.router, context);
  if (!welcome) await client.settings.set({ key: "welcome.done", value: true });
  const server = await startLoopbackServer({
    router: core.router,
    context,
    port: 0,
    rendererFolder,
    serveBytes: core.serveBytes,
    version: "test",
  });
  return {
    client,
    createLink: () => server.createLink(),
    address: server.address,
    /** Ends every connection, as a core that died would; the browser finds the server again. */
    async close(): Promise<void> {
      await server.close(200);
      await core.close();
      await host.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
