import type { Database } from "better-sqlite3";
import { AppError } from "../../../shared/errors.ts";
import type { CallContext } from "../engine.ts";
import { tokens } from "../../text/analyse.ts";
import type { Catalogue } from "./catalogue.ts";
import { eraseRemoved } from "./erase.ts";
import { fuse, type VectorAnswer } from "./fuse.ts";
import { createIndexStore } from "./index-store.ts";
import type { Kernel } from "./kernel.ts";
import { createKeywordLeg } from "./keyword-leg.ts";
import { analysisCode, type Language, languageCode, loadLanguage } from "../../text/languages.ts";
import { createLock } from "./lock.ts";
import type { Selection } from "./mirror.ts";
import { noteTruth, openIndex } from "./open-index.ts";
import type { PutInput, QueryInput, QueryOutput, Scanner, SearchStats } from "./protocol.ts";
import { createMirrorLeg, createVectorLegs } from "./vector-leg.ts";

/** Rows of one transaction: about 5 ms, so that a query never waits long behind a write. */
const rowsAWrite = 16;
const keysADelete = 200;
/** Languages whose stemmers a query is tried with: the most frequent of the index. */
const maxLanguages = 4;

/** An opened index.db with everything that is kept in memory about it. */
export type Session = ReturnType<typeof openSession>;

export function openSession(
  indexPath: string,
  truth: Database,
  catalogue: Catalogue,
  scanner: { name: Scanner; makeKernel: () => Kernel },
) {
  const { writer, reader, begun } = openIndex(indexPath, truth);
  const store = createIndexStore(writer);
  const keywords = createKeywordLeg(reader);
  const legs = createVectorLegs(store, (embedder) => createMirrorLeg(reader, embedder, scanner.makeKernel()));
  const oneByOne = createLock();
  const languageRows = new Map(writer.prepare<[], [string, number]>("SELECT language, count(*) FROM chunks GROUP BY language").raw().all());
  const chunkKeys = writer.prepare<[], number>("SELECT key FROM chunks").pluck();

  function languages(): Promise<Language[]> {
    const codes = [...languageRows].toSorted(([a, rows], [b, others]) => others - rows || (a < b ? -1 : 1)).map(([code]) => code);
    const analysed = new Set(codes.length > 0 ? codes.map(analysisCode) : ["und"]);
    return Promise.all([...analysed].slice(0, maxLanguages).map(loadLanguage));
  }

  async function put(input: PutInput, { checkpoint }: CallContext): Promise<void> {
    checkPut(input);
    const code = languageCode(input.language);
    const language = await loadLanguage(analysisCode(code));
    const embedder = store.ensureEmbedder(input.embedder, input.dimensions);
    for (let first = 0; first < input.rows.length; first += rowsAWrite) {
      const rows = input.rows.slice(first, first + rowsAWrite).map(({ key, context, text }, index) => ({
        key,
        language: code,
        context: tokens(context, language).join(" "),
        body: tokens(text, language).join(" "),
        vector: input.vectors.subarray((first + index) * input.dimensions, (first + index + 1) * input.dimensions),
      }));
      // The last commit waits for the disk, and with it everything before it.
      const isLast = first + rowsAWrite >= input.rows.length;
      writer.pragma(`synchronous = ${isLast ? "FULL" : "NORMAL"}`);
      store.write(embedder, rows, () => noteTruth(writer, truth));
      languageRows.set(code, (languageRows.get(code) ?? 0) + rows.length);
      keywords.changed();
      const leg = legs.open(input.embedder);
      for (const { key, vector } of rows) leg?.set(key, vector, code);
      if (!isLast) await checkpoint();
    }
  }

  async function remove(keys: readonly number[], checkpoint: () => Promise<void>): Promise<void> {
    for (let first = 0; first < keys.length; first += keysADelete) {
      if (first > 0) await checkpoint();
      const slice = keys.slice(first, first + keysADelete);
      writer.pragma("synchronous = FULL");
      store.drop(slice);
      legs.delete(slice);
    }
  }

  async function nearest({ vectors, candidates }: QueryInput, selection: Selection, signal: AbortSignal): Promise<VectorAnswer[]> {
    const answers: VectorAnswer[] = [];
    for (const { embedder, vector } of vectors) {
      const stored = store.embedder(embedder);
      if (!stored) continue;
      if (vector.length !== stored.dimensions || !vector.every(Number.isFinite)) {
        throw new AppError("INVALID_INPUT", `A query vector of ${embedder} must be ${stored.dimensions} finite numbers.`);
      }
      const answer = await legs.open(embedder)?.search(vector, candidates, selection);
      signal.throwIfAborted();
      if (answer) answers.push(answer);
    }
    return answers;
  }

  async function query(asked: QueryInput, signal: AbortSignal): Promise<QueryOutput> {
    const input = { ...asked, candidates: Math.max(asked.candidates, asked.limit) };
    catalogue.refresh();
    const selection = catalogue.select(input.collections, input.filter);
    const start = performance.now();
    const keyword =
      input.mode === "vector"
        ? { found: [], matched: 0, isNamed: false }
        : await keywords.search(input.text, await languages(), input.candidates, selection, signal);
    const afterKeyword = performance.now();
    const answers = input.mode === "keyword" ? [] : await nearest(input, selection, signal);
    const afterVector = performance.now();
    const { hits, union, weight } = fuse(keyword, answers, input.limit);
    const leg = input.mode === "hybrid" ? undefined : input.mode;
    return {
      hits: leg ? hits.map((hit) => ({ ...hit, score: hit[leg]?.score ?? 0 })) : hits,
      matched: Math.max(keyword.matched, union),
      keywordWeight: weight,
      timings: { keywordMs: afterKeyword - start, vectorMs: afterVector - afterKeyword, fuseMs: performance.now() - afterVector },
    };
  }

  return {
    put,
    erase: (_: unknown, { checkpoint }: CallContext) => eraseRemoved(writer, checkpoint),
    remove: ({ keys }: { keys: number[] }, { checkpoint }: CallContext) => remove(keys, checkpoint),
    async query(input: QueryInput, { checkpoint, signal }: CallContext): Promise<QueryOutput> {
      // Outside the lock: a call that is paused must not hold up others.
      await checkpoint();
      return oneByOne(() => query(input, signal));
    },
    present: ({ embedder }: { embedder: string }): Promise<Uint32Array> =>
      oneByOne(async () => {
        const has = await legs.open(embedder)?.has();
        return has ? Uint32Array.from(chunkKeys.all().filter(has)) : new Uint32Array();
      }),
    /** The index is read before croft.db: a row put meanwhile is in neither or in both. */
    async sweep({ checkpoint }: CallContext): Promise<{ removed: number }> {
      const indexed = chunkKeys.all();
      const wanted = new Set(truth.prepare<[], number>("SELECT key FROM chunks").pluck().iterate());
      const gone = indexed.filter((key) => !wanted.has(key));
      await remove(gone, checkpoint);
      return { removed: gone.length };
    },
    async forget({ embedder, keys }: { embedder: string; keys?: number[] }): Promise<void> {
      const stored = store.embedder(embedder);
      if (!stored) return;
      await oneByOne(async () => {
        if (keys) {
          store.dropVectors(stored, keys);
          legs.open(embedder)?.delete(keys);
          return;
        }
        legs.forget(embedder);
        store.dropEmbedder(stored);
      });
    },
    stats(): SearchStats {
      const count = (table: string): number => writer.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
      const pages = Number(writer.pragma("page_count", { simple: true }));
      return {
        chunks: count("chunks"),
        vectors: Object.fromEntries(store.embedders().map(({ id, name }) => [name, count(`small_${id}`)])),
        bytes: pages * Number(writer.pragma("page_size", { simple: true })),
        begun,
        scanner: scanner.name,
      };
    },
    close(): void {
      reader.close();
      writer.close();
    },
  };
}

function checkPut({ rows, dimensions, vectors }: PutInput): void {
  const sound =
    Number.isSafeInteger(dimensions) &&
    dimensions > 0 &&
    dimensions <= 8192 &&
    vectors.length === rows.length * dimensions &&
    vectors.every(Number.isFinite);
  if (!sound)
    throw new AppError(
      "INVALID_INPUT",
      "Vectors must be finite numbers, one vector of the given dimensions for each row. Nothing was written.",
    );
  if (!rows.every(({ key }) => Number.isInteger(key) && key >= 0 && key < 2 ** 32))
    throw new AppError("INVALID_INPUT", "Row keys must be whole numbers below 2^32. Nothing was written.");
}
