import { useMutation } from "@tanstack/react-query";
import type { CroftClient } from "../../../../shared/client/create-client.ts";
import { useCroft } from "../../../api/use-croft.ts";

export type SourceRequest = Parameters<CroftClient["knowledge"]["addSources"]>[0];

/** As many paths as one request takes. */
const mostPaths = 10_000;

/** Adds files and folders where they lie, however many were dropped; adding one that is there changes its rules. */
export function useAddSources(onAdded: (collection: string) => void = () => undefined) {
  const { client, orpc, cache } = useCroft();
  return useMutation({
    mutationFn: async (request: SourceRequest) => {
      let collection = request.collection;
      for (let first = 0; first < request.paths.length; first += mostPaths) {
        const added = await client.knowledge.addSources({ ...request, collection, paths: request.paths.slice(first, first + mostPaths) });
        collection = added.collection.id;
      }
      return collection;
    },
    onSuccess: async (collection) => {
      await cache.invalidateQueries({ queryKey: orpc.knowledge.key() });
      onAdded(collection);
    },
  });
}
