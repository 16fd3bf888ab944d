import { isAbort } from "../../../../shared/errors.ts";
import type { Logger } from "../../../core/logger.ts";
import type { EngineHost } from "../../../engines/engine.ts";
import type { SearchProtocol } from "../../../engines/search/protocol.ts";
import type { JobRunner } from "../../../jobs/job-runner.ts";
import type { ModelStore } from "../../models/index.ts";
import type { CollectionStore } from "../collections/collection-store.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import { embedderKey, wordsOnly } from "./embedding.ts";
import { INDEX_JOB } from "./index-job.ts";
import { type Embedded, findMissing, lackingOf } from "./repair.ts";

/** Starts an index job for each collection that lacks something it could have. Neither call throws. */
export function createRebuild(deps: {
  collections: CollectionStore;
  documents: DocumentStore;
  index: EngineHost<SearchProtocol>;
  models: Pick<ModelStore, "installed">;
  jobs: Pick<JobRunner, "add">;
  log: Logger;
}) {
  const { collections, documents, models, jobs, log } = deps;

  /** What each collection can be embedded by now: by words where its model is not there. */
  const embeddedNow = (): Promise<Embedded[]> =>
    Promise.all(
      collections.resolve([]).map(({ id, embedder }) =>
        models.installed(embedder).then(
          () => ({ id, embedder: embedderKey(embedder) }),
          () => ({ id, embedder: wordsOnly.key }),
        ),
      ),
    );

  async function startFor(lacking: (embedded: readonly Embedded[]) => Promise<string[]>): Promise<void> {
    try {
      const ids = await lacking(await embeddedNow());
      for (const collectionId of ids) jobs.add(INDEX_JOB, "Rebuild the index", { collectionId });
    } catch (error) {
      if (!isAbort(error)) log.error("index.repair-failed", { error });
    }
  }

  return {
    /** After a start: what the index lacks, whatever became of it. */
    missing: (signal: AbortSignal) => startFor((embedded) => findMissing(documents, embedded, deps.index, signal)),
    /** After a model came: what was indexed by its words alone and waits for it. */
    waiting: (signal: AbortSignal) => startFor((embedded) => lackingOf(documents, embedded, signal)),
  };
}
