import { AppError, isAbort } from "../../../../shared/errors.ts";
import type { Logger } from "../../../core/logger.ts";
import type { JobRunner } from "../../../jobs/job-runner.ts";
import type { ModelStore } from "../../models/index.ts";
import { type ChangeDeps, dropUnneeded, EMBEDDER_JOB } from "./change-embedder.ts";

/** Changes of collections to another embedding model, from outside: begun, cancelled, and tidied up after. */
export function createEmbedderChanges({ jobs, models, log, ...deps }: ChangeDeps & { jobs: JobRunner; models: ModelStore; log: Logger }) {
  const isOf = (collectionId: string) => (input: unknown) =>
    typeof input === "object" && input !== null && "collectionId" in input && input.collectionId === collectionId;

  return {
    /**
     * Durable before it returns. A change that is under way to another model is cancelled.
     * @throws NOT_FOUND MODEL_MISSING · NOT_SUPPORTED when the model makes no vectors · CONFLICT when it is the collection's own
     */
    async begin(nameOrId: string, embedder: string): Promise<string> {
      const collection = deps.collections.get(nameOrId);
      const { id, role } = await models.installed(embedder);
      if (role !== "embedding")
        throw new AppError("NOT_SUPPORTED", `${id} is a model for ${role}; it cannot embed documents.`, {
          hint: "Choose an embedding model: croft models list",
        });
      await jobs.cancelWhere(EMBEDDER_JOB, isOf(collection.id));
      if (sameModel(collection.embedder, embedder))
        throw new AppError("CONFLICT", `${collection.name} is embedded by ${id} already. Nothing was changed.`);
      const title = `Embed ${collection.name} with ${id}`;
      return jobs.add(EMBEDDER_JOB, title, { collectionId: collection.id, embedder }).id;
    },
    cancel: (collectionId: string): Promise<number> => jobs.cancelWhere(EMBEDDER_JOB, isOf(collectionId)),

    /** Until the signal fires, deletes what cancelled changes made, now and whenever one is cancelled. */
    tidy(signal: AbortSignal): void {
      let turn: Promise<void> = Promise.resolve();
      const sweep = (): void => {
        turn = turn.then(async () => {
          try {
            if (!signal.aborted && deps.embedders.abandoned().length > 0) await dropUnneeded(deps, signal);
          } catch (error) {
            if (!isAbort(error)) log.error("embedder.not-tidied", { error });
          }
        });
      };
      const off = jobs.onChange((job) => {
        if (job.kind === EMBEDDER_JOB && job.state === "cancelled") sweep();
      });
      signal.addEventListener("abort", off);
      sweep();
    },
  };
}

/** The provider may be left out of a model's id. */
const sameModel = (a: string, b: string): boolean => a.replace(/^local:/, "") === b.replace(/^local:/, "");
