import type { CroftClient } from "../../shared/client/create-client.ts";
import { createMemoryClient } from "../transport/memory-client.ts";
import { createNodeHost, type NodeHost, type NodeHostOptions } from "./node-host.ts";
import { openCore, type OpenedCore } from "./open-core.ts";

export type OpenedProfile = OpenedCore & { host: NodeHost; client: CroftClient };

/**
 * Opens a profile in this process, over plain Node. All headless programs begin here.
 * @throws PROFILE_LOCKED · STORAGE_READONLY · whatever core refuses to start with
 */
export async function openProfile(options: NodeHostOptions): Promise<OpenedProfile> {
  const host = createNodeHost(options);
  try {
    const opened = await openCore(host);
    const client = createMemoryClient(opened.router, opened.context(options.kind === "embedded" ? "embedder" : "cli"));
    return {
      ...opened,
      host,
      client,
      async close() {
        await opened.close();
        await host.close();
      },
    };
  } catch (error) {
    await host.close();
    throw error;
  }
}
