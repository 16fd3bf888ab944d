import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { Id } from "../../../../shared/contract/define.ts";
import { AppError } from "../../../../shared/errors.ts";
import type { Truth } from "../../../db/truth.ts";
import type { EngineHost } from "../../../engines/engine.ts";
import type { SearchProtocol } from "../../../engines/search/protocol.ts";
import type { JobContext, JobHandler } from "../../../jobs/job.ts";
import type { CollectionStore } from "./collection-store.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import type { EmbedderStore } from "./embedder-store.ts";
import type { Embedder, Embedding } from "../indexing/embedding.ts";
import type { Indexer } from "../indexing/index-document.ts";
import { eachConcurrently } from "../slices.ts";

export const EMBEDDER_JOB = "knowledge.embedder";

const Input = z.object({ collectionId: Id, embedder: z.string() });
type Input = z.infer<typeof Input>;

/** Documents embedded at once, so that their chunks share batches. */
const DOCUMENTS_AT_ONCE = 32;
/** Rounds in which nothing could be embedded although something is missing. */
const FRUITLESS_ROUNDS = 3;

export type ChangeDeps = {
  truth: Truth;
  collections: CollectionStore;
  documents: DocumentStore;
  embedders: EmbedderStore;
  embedding: Embedding;
  indexer: Indexer;
  index: EngineHost<SearchProtocol>;
};

/**
 * Gives a collection another embedding model. Its vectors are made beside the old ones, by which it is searched until
 * all are there; then it switches in one transaction, and what nobody needs any more is deleted. Repeatable: a document
 * that has its vectors is not embedded again.
 */
export function createEmbedderJob(deps: ChangeDeps): JobHandler<Input> {
  return {
    kind: EMBEDDER_JOB,
    lane: "embedder",
    maxAttempts: 3,
    parse: (input) => Input.parse(input),
    async run({ collectionId, embedder: wanted }, context) {
      const { name, embedder: former } = deps.collections.get(collectionId);
      const documents =
        former === wanted ? 0 : await build(deps, collectionId, await deps.embedding.resolve(wanted, context.signal), context);
      await dropUnneeded(deps, context.signal);
      return { collection: name, job: context.jobId, embedder: wanted, documents };
    },
  };
}

/** @returns how many documents were embedded */
async function build(deps: ChangeDeps, collectionId: string, embedder: Embedder, context: JobContext): Promise<number> {
  const { signal } = context;
  deps.embedders.begin(collectionId, embedder.id, context.jobId);
  let done = 0;
  for (let fruitless = 0; fruitless < FRUITLESS_ROUNDS;) {
    const seq = deps.truth.lastSeq();
    const missing = await deps.documents.missingEmbeddings(collectionId, embedder.key, signal);
    if (missing.length === 0 && deps.embedders.switchOver(collectionId, embedder, seq)) return done;
    const before = done;
    const total = done + missing.length;
    context.progress({ done, total, unit: "documents" });
    await eachConcurrently(missing, DOCUMENTS_AT_ONCE, async (id) => {
      signal.throwIfAborted();
      if (!(await embedIfThere(deps.indexer, id, embedder, signal))) return;
      done += 1;
      context.progress({ done, total, unit: "documents" });
    });
    fruitless = done > before || missing.length === 0 ? 0 : fruitless + 1;
  }
  throw new AppError("CONFLICT", "Some documents change faster than they can be embedded. The collection keeps its embedding model.", {
    hint: "Wait until nothing is indexed, and try again.",
  });
}

/** A document may be removed while others are embedded. */
async function embedIfThere(indexer: Indexer, id: string, embedder: Embedder, signal: AbortSignal): Promise<boolean> {
  try {
    await indexer.embed(id, embedder, signal);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "NOT_FOUND") return false;
    throw error;
  }
}

/**
 * Deletes vectors that no collection needs: of the model that one had before, and of one that it was on its way to when
 * that was cancelled. First the vectors, then the note that they are there: what a crash cuts in two is found again.
 */
export async function dropUnneeded(
  { documents, embedders, index }: Pick<ChangeDeps, "documents" | "embedders" | "index">,
  signal: AbortSignal,
): Promise<void> {
  const abandoned = embedders.abandoned();
  for (const key of embedders.keys()) {
    let isNeeded = false;
    for (let after = ""; ;) {
      signal.throwIfAborted();
      const page = embedders.page(key, after);
      const last = page.at(-1);
      if (!last) break;
      after = last.id;
      for (const document of page) {
        if (document.isNeeded) isNeeded = true;
        else {
          const keys = documents.chunksOf(document.id).map((chunk) => chunk.key);
          await index.call("forget", { embedder: key, keys }, { signal, priority: "background" });
          embedders.forget(document.id, key);
        }
      }
      await setImmediate();
    }
    if (!isNeeded) await index.call("forget", { embedder: key }, { signal, priority: "background" });
  }
  for (const collectionId of abandoned) embedders.forgetChange(collectionId);
}
