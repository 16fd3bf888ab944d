import { os } from "../../../src/main/core/implementer.ts";
import type { Job } from "../../../src/shared/contract/jobs.ts";
import type { Model } from "../../../src/shared/contract/models.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { models as catalogue, now } from "./scripted-data.ts";
import type { createGate } from "./topic.ts";

export type ScriptedModelsOptions = {
  read<T>(full: () => T, empty: T, signal: AbortSignal | undefined): Promise<T>;
  gate: ReturnType<typeof createGate>;
  setJob(job: Job): void;
  next(): string;
};

/** The models of a scripted core: slow work waits at the gate, and every request is kept. */
export function scriptedModels({ read, gate, setJob, next }: ScriptedModelsOptions) {
  const models = catalogue.map((model) => ({ ...model }));
  const requests: { route: string; input: unknown }[] = [];
  const ended: string[] = [];
  const find = (id: string): Model => {
    const model = models.find((one) => one.id === id);
    if (!model) throw new AppError("NOT_FOUND", `There is no model ${id}.`);
    return model;
  };
  const change = (id: string, to: Partial<Model>): Model => Object.assign(find(id), to);
  /** Keeps the request and waits at the gate; a caller who leaves is noted. */
  const slow = async (route: string, input: unknown, signal: AbortSignal | undefined) => {
    requests.push({ route, input });
    signal?.addEventListener("abort", () => ended.push(route), { once: true });
    await gate.pass(signal);
  };

  const routes = {
    list: os.models.list.handler(({ signal }) => read(() => models, [], signal)),
    show: os.models.show.handler(({ input }) => find(input.id)),
    download: os.models.download.handler(({ input }) => {
      const { name, bytes } = find(input.id);
      const progress = { done: 31e6, total: bytes, unit: "bytes" };
      const job: Job = {
        id: next(),
        kind: "models.download",
        title: `Download ${name}`,
        state: "running",
        progress,
        attempts: 1,
        createdAt: now,
      };
      setJob(job);
      return { jobId: job.id };
    }),
    import: os.models.import.handler(async ({ input, signal }) => {
      await slow("import", input, signal);
      if (!input.path.endsWith(".gguf"))
        throw new AppError("MODEL_INVALID", "This is no GGUF file; nothing was imported.", { hint: "Choose a .gguf file." });
      const { speed: _, ...like } = find("qwen2.5-coder-1.5b-instruct");
      const model: Model = {
        ...like,
        id: `tiny-${models.length}`,
        name: "Tiny",
        origin: input.copy ? "imported" : "linked",
        starter: false,
        probed: "never",
      };
      models.push(model);
      return model;
    }),
    remove: os.models.remove.handler(({ input }) => {
      requests.push({ route: "remove", input });
      change(input.id, { state: "missing" });
      return { freed: 1 };
    }),
    probe: os.models.probe.handler(async ({ input, signal }) => {
      await slow("probe", input, signal);
      const ok = input.id !== "bge-small-en-v1.5";
      change(input.id, { probed: ok ? "ok" : "failed" });
      return ok
        ? { ok, message: "The model loads.", memoryBytes: 1.31e9 }
        : { ok, message: "Loading the model ended the process that tried it (code 134). The file is damaged or not supported." };
    }),
    onDisk: os.models.onDisk.handler(() => [
      { path: "/home/ada/.ollama/models/blobs/sha256-aa", bytes: 1.9e9, name: "Llama 3.2 3B Instruct" },
    ]),
    load: os.models.load.handler(async ({ input, signal }) => {
      await slow("load", input, signal);
      return {};
    }),
    unload: os.models.unload.handler(({ input }) => {
      requests.push({ route: "unload", input });
      return {};
    }),
    bench: os.models.bench.handler(async ({ input, signal }) => {
      await slow("bench", input, signal);
      return change(input.id, { speed: { promptTokensPerSecond: 88, tokensPerSecond: 17 } });
    }),
  };
  return { routes, requests, ended };
}
