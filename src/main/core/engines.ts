import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Arbiter } from "../engines/arbiter.ts";
import { createArbiter } from "../engines/arbiter.ts";
import { createEngineHost, type EngineHostOptions } from "../engines/engine-host.ts";
import type { EngineHost, Protocol } from "../engines/engine.ts";
import { entryUrl } from "../engines/entries.ts";
import type { GenerationConfig, GenerationProtocol } from "../engines/generation/protocol.ts";
import type { ChunkInput, InferenceConfig, InferenceProtocol } from "../engines/inference/protocol.ts";
import type { OcrConfig, OcrProtocol } from "../engines/ocr/protocol.ts";
import type { PagesConfig, PagesProtocol } from "../engines/pages/protocol.ts";
import type { ReadersConfig, ReadersProtocol } from "../engines/readers/protocol.ts";
import { spawnReaders } from "../engines/readers/spawn-readers.ts";
import type { SearchConfig, SearchProtocol } from "../engines/search/protocol.ts";
import { threadSpawner } from "../engines/spawn-thread.ts";
import type { Host } from "./host.ts";
import type { Logger } from "./logger.ts";
import { ocrLanguages } from "./ocr-languages.ts";

/** Everything that computes, each behind the same lifecycle. */
export type Engines = {
  inference: EngineHost<InferenceProtocol>;
  generation: EngineHost<GenerationProtocol>;
  ocr: EngineHost<OcrProtocol>;
  search: EngineHost<SearchProtocol>;
  readers: EngineHost<ReadersProtocol>;
  /** Draws pages for the screen, apart from the readers: neither waits for the other, nor falls with it. */
  pages: EngineHost<PagesProtocol>;
};

/** Of the readers' process: the heap that V8 allows it, and all it may hold, native memory included. */
const READERS_MEMORY_MB = 1024;
/** Embedder and reranker, and another embedder while a collection is searched that uses it. */
const LOADED_MODELS = 3;
const READERS_IDLE_MS = 60_000;
/** Of the process that draws pages. It starts in half a second: somebody who reads on should not wait for that. */
const PAGES_MEMORY_MB = 1024;
const PAGES_IDLE_MS = 5 * 60_000;
/** The longest that a timer takes, 24 days: search keeps its mirror of the index in memory. */
const NEVER_MS = 2 ** 31 - 1;

/** Short texts are chunked in a few milliseconds, between the pieces of an embedding: to wait for a core costs more. */
const chunkThreads = ({ text }: ChunkInput) => (text.length > 50_000 ? 1 : 0);

export type EngineOptions = { threads: () => number; idleMs: () => number };

/** The engines of one core, none of them started: the first call does that. */
export function createEngines(host: Host, log: Logger, { threads, idleMs }: EngineOptions): { engines: Engines; arbiter: Arbiter } {
  const arbiter = createArbiter({ cores: availableParallelism() });
  const engine = <Config, P extends Protocol>(options: Omit<EngineHostOptions<Config, P>, "arbiter" | "log" | "now">): EngineHost<P> =>
    createEngineHost<Config, P>({ ...options, arbiter, log: log.child(`engine.${options.name}`), now: () => performance.now() });

  const engines: Engines = {
    inference: engine<InferenceConfig, InferenceProtocol>({
      name: "inference",
      config: { loadedModels: LOADED_MODELS },
      spawn: threadSpawner(entryUrl("inference")),
      threads: { embed: ({ threads: wanted }) => wanted, rerank: ({ threads: wanted }) => wanted, chunk: chunkThreads, unload: 0 },
      idleMs,
    }),
    generation: engine<GenerationConfig, GenerationProtocol>({
      name: "generation",
      // Each model is loaded with as many threads as the settings say by then; none can have more than there are cores.
      config: { threads: availableParallelism(), gpu: "auto", trustBinary: host.kind === "electron" },
      spawn: threadSpawner(entryUrl("generation")),
      threads: { generate: ({ model }) => model.threads, warm: ({ model }) => model.threads, countTokens: 1, inspect: 0, unload: 0 },
      idleMs,
    }),
    ocr: engine<OcrConfig, OcrProtocol>({
      name: "ocr",
      config: {
        languageFolders: ocrLanguages(),
        // What the settings say at a start of the engine counts.
        get workers() {
          return Math.max(1, threads() - 1);
        },
      },
      spawn: threadSpawner(entryUrl("ocr")),
      threads: { recognize: 1, languages: 0 },
      idleMs,
    }),
    search: engine<SearchConfig, SearchProtocol>({
      name: "search",
      config: { indexPath: join(host.paths.profile, "index.db"), truthPath: join(host.paths.profile, "croft.db") },
      spawn: threadSpawner(entryUrl("search")),
      // A search is short and a person waits for it: it asks nobody for the cores.
      threads: { put: 0, remove: 0, query: 0, present: 0, sweep: 0, stats: 0 },
      idleMs: NEVER_MS,
    }),
    readers: engine<ReadersConfig, ReadersProtocol>({
      name: "readers",
      config: {},
      spawn: spawnReaders(
        host.startChild,
        { entry: "readers", name: "readers", memoryMb: READERS_MEMORY_MB },
        { memoryBytes: READERS_MEMORY_MB * 1024 ** 2 },
      ),
      threads: { read: 1, raster: 1, detect: 0, language: 0 },
      idleMs: READERS_IDLE_MS,
    }),
    pages: engine<PagesConfig, PagesProtocol>({
      name: "pages",
      config: {},
      spawn: spawnReaders(
        host.startChild,
        { entry: "pages", name: "pages", memoryMb: PAGES_MEMORY_MB },
        { memoryBytes: PAGES_MEMORY_MB * 1024 ** 2 },
      ),
      // A page is drawn in a tenth of a second and a person waits for it: it asks nobody for the cores.
      threads: { draw: 0 },
      idleMs: PAGES_IDLE_MS,
    }),
  };
  return { engines, arbiter };
}
