import type { Event } from "../../shared/contract/system.ts";
import type { Job, JobsItem } from "../../shared/contract/jobs.ts";
import type { Croft } from "./croft.ts";
import { startedThrottle } from "./throttle.ts";

/** The one list of jobs that every view reads; the watch below keeps it true. */
export const jobsInput = { limit: 200 };

/** Keeps the cache true from core's two topics until the signal aborts. Nothing polls. */
export function followCore({ client, orpc, cache }: Croft, signal: AbortSignal): void {
  const refresh = startedThrottle(1000, (parts: ReadonlySet<Part>) => {
    for (const part of parts) void cache.invalidateQueries({ queryKey: orpc[part].key() }, { cancelRefetch: false });
  });
  const jobsKey = orpc.jobs.list.queryKey({ input: jobsInput });

  void repeat(signal, async () => {
    for await (const item of await client.jobs.watch({}, { signal })) {
      cache.setQueryData<Job[]>(jobsKey, (jobs) => applyJobsItem(jobs ?? [], item));
      if (item.type === "change" && isOver(item.job)) refresh(new Set(["knowledge", "reading", "models", "system"]));
    }
  });

  let since: number | undefined;
  void repeat(signal, async () => {
    for await (const event of await client.system.events(since === undefined ? {} : { since }, { signal })) {
      since = event.seq;
      refresh(new Set(partsOf(event)));
    }
  });
}

/** The jobs after one item of the topic; newest first. */
export function applyJobsItem(jobs: Job[], item: JobsItem): Job[] {
  if (item.type === "snapshot") return [...item.jobs].sort(newestFirst);
  const { job } = item;
  const known = jobs.some(({ id }) => id === job.id);
  return known ? jobs.map((one) => (one.id === job.id ? job : one)) : [job, ...jobs].sort(newestFirst);
}

const newestFirst = (a: Job, b: Job) => b.createdAt - a.createdAt;
export const isOver = (job: Pick<Job, "state">): boolean => job.state === "done" || job.state === "failed" || job.state === "cancelled";

type Part = "knowledge" | "reading" | "batch" | "chat" | "models" | "settings" | "system";
const all: readonly Part[] = ["knowledge", "reading", "batch", "chat", "models", "settings", "system"];

/** First word of an event's kind (`document.indexed`) → what it makes untrue. Jobs have a topic of their own. */
const partsByWord: Record<string, readonly Part[]> = {
  collection: ["knowledge", "reading"],
  document: ["knowledge", "reading"],
  source: ["knowledge"],
  file: ["knowledge"],
  knowledge: ["knowledge"],
  thread: ["chat"],
  message: ["chat"],
  chat: ["chat"],
  batch: ["batch"],
  model: ["models", "system"],
  models: ["models", "system"],
  setting: ["settings", "system"],
  settings: ["settings", "system"],
  job: [],
  run: [],
};

/** Which parts of the cache an event makes untrue; everything for a kind nobody knows. */
export const partsOf = (event: Pick<Event, "kind">): readonly Part[] => partsByWord[event.kind.split(/[.:-]/)[0] ?? ""] ?? all;

/** Follows a topic again whenever it ends; the call itself waits for a connection. */
async function repeat(signal: AbortSignal, follow: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await follow().catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
