import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import { type CoreOptions, createCore } from "../../../src/main/core/create-core.ts";
import { createNodeHost } from "../../../src/main/core/node-host.ts";
import { owner } from "../../../src/main/core/principal.ts";
import { createMemoryClient } from "../../../src/main/transport/memory-client.ts";

export type Library = {
  client: CroftClient;
  /** Every address that something tried to reach. */
  requests: string[];
};

/** Two cores read so fast with the starter model; where what is said is measured, not when, a busy machine must not change it. */
export const usualSpeed: CoreOptions = { readingSpeed: 100 };

/** A core over a temporary profile, as an embedder opens it; gone when `work` is over. Nothing reaches the network. */
export async function withLibrary<Result>(work: (library: Library) => Promise<Result>, options: CoreOptions = {}): Promise<Result> {
  const profile = mkdtempSync(join(tmpdir(), "croft-eval-"));
  const host = createNodeHost({ kind: "embedded", profile });
  const requests: string[] = [];
  const core = await createCore(
    {
      ...host,
      log: () => {},
      fetch: (input) => {
        requests.push(String(input instanceof Request ? input.url : input));
        return Promise.reject(new TypeError("An evaluation has no network."));
      },
    },
    options,
  );
  try {
    return await work({ client: createMemoryClient(core.router, { principal: owner("embedder"), log: core.log }), requests });
  } finally {
    await core.close();
    await host.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** Indexes records or files and waits for the end. @throws when the job fails */
export async function indexInto(client: CroftClient, collection: string, from: { records: string } | { paths: string[] }): Promise<void> {
  const { jobId } =
    "records" in from
      ? await client.knowledge.addRecords({ collection, path: from.records })
      : await client.knowledge.addSources({ collection, paths: from.paths });
  const stop = new AbortController();
  try {
    for await (const item of await client.jobs.watch({}, { signal: stop.signal })) {
      const job = item.type === "snapshot" ? item.jobs.find(({ id }) => id === jobId) : item.job;
      if (job?.id !== jobId) continue;
      if (job.state === "done") return;
      if (job.state === "failed") throw new Error(job.error?.message);
    }
  } finally {
    stop.abort();
  }
}
