import { expect, test, vi } from "vitest";
import type { Job } from "../../../src/shared/contract/jobs.ts";
import { applyJobsItem, partsOf } from "../../../src/renderer/api/live.ts";
import { startedThrottle } from "../../../src/renderer/api/throttle.ts";

const job = (id: string, createdAt: number, state: Job["state"] = "running"): Job => ({
  id,
  kind: "k",
  title: id,
  state,
  progress: { done: 0, total: 0, unit: "" },
  attempts: 1,
  createdAt,
});

test("a snapshot replaces, a change replaces one, a new job comes first; rows keep their places", () => {
  const jobs = applyJobsItem([job("old", 1)], { type: "snapshot", seq: 0, jobs: [job("a", 1), job("b", 2)] });
  expect(jobs.map(({ id }) => id)).toEqual(["b", "a"]);
  const changed = applyJobsItem(jobs, { type: "change", seq: 1, job: job("a", 1, "done") });
  expect(changed.map(({ id, state }) => [id, state])).toEqual([
    ["b", "running"],
    ["a", "done"],
  ]);
  expect(applyJobsItem(changed, { type: "change", seq: 2, job: job("c", 3) }).map(({ id }) => id)).toEqual(["c", "b", "a"]);
});

test("an event makes its own part untrue, and everything when nobody knows its kind", () => {
  expect(partsOf({ kind: "document.published" })).toEqual(["knowledge", "reading"]);
  expect(partsOf({ kind: "thread.changed" })).toEqual(["chat"]);
  expect(partsOf({ kind: "job.queued" })).toEqual([]);
  expect(partsOf({ kind: "something.new" })).toEqual(expect.arrayContaining(["knowledge", "chat", "models", "settings"]));
});

test("a burst becomes a first and a last refresh, and nothing is lost between", () => {
  vi.useFakeTimers();
  try {
    const runs: string[][] = [];
    const refresh = startedThrottle<string>(1000, (parts) => runs.push([...parts].sort()));
    refresh(new Set(["a"]));
    for (let n = 0; n < 1000; n += 1) refresh(new Set(["b"]));
    refresh(new Set(["c"]));
    expect(runs).toEqual([["a"]]);
    vi.advanceTimersByTime(1000);
    expect(runs).toEqual([["a"], ["b", "c"]]);
    vi.advanceTimersByTime(5000);
    expect(runs).toHaveLength(2);
    refresh(new Set(["d"]));
    expect(runs.at(-1)).toEqual(["d"]);
  } finally {
    vi.useRealTimers();
  }
});
