import { constants } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import type { Check } from "../../../shared/contract/system.ts";
import type { AppError } from "../../../shared/errors.ts";
import { ocrLanguages } from "../../core/ocr-languages.ts";
import type { Host } from "../../core/host.ts";
import { checkDatabase } from "../../db/off-thread.ts";
import { listSnapshots, snapshotTime } from "../../db/snapshot.ts";
import type { Truth } from "../../db/truth.ts";
import type { EngineHost, Protocol } from "../../engines/engine.ts";
import type { ModelStore } from "../models/index.ts";
import type { SettingsStore } from "../settings/index.ts";

/** What the routes of `system` look at. */
export type SystemDeps = {
  host: Host;
  truth: Truth;
  settings: SettingsStore;
  models: ModelStore;
  /** Why a backup was refused at this start. */
  restoreRefused?: AppError | undefined;
  engines: readonly Pick<EngineHost<Protocol>, "name" | "state" | "generation">[];
};

const GIGABYTE = 1024 ** 3;
const LOW_DISK_BYTES = 2 * GIGABYTE;
const LOW_MEMORY_BYTES = 4 * GIGABYTE;

/** What works on this machine, what is missing, and how to mend it. */
export async function runDoctor({ host, truth, settings, models, engines, restoreRefused }: SystemDeps): Promise<Check[]> {
  const installed = await models.list();
  const modelCheck = (id: "models.chat" | "models.embedding", title: string, without: string): Check => {
    const wanted = settings.get(id).replace(/^local:/, "");
    const isThere = installed.some((model) => model.id === wanted && model.state === "installed");
    return isThere
      ? { id, title, state: "ok", message: `${wanted} is installed.` }
      : { id, title, state: "warning", message: `${wanted} is not installed. ${without}`, hint: `Run: croft models download ${wanted}` };
  };
  const languages = Object.keys(ocrLanguages()).filter((code) => code !== "osd");
  return [
    {
      id: "machine",
      title: "Machine",
      state: totalmem() < LOW_MEMORY_BYTES ? "warning" : "ok",
      message: `${availableParallelism()} cores, ${(totalmem() / GIGABYTE).toFixed(1)} GB of memory.`,
    },
    await profileCheck(host.paths.profile),
    await databaseCheck(truth),
    snapshotCheck(host.paths.profile),
    ...(restoreRefused ? [restoreCheck(restoreRefused)] : []),
    modelCheck("models.chat", "Chat model", "Search, reading and instant answers work without it."),
    modelCheck("models.embedding", "Embedding model", "Reading, indexing and keyword search work without it."),
    {
      id: "ocr",
      title: "OCR languages",
      state: languages.length > 0 ? "ok" : "warning",
      message: languages.length > 0 ? `Installed: ${languages.join(", ")}.` : "No language data is installed.",
    },
    ...engines.map(({ name, state }): Check => ({
      id: `engine.${name}`,
      title: `Engine ${name}`,
      state: state === "failed" ? "failed" : "ok",
      message: `It is ${state}.`,
    })),
    {
      id: "network",
      title: "Network",
      state: "ok",
      message: host.offline === true || settings.get("network.offline") ? "Switched off." : "Used only for what you ask for.",
    },
  ];
}

const restoreCheck = ({ message, hint }: AppError): Check => ({
  id: "restore",
  title: "Restore",
  state: "failed",
  message: `The backup was not restored, and the profile is as it was: ${message}`,
  ...(hint === undefined ? {} : { hint }),
});

async function profileCheck(profile: string): Promise<Check> {
  const base = { id: "profile", title: "Profile folder" };
  try {
    await access(profile, constants.W_OK);
    const { bavail, bsize } = await statfs(profile);
    const free = bavail * bsize;
    const message = `${profile}, ${(free / GIGABYTE).toFixed(1)} GB free.`;
    return free < LOW_DISK_BYTES
      ? { ...base, state: "warning", message, hint: "Free some space before indexing." }
      : { ...base, state: "ok", message };
  } catch {
    return { ...base, state: "failed", message: `${profile} cannot be written.`, hint: "Check the rights of the folder." };
  }
}

function snapshotCheck(profile: string): Check {
  const base = { id: "snapshots", title: "Snapshots", state: "ok" } as const;
  const names = listSnapshots(profile);
  const takenAt = names[0] === undefined ? undefined : snapshotTime(names[0]);
  if (takenAt === undefined) return { ...base, message: "None yet; one is taken each day while Croft runs." };
  return { ...base, message: `${names.length} kept, the newest of ${new Date(takenAt).toISOString()}.` };
}

async function databaseCheck({ db }: SystemDeps["truth"]): Promise<Check> {
  const base = { id: "database", title: "Database" };
  const schema = Number(db.pragma("user_version", { simple: true }));
  const integrity = await checkDatabase(db.name);
  if (integrity === "ok") return { ...base, state: "ok", message: `Sound, schema ${schema}.` };
  return { ...base, state: "failed", message: `Damaged: ${integrity}`, hint: "Restore a snapshot or a backup with `croft restore FILE`." };
}
