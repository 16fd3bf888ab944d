import { useQuery } from "@tanstack/react-query";
import { joinCoverage } from "../../../../shared/client/join-coverage.ts";
import type { Collection } from "../../../../shared/contract/knowledge.ts";
import { useCroft } from "../../../api/use-croft.ts";

/** The coverage report of a collection; it comes in parts, since core would otherwise stand still over a hundred thousand files. */
export function useCoverage({ id }: Collection) {
  const { client, orpc } = useCroft();
  const input = { collection: id };
  return useQuery({
    queryKey: orpc.knowledge.status.queryKey({ input }),
    queryFn: async ({ signal }) => joinCoverage(await client.knowledge.statusInParts(input, { signal })),
  });
}
