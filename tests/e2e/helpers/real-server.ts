import { randomBytes } from "node:crypto";
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

/** The real core on a profile of its own, or on one that was made ready, behind the real loopback server, with the real models of this machine, or with those in `models`. `welcome`: as at the first start. */
export async function startRealServer(
  rendererFolder: string,
  { profile: given, models = modelsFolder(), welcome = false }: { profile?: string; models?: string; welcome?: boolean } = {},
) {
  const profile = given ?? (await mkdtemp(join(tmpdir(), "croft-e2e-")));
  const session = randomBytes(32).toString("base64url");
  let running = await start(0);
  const { address, port } = running.server;
  if (!welcome) await running.client.settings.set({ key: "welcome.done", value: true });

  async function start(wanted: number) {
    const host = createNodeHost({ kind: "server", profile, models, offline: true });
    const core = await createCore(host);
    const context = { principal: owner("browser"), log: core.log };
    const server = await startLoopbackServer({
      router: core.router,
      context,
      port: wanted,
      session,
      rendererFolder,
      serveBytes: core.serveBytes,
      version: "test",
    });
    return { host, core, server, client: createMemoryClient(core.router, context) };
  }
  /** Ends every connection, as a core that died would. */
  async function stop(): Promise<void> {
    const { host, core, server } = running;
    await server.close(200);
    await core.close();
    await host.close();
  }

  return {
    get client() {
      return running.client;
    },
    createLink: () => running.server.createLink(),
    address,
    stop,
    /** After `stop`: another core on the same profile, at the same address, that knows the browsers of the first. */
    async startAgain(): Promise<void> {
      running = await start(port);
    },
    async close(): Promise<void> {
      await stop();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
