import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { Empty, FilePath, route, Timestamp } from "./define.ts";

export const SystemInfo = z.object({
  version: z.string(),
  host: z.enum(["electron", "server", "cli", "embedded"]),
  platform: z.string(),
  cores: z.number().int(),
  memory: z.object({ total: z.number(), free: z.number(), core: z.number() }),
  profile: z.string(),
  offline: z.boolean(),
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
};
