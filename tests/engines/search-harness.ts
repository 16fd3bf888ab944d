import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { CallContext, Engine } from "../../src/main/engines/engine.ts";
import { createSearch } from "../../src/main/engines/search/create-search.ts";
import type { QueryInput, QueryOutput, Scanner, SearchProtocol } from "../../src/main/engines/search/protocol.ts";
import { type Library, type LibraryDocument, openLibrary } from "../helpers/search-library.ts";

export const dimensions = 64;

/** A call's context; aborts by `controller`, counts checkpoints. */
export function context(signal: AbortSignal = new AbortController().signal): CallContext & { checkpoints: number } {
  const made = {
    signal,
    checkpoints: 0,
    emit() {},
    async checkpoint() {
      made.checkpoints++;
      await nextTurn();
      signal.throwIfAborted();
    },
  };
  return made;
}

/** A unit vector made of the words of a text, so that texts with the same words lie near each other. */
export function wordVector(text: string, size = dimensions): Float32Array {
  const vector = new Float32Array(size).fill(0.01);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    let hash = 7;
    for (const letter of word) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
    vector[hash % size] = (vector[hash % size] ?? 0) + 1;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

export function packed(vectors: readonly Float32Array[], size = dimensions): Float32Array {
  const all = new Float32Array(vectors.length * size);
  vectors.forEach((vector, index) => all.set(vector, index * size));
  return all;
}

export type Harness = {
  folder: string;
  library: Library;
  engine: Engine<SearchProtocol>;
  /** Writes, indexes and publishes a document. */
  add(document: LibraryDocument & { embedder?: string }): Promise<{ id: string; keys: number[] }>;
  index(keys: readonly number[], document: Omit<LibraryDocument, "collection"> & { embedder?: string }): Promise<void>;
  query(text: string, options?: Partial<QueryInput>): Promise<QueryOutput>;
  keys(text: string, options?: Partial<QueryInput>): Promise<number[]>;
  /** Ends the engine and starts another on the same files. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

export async function openHarness(scanner?: Scanner): Promise<Harness> {
  const folder = mkdtempSync(join(tmpdir(), "croft-search-"));
  const library = openLibrary(folder);
  const start = () => createSearch({ ...library.config, ...(scanner ? { scanner } : {}) });
  const harness: Harness = {
    folder,
    library,
    engine: await start(),
    async index(keys, { chunks, title = "", language, embedder = "words" }) {
      const rows = chunks.map((text, index) => ({ key: keys[index] ?? -1, context: title, text }));
      const vectors = packed(chunks.map((text) => wordVector(`${title} ${text}`)));
      await harness.engine.methods.put({ embedder, dimensions, ...(language ? { language } : {}), rows, vectors }, context());
    },
    async add(document) {
      const begun = library.begin(document);
      await harness.index(begun.keys, document);
      library.publish(begun.id, document.collection, document.path);
      return begun;
    },
    query: (text, options = {}) =>
      harness.engine.methods.query(
        {
          text,
          mode: "hybrid",
          vectors: [{ embedder: "words", vector: wordVector(text) }],
          collections: [],
          limit: 10,
          candidates: 50,
          ...options,
        },
        context(),
      ),
    keys: async (text, options) => (await harness.query(text, options)).hits.map(({ key }) => key),
    async restart() {
      await harness.engine.dispose();
      harness.engine = await start();
    },
    async close() {
      await harness.engine.dispose();
      library.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return harness;
}
