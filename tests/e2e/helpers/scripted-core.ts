import { os } from "../../../src/main/core/implementer.ts";
import type { AppRouter } from "../../../src/main/transport/serve-connection.ts";
import type { Job, JobsItem } from "../../../src/shared/contract/jobs.ts";
import type { Collection, Coverage } from "../../../src/shared/contract/knowledge.ts";
import { Settings } from "../../../src/shared/contract/settings.ts";
import type { Event } from "../../../src/shared/contract/system.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { createTestRouter } from "../../helpers/test-router.ts";
import { scriptedChat } from "./scripted-chat.ts";
import { scriptedKnowledge } from "./scripted-knowledge.ts";
import { scriptedModels } from "./scripted-models.ts";
import { type ReaderScript, scriptedReading } from "./scripted-reading.ts";
import { scriptedSystem } from "./scripted-system.ts";
import { createGate, createTopic } from "./topic.ts";
import { collectionId, coverage, document, documentText, id, now, textHash } from "./scripted-data.ts";

export type Script = { data: "full" | "empty" | "error" | "loading"; files?: "small" | "large"; reader?: ReaderScript };

/**
 * A core that says what a test wants to see: states that the real one does not take on demand (a failure, a wait
 * that lasts, hostile output, twenty thousand files). The contract, the wire and the interface are the real ones.
 */
export function createScriptedCore() {
  const script: Script = { data: "full" };
  const reading = scriptedReading(script);
  const jobsTopic = createTopic<Job>();
  const eventsTopic = createTopic<Event>();
  /** Answers pause before each step until the test lets them go on, so that every state can be looked at. */
  const gate = createGate();
  const settings = new Map<string, unknown>(Object.entries({ ...Settings.parse({}), "welcome.done": true }));
  const collections: Collection[] = [
    {
      id: collectionId,
      name: "Harbour",
      embedder: "local:bge-small-en-v1.5",
      documents: 4,
      chunks: 80,
      bytes: 1_400_000,
      sources: 1,
      createdAt: now,
    },
  ];
  let jobs: Job[] = [];
  let serial = 1000;
  const next = () => id((serial += 1));

  /** Applies the script to a read: fails, waits until the caller leaves, is empty, or gives what there is. */
  let reads = 0;
  const read = async <T>(full: () => T, empty: T, signal: AbortSignal | undefined): Promise<T> => {
    reads += 1;
    if (script.data === "error")
      throw new AppError("DATABASE_DAMAGED", "The database could not be read; nothing was changed.", {
        hint: "Restore the last snapshot with croft restore.",
      });
    if (script.data === "loading")
      await new Promise<void>((_, reject) => signal?.addEventListener("abort", () => reject(new AppError("ABORTED", "Left."))));
    return script.data === "empty" ? empty : full();
  };
  const setJob = (job: Job) => {
    jobs = [job, ...jobs.filter((one) => one.id !== job.id)];
    jobsTopic.publish(job);
  };
  const jobOf = (jobId: string, state: Job["state"]): Job => {
    const job = jobs.find((one) => one.id === jobId);
    if (!job) throw new AppError("NOT_FOUND", "There is no such job.");
    const changed = { ...job, state };
    setJob(changed);
    return changed;
  };
  const named = (name: string): Collection => {
    const found = collections.find((one) => one.id === name || one.name === name);
    if (!found) throw new AppError("NOT_FOUND", `There is no collection “${name}”.`);
    return found;
  };
  const statusOf = async (collection: string, signal: AbortSignal | undefined): Promise<Coverage> =>
    named(collection).sources === 0
      ? { ...coverage("small"), files: [], totals: { indexed: 0, skipped: 0, failed: 0, pending: 0 } }
      : read(() => coverage(script.files ?? "small"), { ...coverage("small"), files: [] }, signal);
  const create = (name: string): Collection => {
    const sizes = { documents: 0, chunks: 0, bytes: 0, sources: 0 };
    const collection = { id: next(), name, embedder: "local:bge-small-en-v1.5", ...sizes, createdAt: now };
    collections.push(collection);
    return collection;
  };
  /** What was added, as it came. */
  const added: { collection: string; paths: string[] }[] = [];
  const models = scriptedModels({ read, gate, setJob, next });
  const row = (key: keyof Settings) => ({
    key,
    value: settings.get(key),
    default: Settings.parse({})[key],
    description: Settings.shape[key].description ?? key,
  });
  const happened = (kind: string, subject: string) => eventsTopic.publish({ seq: (serial += 1), at: now, kind, subject });
  const workspace = scriptedKnowledge({ setJob, next });
  const chat = scriptedChat({ read, gate, next, happened });

  /** What was asked of the system, as it came. */
  const requests: { route: string; input: unknown }[] = [];

  const router: AppRouter = os.router({
    system: {
      info: os.system.info.handler(() => ({
        version: "0.1.0",
        host: "server" as const,
        platform: "linux",
        cores: 2,
        memory: { total: 8e9, free: 5.2e9, core: 412e6 },
        profile: "/home/ada/.local/share/croft",
        offline: settings.get("network.offline") === true,
        sample: "/opt/croft/resources/sample",
        engines: [{ name: "generation", state: "ready", generation: 1 }],
      })),
      events: os.system.events.handler(({ signal }) => eventsTopic.follow(signal)),
      ...scriptedSystem(requests),
    },
    models: models.routes,
    // Samples of each output until a test scripts what batch says.
    batch: createTestRouter().batch,
    reading: reading.routes,
    knowledge: {
      createCollection: os.knowledge.createCollection.handler(({ input }) => {
        if (collections.some(({ name }) => name === input.name))
          throw new AppError("CONFLICT", `There is a collection “${input.name}” already.`);
        return create(input.name);
      }),
      listCollections: os.knowledge.listCollections.handler(({ signal }) => read(() => collections, [], signal)),
      showCollection: os.knowledge.showCollection.handler(({ input }) => named(input.collection)),
      removeCollection: os.knowledge.removeCollection.handler(({ input }) => {
        collections.splice(collections.indexOf(named(input.collection)), 1);
        return { removedDocuments: 0 };
      }),
      addSources: os.knowledge.addSources.handler(({ input }) => {
        if (input.paths[0]?.includes("missing"))
          throw new AppError("NOT_FOUND", `There is nothing at ${input.paths[0]}; nothing was added.`, { hint: "Check the path." });
        added.push(input);
        const collection = collections.find(({ id: known, name }) => [known, name].includes(input.collection)) ?? create(input.collection);
        const job: Job = {
          id: next(),
          kind: "knowledge.index",
          title: `Index ${collection.name}`,
          state: "running",
          progress: { done: 412, total: 1980, unit: "files", note: "deed-1897.pdf" },
          attempts: 1,
          createdAt: now,
        };
        setJob(job);
        return { jobId: job.id, collection };
      }),
      addRecords: os.knowledge.addRecords.handler(({ input }) => ({ jobId: next(), collection: named(input.collection) })),
      ...workspace.routes,
      sync: os.knowledge.sync.handler(() => ({ jobId: next() })),
      status: os.knowledge.status.handler(({ input, signal }) => statusOf(input.collection, signal)),
      statusInParts: os.knowledge.statusInParts.handler(async function* ({ input, signal }) {
        yield await statusOf(input.collection, signal);
      }),
      listDocuments: os.knowledge.listDocuments.handler(() => []),
      getDocument: os.knowledge.getDocument.handler(({ input }) => ({
        ...document,
        id: input.id,
        type: "md",
        bytes: 1,
        textHash,
        pages: 1,
        chunks: 1,
        indexedAt: now,
      })),
      removeDocument: os.knowledge.removeDocument.handler(() => ({})),
      getText: os.knowledge.getText.handler(({ input }) => {
        const start = Math.min(input.start ?? 0, documentText.length);
        const end = Math.min(input.end ?? documentText.length, documentText.length);
        return { textHash: input.textHash, start, end, length: documentText.length, text: documentText.slice(start, end) };
      }),
      readFile: os.knowledge.readFile.handler(() => unknown()),
    },
    chat: chat.routes,
    jobs: {
      list: os.jobs.list.handler(() => jobs),
      get: os.jobs.get.handler(() => jobs[0] ?? unknown()),
      pause: os.jobs.pause.handler(({ input }) => jobOf(input.id, "paused")),
      resume: os.jobs.resume.handler(({ input }) => jobOf(input.id, "running")),
      cancel: os.jobs.cancel.handler(({ input }) => jobOf(input.id, "cancelled")),
      retry: os.jobs.retry.handler(({ input }) => jobOf(input.id, "queued")),
      watch: os.jobs.watch.handler(async function* ({ signal }): AsyncGenerator<JobsItem> {
        let seq = 0;
        yield { type: "snapshot", seq: seq++, jobs };
        for await (const job of jobsTopic.follow(signal)) yield { type: "change", seq: seq++, job };
      }),
    },
    settings: {
      list: os.settings.list.handler(({ signal }) => read(() => Settings.keyof().options.map(row), [], signal)),
      get: os.settings.get.handler(({ input }) => row(input.key)),
      set: os.settings.set.handler(({ input }) => {
        const parsed = Settings.shape[input.key].safeParse(input.value);
        if (!parsed.success)
          throw new AppError("INVALID_INPUT", `“${String(input.value)}” is no value for ${input.key}; the old one is kept.`);
        settings.set(input.key, parsed.data);
        happened("settings.changed", input.key);
        return row(input.key);
      }),
      reset: os.settings.reset.handler(({ input }) => (settings.set(input.key, Settings.parse({})[input.key]), row(input.key))),
      resetAll: os.settings.resetAll.handler(() => {
        for (const [key, value] of Object.entries(Settings.parse({}))) settings.set(key, value);
        return Settings.keyof().options.map(row);
      }),
      export: os.settings.export.handler(() => ({ name: "croft-settings.json", text: JSON.stringify(Object.fromEntries(settings)) })),
      import: os.settings.import.handler(({ input }) => {
        if (!input.text.startsWith("{")) throw new AppError("INVALID_INPUT", "This is no file of Croft's settings; nothing was changed.");
        return {
          applied: [row("search.limit")],
          refused: [{ key: "cpu.threads", reason: "cpu.threads was not changed: expected a number." }],
        };
      }),
    },
  });
  return {
    router,
    serveBytes: reading.serveBytes,
    script,
    gate,
    setJob,
    collections,
    asked: chat.asked,
    threads: chat.threads,
    chat,
    added,
    workspace,
    models,
    requests,
    /** The first start: nothing was seen and nothing added. */
    beNew: () => (settings.set("welcome.done", false), collections.splice(0)),
    happened,
    reads: () => reads,
  };
}

function unknown(): never {
  throw new AppError("NOT_FOUND", "There is nothing of this name.");
}
