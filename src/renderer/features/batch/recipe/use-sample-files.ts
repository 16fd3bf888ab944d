import { useCallback } from "react";
import type { CroftClient } from "../../../../shared/client/create-client.ts";
import { AppError } from "../../../../shared/errors.ts";
import { useCroft } from "../../../api/use-croft.ts";

/** Some of the files that lie below the chosen paths, for what reads only a few. @throws NOT_FOUND when there are none */
export function useSampleFiles(paths: readonly string[]): (signal?: AbortSignal) => Promise<string[]> {
  const { client } = useCroft();
  return useCallback((signal) => findSamples(client, paths, signal), [paths, client]);
}

async function findSamples(client: CroftClient, paths: readonly string[], signal: AbortSignal | undefined): Promise<string[]> {
  if (paths.length > 0)
    for await (const item of await client.batch.scan({ paths: [...paths] }, signal ? { signal } : {}))
      if (item.type === "report" && item.report.samples.length > 0) return item.report.samples;
  throw new AppError("NOT_FOUND", "There is no file to try.", { hint: "Name a folder at Input, or up to three files here." });
}
