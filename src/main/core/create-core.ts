import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Router } from "@orpc/server";
import type { Contract } from "../../shared/contract/index.ts";
import type { AppError } from "../../shared/errors.ts";
import { openDatabase } from "../db/open.ts";
import { restoreAsked } from "../db/restore-request.ts";
import { keepSnapshots } from "../db/regular-snapshots.ts";
import { createTruth, type Truth } from "../db/truth.ts";
import { createBatch } from "../features/batch/index.ts";
import { answerRules, createChat, createThreadStore } from "../features/chat/index.ts";
import { createRunStore } from "../features/insights/index.ts";
import { createKnowledge } from "../features/knowledge/index.ts";
import {
  createModelChecks,
  createModelStore,
  downloadJob,
  hubEndpoint,
  knownModelFolders,
  modelRoutes,
  readCatalogue,
} from "../features/models/index.ts";
import { openSettings, settingsRoutes } from "../features/settings/index.ts";
import { openEgressLog, systemRoutes } from "../features/system/index.ts";
import type { JobHandler } from "../jobs/job.ts";
import { jobRoutes } from "../jobs/job-routes.ts";
import { createJobRunner } from "../jobs/job-runner.ts";
import { createJobStore } from "../jobs/job-store.ts";
import { localProvider } from "../providers/local-provider.ts";
import { createModelRegistry } from "../providers/model-registry.ts";
import { createEgress } from "./egress.ts";
import { createEngines, type Engines } from "./engines.ts";
import { environmentFetch } from "./fetch.ts";
import type { Host } from "./host.ts";
import { type CallerContext, os } from "./implementer.ts";
import { createLogger, type Logger } from "./logger.ts";

/** A running Croft, without any wire to it: hosts put transports in front of `router`. */
export type Core = {
  readonly router: Router<Contract, CallerContext>;
  /** Bytes that no route returns as JSON. */
  readonly serveBytes: ReturnType<typeof createKnowledge>["serveBytes"];
  readonly log: Logger;
  /** Stops jobs at a safe point, drains every engine, closes the database. Nothing computes when this resolves. */
  close(): Promise<void>;
};

export type CoreOptions = {
  /** Engines to use instead of the real ones: the seam for tests. */
  engines?: Partial<Engines>;
  /** Prompt tokens a second to reckon with instead of measuring: what is read then does not depend on how busy the machine is. */
  readingSpeed?: number;
};

/** Answers under way at once, each with a context of its own; a further one waits. */
const CHAT_SEQUENCES = 2;
const CHAT_CONTEXT_TOKENS = 4096;

/**
 * Opens a profile and wires everything together. This is the only place where things are wired.
 * The caller holds the profile's lock (`acquireProfileLock`).
 * @throws SCHEMA_NEWER DATABASE_DAMAGED DISK_FULL STORAGE_READONLY
 */
export async function createCore(host: Host, options: CoreOptions = {}): Promise<Core> {
  const log = createLogger((record) => host.log(record), host.now);
  const { profile } = host.paths;
  const restoreRefused = restoreAsked(profile, log.child("restore"));
  const truth = createTruth(openDatabase(profile, host.now), profile, host.now, (error) => log.error("events.listener-failed", { error }));
  try {
    return await wire(host, options, log, truth, restoreRefused);
  } catch (error) {
    // Whoever started it may mend the cause and start again, or restore the profile: the database must not stay open.
    truth.close();
    throw error;
  }
}

async function wire(host: Host, options: CoreOptions, log: Logger, truth: Truth, restoreRefused: AppError | undefined): Promise<Core> {
  const closing = new AbortController();
  const settings = openSettings(host.paths.profile, log.child("settings"));
  settings.onChange((key) => truth.transact((transaction) => transaction.event("settings.changed", key)));
  const threads = () => settings.get("cpu.threads") || availableParallelism();
  const built = createEngines(host, log, { threads, idleMs: () => settings.get("models.idleMinutes") * 60_000 });
  const engines: Engines = { ...built.engines, ...options.engines };

  const publicWeb = environmentFetch({ publicOnly: true });
  const egressLog = openEgressLog(host.paths.profile, host.now);
  const egress = egressLog.record(
    createEgress({
      isOffline: () => host.offline === true || settings.get("network.offline"),
      hubs: [new URL(hubEndpoint()).origin],
      providers: () => [],
      fetch: host.fetch,
      fetchPublic: publicWeb.fetch,
    }),
  );
  const models = createModelStore({
    folder: host.paths.models,
    catalogue: await readCatalogue(host.paths.resources),
    fetch: egress.models,
    log: log.child("models"),
    endpoint: hubEndpoint(),
    otherFolders: knownModelFolders(),
  });
  const checks = createModelChecks({
    store: models,
    startChild: (spec) => host.startChild(spec),
    now: host.now,
    log: log.child("models"),
    threads,
  });

  const jobStore = createJobStore(truth);
  const handlers: JobHandler[] = [];
  const jobs = createJobRunner({ store: jobStore, handlers: () => handlers, log: log.child("jobs"), now: host.now });
  const knowledge = createKnowledge({
    truth,
    engines,
    jobs,
    settings,
    models,
    checks,
    secrets: host.secrets,
    threads,
    showInFolder: host.showInFolder,
    log: log.child("knowledge"),
    now: host.now,
  });
  handlers.push(knowledge.indexJob, knowledge.embedderJob, knowledge.threadFileJob, downloadJob(models) as JobHandler);

  const threadStore = createThreadStore(truth);
  const registry = createModelRegistry({
    local: localProvider({
      readingSpeed: options.readingSpeed,
      host: engines.generation,
      async resolveGguf(id) {
        await checks.ensureUsable(id, closing.signal);
        return models.resolveGguf(id);
      },
      threads,
      sequences: CHAT_SEQUENCES,
      contextTokens: () => CHAT_CONTEXT_TOKENS,
    }),
  });

  const chat = createChat({
    threads: threadStore,
    runs: createRunStore(truth),
    search: knowledge.search,
    collectionIds: knowledge.collectionIds,
    hasCollection: knowledge.hasCollection,
    chatModel: (id, options) => registry.chatModel(id, options),
    requireModel: async (id) => void (await models.resolveGguf(id)),
    embedSentences: knowledge.embedSentences,
    boxes: knowledge.boxes,
    text: knowledge.text,
    wholeDocument: knowledge.wholeDocument,
    onlyDocument: knowledge.onlyDocument,
    settings: {
      model: () => settings.get("models.chat"),
      effort: () => settings.get("answer.effort"),
      contextTokens: () => CHAT_CONTEXT_TOKENS,
    },
    truth,
    files: knowledge.threadFiles,
    read: knowledge.readDocument,
    uploadFolder: join(host.paths.profile, "uploads"),
    namesByModel: host.kind === "electron" || host.kind === "server",
    log: log.child("chat"),
    now: host.now,
  });

  const batch = await createBatch({
    truth,
    profile: host.paths.profile,
    resources: host.paths.resources,
    engines,
    reading: knowledge.reading,
    jobs,
    jobStore,
    chatModel: (id) => registry.chatModel(id),
    modelHash: async (id) => (id.startsWith("local:") ? (await models.installed(id.slice("local:".length))).sha256 : id),
    defaultModel: () => settings.get("models.chat"),
    ocrLanguages: () => settings.get("ocr.languages"),
    log: log.child("batch"),
    now: host.now,
  });
  handlers.push(batch.job);

  const router = os.router({
    system: systemRoutes({ host, truth, settings, models, engines: Object.values(engines), egressLog, jobStore, restoreRefused }),
    models: modelRoutes({
      store: models,
      checks,
      startJob: (kind, title, input) => Promise.resolve(jobs.add(kind, title, input)),
      generation: engines.generation,
      inference: engines.inference,
      threads,
      loadChat: async (id, signal) => (await registry.chatModel(id)).warm(answerRules, { signal }),
      otherFolders: knownModelFolders(),
    }),
    knowledge: knowledge.routes,
    reading: knowledge.readingRoutes,
    chat: chat.routes,
    batch: batch.routes,
    jobs: jobRoutes(jobStore, jobs),
    settings: settingsRoutes(settings),
  });

  const recovered = threadStore.recover();
  if (recovered > 0) log.info("chat.recovered", { messages: recovered });
  knowledge.dropPending();
  jobs.open();
  const repair = knowledge.repair(closing.signal);
  const snapshots = keepSnapshots({ profile: host.paths.profile, truth, log: log.child("snapshots") });
  // A single command is over before anything changes, and should not index what it was not asked to.
  if (host.kind !== "cli") {
    knowledge.watch(closing.signal);
    batch.watch(closing.signal);
  }

  return {
    router,
    serveBytes: knowledge.serveBytes,
    log,
    async close(): Promise<void> {
      closing.abort();
      batch.close();
      await Promise.all([jobs.close(), chat.close(), snapshots.close()]);
      await repair;
      await Promise.all(Object.values(engines).map((engine) => engine.close()));
      await publicWeb.close();
      truth.close();
    },
  };
}
