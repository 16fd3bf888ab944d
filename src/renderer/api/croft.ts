import type { RouterUtils } from "@orpc/tanstack-query";
import { createTanstackQueryUtils } from "@orpc/tanstack-query";
import { QueryClient } from "@tanstack/react-query";
import type { CroftClient, Link } from "../../shared/client/create-client.ts";
import { createClient } from "../../shared/client/create-client.ts";

/** Everything a view needs to talk with core: the calls, their query options, and the cache of what was read. */
export type Croft = { client: CroftClient; orpc: RouterUtils<CroftClient>; cache: QueryClient };

/** Wires the renderer's side of the contract over one link. */
export function createCroft(link: Link): Croft {
  const client = createClient(link);
  const orpc = createTanstackQueryUtils(client);
  const cache = new QueryClient({
    // Truth comes by events, so nothing goes stale by time; a failed read is shown, not silently tried again.
    defaultOptions: {
      queries: { staleTime: Number.POSITIVE_INFINITY, retry: false, refetchOnWindowFocus: false, networkMode: "always" },
      mutations: { networkMode: "always" },
    },
  });
  return { client, orpc, cache };
}
