import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { IndexResult } from "../../src/shared/contract/knowledge.ts";
import type { Job } from "../../src/shared/contract/jobs.ts";
import type { CroftClient } from "../../src/shared/client/create-client.ts";
import { createCore, type Core, type CoreOptions } from "../../src/main/core/create-core.ts";
import { createNodeHost } from "../../src/main/core/node-host.ts";
import type { LogRecord } from "../../src/main/core/logger.ts";
import { owner } from "../../src/main/core/principal.ts";
import { createMemoryClient } from "../../src/main/transport/memory-client.ts";
import { jobEnd } from "./job-end.ts";
import { modelsFolder } from "./models.ts";
import { temporaryFolder } from "./profile.ts";

export { jobEnd };

export type TestCore = { core: Core; client: CroftClient; profile: string; records: LogRecord[]; close(): Promise<void> };

/** A real core over a temporary profile and the installed models; closed when the test is over. */
export async function openTestCore(options: CoreOptions & { profile?: string; models?: string } = {}): Promise<TestCore> {
  const profile = options.profile ?? temporaryFolder();
  const records: LogRecord[] = [];
  const node = createNodeHost({ kind: "embedded", profile, models: options.models ?? modelsFolder() });
  const core = await createCore({ ...node, log: (record) => void records.push(record) }, options);
  const client = createMemoryClient(core.router, { principal: owner("embedder"), log: core.log });
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= core.close().then(() => node.close()));
  onTestFinished(close);
  return { core, client, profile, records, close };
}

/** Adds paths to a collection and waits until they are indexed. @throws when the job did not end well */
export async function addAndWait(client: CroftClient, collection: string, ...paths: string[]): Promise<IndexResult> {
  const { jobId } = await client.knowledge.addSources({ collection, paths });
  return resultOf(await jobEnd(client, jobId));
}

export function resultOf(job: Job): IndexResult {
  if (job.state !== "done") throw new Error(`The job is ${job.state}: ${job.error?.code} ${job.error?.message}`);
  return job.result as IndexResult;
}

/** A folder with the given files; names may have folders in them. */
export function folderOf(files: Record<string, string | Buffer>): string {
  const root = temporaryFolder("croft-docs-");
  writeFiles(root, files);
  return root;
}

export function writeFiles(root: string, files: Record<string, string | Buffer>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}
