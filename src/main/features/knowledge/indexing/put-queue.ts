import type { EngineHost } from "../../../engines/engine.ts";
import type { IndexRow, SearchProtocol } from "../../../engines/search/protocol.ts";
import type { DocumentStore, Publication } from "../documents/document-store.ts";
import { dimensionsOf, type Embedder, type WordsOnly } from "./embedding.ts";
import { inSlices } from "../slices.ts";

/** Rows put into the index in one call, where so many are ready. */
const ROWS_A_PUT = 256;
/** Documents published in one transaction: two milliseconds. */
const PUBLISHED_AT_ONCE = 16;

export type Put = {
  embedder: Embedder | WordsOnly;
  language: string | undefined;
  rows: IndexRow[];
  /** rows × dimensions. */
  vectors: Float32Array;
  /** Published once the rows are in the index. */
  publication?: Publication | undefined;
};

type Waiting = Put & { signal: AbortSignal; resolve: () => void; reject: (error: unknown) => void };

/**
 * Writes chunks into the index and publishes their documents. What becomes ready while one write is under way goes
 * into the next together: one call and one transaction for many small documents.
 */
export function createPutQueue({ documents, search }: { documents: DocumentStore; search: EngineHost<SearchProtocol> }) {
  const waiting: Waiting[] = [];
  let isBusy = false;

  async function pump(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    // A turn of the loop lets what became ready with this one join it.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) await write(takeAlike());
    isBusy = false;
  }

  /** The first that waits, and others that may share its call. */
  function takeAlike(): Waiting[] {
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    let rows = 0;
    for (const put of waiting.splice(0)) {
      const fits = isAlike(put, taken[0] ?? put) && (taken.length === 0 || rows + put.rows.length <= ROWS_A_PUT);
      (fits ? taken : left).push(put);
      if (fits) rows += put.rows.length;
    }
    waiting.push(...left);
    return taken;
  }

  async function write(puts: Waiting[]): Promise<void> {
    const [first] = puts;
    if (!first) return;
    try {
      const { embedder, language, signal } = first;
      const dimensions = dimensionsOf(embedder);
      const rows = puts.flatMap((put) => put.rows);
      const vectors = new Float32Array(rows.length * dimensions);
      let at = 0;
      for (const put of puts) {
        vectors.set(put.vectors, at);
        at += put.vectors.length;
      }
      if (rows.length > 0) {
        const input = { embedder: embedder.key, dimensions, ...(language ? { language } : {}), rows, vectors };
        await search.call("put", input, { signal, priority: "background" });
      }
      signal.throwIfAborted();
      // Small documents come by the hundred, and core answers in between.
      await inSlices(puts, PUBLISHED_AT_ONCE, signal, (slice) => publish(slice));
    } catch (error) {
      for (const { reject } of puts) reject(error);
    }
  }

  function publish(puts: readonly Waiting[]): void {
    const ready = puts.flatMap(({ publication }) => publication ?? []);
    if (ready.length > 0) documents.publish(...ready);
    for (const { resolve } of puts) resolve();
  }

  /** Resolves when the rows are in the index and the document, where one was given, is published. */
  return (put: Put, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ ...put, signal, resolve, reject });
      void pump();
    });
}

const isAlike = (a: Waiting, b: Waiting) => a.embedder.key === b.embedder.key && a.language === b.language && a.signal === b.signal;
