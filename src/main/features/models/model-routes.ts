import { z } from "zod";
import { ModelId } from "../../../shared/contract/models.ts";
import { os } from "../../core/implementer.ts";
import type { EngineHost } from "../../engines/engine.ts";
import type { GenerationProtocol } from "../../engines/generation/protocol.ts";
import type { InferenceProtocol } from "../../engines/inference/protocol.ts";
import type { JobHandler } from "../../jobs/job.ts";
import { benchGeneration, benchInference } from "./bench-model.ts";
import { plannedContextTokens } from "./estimate.ts";
import { findGgufFiles } from "./find-on-disk.ts";
import type { ModelChecks } from "./model-checks.ts";
import type { ModelStore } from "./model-store.ts";

export type ModelRoutesOptions = {
  store: ModelStore;
  checks: ModelChecks;
  /** Queues a durable job. */
  startJob(kind: string, title: string, input: unknown): Promise<{ id: string }>;
  generation: Pick<EngineHost<GenerationProtocol>, "call">;
  inference: Pick<EngineHost<InferenceProtocol>, "call">;
  /** Threads that a model may use. */
  threads(): number;
  /** Loads a chat model as answers will use it. */
  loadChat(id: string, signal: AbortSignal): Promise<void>;
  /** Folders of other programs in which GGUF files may lie. */
  otherFolders: readonly string[];
};

const DownloadInput = z.object({ id: ModelId });
type DownloadInput = z.infer<typeof DownloadInput>;
const kind = "models.download";

/** The handlers of `contract.models`. */
export function modelRoutes(options: ModelRoutesOptions) {
  const { store, checks, startJob, threads } = options;
  const signalOf = (signal: AbortSignal | undefined) => signal ?? new AbortController().signal;

  async function bench(id: string, signal: AbortSignal) {
    await checks.ensureUsable(id, signal);
    const { sha256, role, format } = await store.installed(id);
    if (format === "gguf") {
      const { path, trainContextTokens } = await store.resolveGguf(id);
      const contextTokens = Math.min(plannedContextTokens, trainContextTokens || plannedContextTokens);
      const speed = await benchGeneration(options.generation, { path, contextTokens, threads: threads(), sequences: 1 }, signal);
      await store.learn(sha256, { speed });
    } else {
      const model = await store.resolveOnnx(id);
      const speed = await benchInference(options.inference, model, { reranks: role === "reranker", threads: threads(), signal });
      await store.learn(sha256, { speed });
    }
    return store.show(id);
  }

  async function load(id: string, signal: AbortSignal): Promise<void> {
    await checks.ensureUsable(id, signal);
    const { format, id: localId } = await store.installed(id);
    if (format === "gguf") return options.loadChat(`local:${localId}`, signal);
    const model = await store.resolveOnnx(id);
    await options.inference.call("embed", { model, texts: ["."], kind: "query", threads: threads() }, { signal });
  }

  return {
    list: os.models.list.handler(() => store.list()),
    show: os.models.show.handler(({ input }) => store.show(input.id)),
    download: os.models.download.handler(async ({ input }) => {
      const model = await store.show(input.id);
      const { id } = await startJob(kind, `Download ${model.name}`, { id: model.id } satisfies DownloadInput);
      return { jobId: id };
    }),
    import: os.models.import.handler(({ input, signal }) =>
      store.import({ path: input.path, role: input.role, copy: input.copy, signal: signalOf(signal) }),
    ),
    remove: os.models.remove.handler(({ input }) => store.remove(input.id)),
    probe: os.models.probe.handler(async ({ input, signal }) => {
      const { ok, message, memoryBytes } = await checks.probe(input.id, signalOf(signal));
      return { ok, message, ...(memoryBytes === undefined ? {} : { memoryBytes }) };
    }),
    onDisk: os.models.onDisk.handler(async ({ signal }) => {
      const used = new Set((await store.list()).flatMap(({ path }) => path ?? []));
      return (await findGgufFiles(options.otherFolders, signalOf(signal))).filter(({ path }) => !used.has(path));
    }),
    load: os.models.load.handler(async ({ input, signal }) => {
      await load(input.id, signalOf(signal));
      return {};
    }),
    unload: os.models.unload.handler(async ({ input, signal }) => {
      const { format, path } = await store.installed(input.id);
      if (format === "gguf") await options.generation.call("unload", {}, { signal });
      else await options.inference.call("unload", { folder: path }, { signal });
      return {};
    }),
    bench: os.models.bench.handler(({ input, signal }) => bench(input.id, signalOf(signal))),
  };
}

/** The durable job behind `models.download`; going on after a restart is resuming the partial file. */
export function downloadJob(store: ModelStore): JobHandler<DownloadInput> {
  return {
    kind,
    lane: "download",
    // The download tries again by itself, with patience that depends on what came.
    maxAttempts: 1,
    parse: (input) => DownloadInput.parse(input),
    run: (input, { signal, progress }) => store.download(input.id, { signal, onProgress: progress }),
  };
}
