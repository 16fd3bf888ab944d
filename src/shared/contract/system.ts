import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { Empty, FilePath, Reason, route, Timestamp } from "./define.ts";

export const SystemInfo = z.object({
  version: z.string(),
  host: z.enum(["electron", "server", "cli", "embedded"]),
  platform: z.string(),
  cores: z.number().int(),
  memory: z.object({ total: z.number(), free: z.number(), core: z.number() }),
  profile: z.string(),
  offline: z.boolean(),
  /** A folder of sample documents that came with Croft; left out where none did. */
  sample: z.string().optional(),
  /** Why the backup that was to be restored at this start was not; the profile is as it was. */
  restoreRefused: Reason.optional(),
  engines: z.array(z.object({ name: z.string(), state: z.string(), generation: z.number().int() })),
});
export type SystemInfo = z.infer<typeof SystemInfo>;

export const Check = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(["ok", "warning", "failed"]),
  message: z.string(),
  hint: z.string().optional(),
});
export type Check = z.infer<typeof Check>;

/** Something that changed in the truth; written in the same transaction as the change. */
export const Event = z.object({ seq: z.number().int(), at: Timestamp, kind: z.string(), subject: z.string() });
export type Event = z.infer<typeof Event>;

export const storageParts = ["truth", "index", "files", "snapshots", "logs", "models", "other"] as const;

/** What Croft keeps on this disk. Bytes. */
export const Storage = z.object({
  profile: z.string(),
  models: z.string(),
  free: z.number(),
  parts: z.array(z.object({ id: z.enum(storageParts), bytes: z.number(), files: z.number().int() })),
});
export type Storage = z.infer<typeof Storage>;

/** One request that Croft sent to another machine, or refused to send. The host alone: an address may tell what was read. */
export const EgressEntry = z.object({
  at: Timestamp,
  purpose: z.enum(["models", "url", "provider"]),
  host: z.string(),
  outcome: z.enum(["answered", "refused", "failed"]),
});
export type EgressEntry = z.infer<typeof EgressEntry>;

export const system = {
  info: route("read").input(Empty).output(SystemInfo),
  doctor: route("read").input(Empty).output(z.array(Check)),
  /** Events after `since`, then new ones as they happen; a client that was away catches up. */
  events: route("read")
    .input(z.object({ since: z.number().int().nonnegative().optional() }))
    .output(eventIterator(Event)),
  backup: route("write")
    .input(z.object({ file: FilePath }))
    .output(z.object({ file: z.string(), bytes: z.number() })),
  /** Checks a backup and puts it in the place of the profile when Croft next starts. */
  restore: route("write")
    .input(z.object({ file: FilePath }))
    .output(z.object({ file: z.string() })),
  storage: route("read").input(Empty).output(Storage),
  /** What was asked of other machines, newest first. */
  egress: route("read")
    .input(z.object({ limit: z.number().int().min(1).max(1000).default(200) }))
    .output(z.array(EgressEntry)),
  /** A report for people who help: no secrets, no texts, no names of files. `name` is a plain file name for it. */
  diagnostics: route("read")
    .input(Empty)
    .output(z.object({ name: z.string(), text: z.string() })),
};
