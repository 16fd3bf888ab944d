import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Job } from "../../../src/shared/contract/jobs.ts";
import { jobStates } from "../../../src/shared/contract/jobs.ts";
import { createCroft } from "../../../src/renderer/api/croft.ts";
import { followCore, isOver, jobsInput, partsOf } from "../../../src/renderer/api/live.ts";
import { startedThrottle } from "../../../src/renderer/api/throttle.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const job = (id: string, state: Job["state"] = "running"): Job => ({
  id,
  kind: "knowledge.index",
  title: id,
  state,
  progress: { done: 0, total: 0, unit: "" },
  attempts: 1,
  createdAt: 1,
});

/** A window that follows a core whose two topics say, each time they are followed, what the test wrote down. */
function following({ jobs = [], events = [] }: { jobs?: unknown[][]; events?: unknown[][] }) {
  const asked: { path: string; input: unknown }[] = [];
  const rounds: Record<string, unknown[][]> = { "jobs.watch": jobs, "system.events": events };
  const croft = createCroft({
    call: async (path, input) => {
      const name = path.join(".");
      asked.push({ path: name, input });
      const items = rounds[name]?.shift() ?? [];
      return (async function* () {
        yield* items;
      })();
    },
  });
  const invalidated = vi.spyOn(croft.cache, "invalidateQueries");
  const stopping = new AbortController();
  followCore(croft, stopping.signal);
  return {
    asked: (name: string) => asked.filter(({ path }) => path === name).map(({ input }) => input),
    jobs: () => croft.cache.getQueryData<Job[]>(croft.orpc.jobs.list.queryKey({ input: jobsInput })),
    invalidated: () => invalidated.mock.calls.map(([filter]) => JSON.stringify(filter?.queryKey)),
    stop: () => stopping.abort(),
  };
}

test("the list of jobs is what the topic says, though nobody asked for the list", async () => {
  const core = following({
    jobs: [
      [
        { type: "snapshot", seq: 0, jobs: [job("a")] },
        { type: "change", seq: 1, job: job("a", "paused") },
      ],
    ],
  });
  await vi.advanceTimersByTimeAsync(10);
  expect(core.jobs()?.map(({ id, state }) => [id, state])).toEqual([["a", "paused"]]);
  core.stop();
});

test("a job that moves leaves documents alone; one that ended makes them be read again", async () => {
  const moving = following({ jobs: [[{ type: "change", seq: 0, job: job("a") }]] });
  await vi.advanceTimersByTimeAsync(10);
  expect(moving.invalidated()).toEqual([]);
  moving.stop();
  const ended = following({ jobs: [[{ type: "change", seq: 0, job: job("a", "done") }]] });
  await vi.advanceTimersByTimeAsync(10);
  expect(ended.invalidated().some((key) => key.includes("knowledge"))).toBe(true);
  expect(ended.invalidated().some((key) => key.includes("chat"))).toBe(false);
  ended.stop();
});

test("events are followed from the last one that was heard, so none between two connections is missed", async () => {
  const core = following({
    events: [
      [
        { seq: 41, kind: "run.started" },
        { seq: 42, kind: "run.ended" },
      ],
    ],
  });
  await vi.advanceTimersByTimeAsync(600);
  expect(core.asked("system.events").slice(0, 2)).toEqual([{}, { since: 42 }]);
  core.stop();
});

test("a topic that ends is followed again, with a pause: a core that is down is not hammered", async () => {
  const core = following({});
  await vi.advanceTimersByTimeAsync(5100);
  const times = core.asked("jobs.watch").length;
  expect(times).toBeGreaterThan(5);
  expect(times).toBeLessThanOrEqual(11);
  core.stop();
});

test("a window that stopped following asks no more", async () => {
  const core = following({});
  await vi.advanceTimersByTimeAsync(10);
  core.stop();
  await vi.advanceTimersByTimeAsync(600);
  const before = core.asked("jobs.watch").length;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(core.asked("jobs.watch")).toHaveLength(before);
});

test("only an event's first word decides what is read again, whatever sign follows it", () => {
  for (const kind of ["document.indexed", "document-indexed", "document:indexed", "document"])
    expect(partsOf({ kind })).toEqual(["knowledge", "reading"]);
  expect(partsOf({ kind: "model.removed" })).toEqual(["models", "system"]);
  expect(partsOf({ kind: "settings.changed" })).toContain("settings");
});

test.each(["", ".", "documents", "Document.indexed"])("the unknown kind %s makes everything be read again rather than nothing", (kind) => {
  expect(partsOf({ kind })).toEqual(expect.arrayContaining(["knowledge", "reading", "chat", "models", "settings", "system"]));
});

test("a job is over in exactly the three states that it never leaves by itself", () => {
  expect(jobStates.filter((state) => isOver({ state }))).toEqual(["done", "failed", "cancelled"]);
});

test("nothing to hand on is not handed on, and what follows comes at once", () => {
  const runs: string[][] = [];
  const refresh = startedThrottle<string>(1000, (items) => runs.push([...items]));
  refresh(new Set());
  expect(runs).toEqual([]);
  refresh(new Set(["a"]));
  expect(runs).toEqual([["a"]]);
});

test("a set that was handed on does not change behind the back of who took it", () => {
  const runs: ReadonlySet<string>[] = [];
  const refresh = startedThrottle<string>(1000, (items) => runs.push(items));
  refresh(new Set(["a"]));
  refresh(new Set(["b"]));
  expect([...(runs[0] ?? [])]).toEqual(["a"]);
  vi.advanceTimersByTime(1000);
  expect([...(runs[1] ?? [])]).toEqual(["b"]);
});
