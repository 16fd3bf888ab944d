import { describe, expect, it } from "vitest";
import type { Truth } from "../../../src/main/db/truth.ts";
import { createJobStore } from "../../../src/main/jobs/job-store.ts";
import { createMailbox } from "../../../src/main/jobs/mailbox.ts";
import { Job, jobStates } from "../../../src/shared/contract/jobs.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { temporaryTruth } from "../../helpers/profile.ts";
import { seeded } from "../../helpers/random-text.ts";

/** A table of jobs whose clock a test moves. */
function open() {
  let time = 1_000_000;
  const truth: Truth = { ...temporaryTruth(), now: () => time };
  return { truth, store: createJobStore(truth), setTime: (at: number) => void (time = at), now: () => time };
}

describe("jobs as they are kept", () => {
  it("are of the contract's form in every state", () => {
    const { store } = open();
    for (const state of jobStates) {
      const { id } = store.insert("k", "a title", { path: "/x" });
      const job = store.move(
        id,
        ["queued"],
        state,
        state === "failed" ? { error: new AppError("DISK_FULL", "no room", { hint: "make some" }) } : {},
      );
      expect(Job.parse(job)).toEqual(job);
      expect(job).toMatchObject({ state, progress: { done: 0, total: 0 } });
      expect(job.error).toEqual(state === "failed" ? { code: "DISK_FULL", message: "no room", hint: "make some" } : undefined);
    }
  });

  // Catches: a state that two sides change at once, of which the later wins whatever the first had done.
  it("change only from the states that are named, and stay as they were otherwise", () => {
    const { store } = open();
    const { id } = store.insert("k", "t", {});
    store.move(id, ["queued"], "running");
    store.move(id, ["running"], "done", { result: { files: 2 } });
    for (const [from, to] of [
      [["queued"], "running"],
      [["running"], "failed"],
      [["queued", "paused"], "cancelled"],
    ] as const satisfies [Job["state"][], Job["state"]][])
      expect(() => store.move(id, [...from], to)).toThrow(expect.objectContaining({ code: "CONFLICT", data: { state: "done" } }));
    expect(store.get(id)).toMatchObject({ state: "done", result: { files: 2 } });
  });

  it("that are unknown are said to be so", () => {
    const { store } = open();
    for (const ask of [() => store.get("x"), () => store.input("x"), () => store.move("x", ["queued"], "running")])
      expect(ask).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
  });

  // Catches: a failure of the try before that is shown beside what came of the next.
  it("lose the error of an earlier try when they go on, and know when they began and ended", () => {
    const { store, setTime } = open();
    const { id } = store.insert("k", "t", {});
    setTime(2_000_000);
    store.move(id, ["queued"], "running", { attempts: 1 });
    setTime(3_000_000);
    const failed = store.move(id, ["running"], "failed", { error: new AppError("TIMEOUT", "slow") });
    expect(failed).toMatchObject({ createdAt: 1_000_000, startedAt: 2_000_000, finishedAt: 3_000_000, attempts: 1 });
    const again = store.move(id, ["failed"], "queued", { attempts: 0 });
    expect([again.error, again.finishedAt, again.attempts]).toEqual([undefined, undefined, 0]);
  });

  it("keep their input whole, and a title that is short enough to show", () => {
    const { store } = open();
    const input = { paths: ["/ä/日本", "\u0000"], nested: { deep: [1, null, true] } };
    const { id, title } = store.insert("k", "x".repeat(1_000), input);
    expect(store.input(id)).toEqual(input);
    expect(title).toHaveLength(300);
  });

  // Catches: a change that no client is told of, and one that is told of and was never made.
  it("tell of each change by an event, and of progress by none", () => {
    const { store, truth } = open();
    const before = truth.lastSeq();
    const { id } = store.insert("k", "t", {});
    store.saveProgress(id, { done: 1, total: 2, unit: "files" });
    store.move(id, ["queued"], "running");
    expect(() => store.move(id, ["queued"], "running")).toThrow();
    expect(truth.eventsSince(before, 10).map(({ kind }) => kind)).toEqual(["job.queued", "job.running"]);
    expect(store.get(id).progress).toEqual({ done: 1, total: 2, unit: "files" });
  });
});

describe("which jobs are next", () => {
  it("are those whose time has come, oldest first, and not of the kinds that wait", () => {
    const { store, setTime } = open();
    const ids = ["a", "b", "a"].map((kind, at) => {
      setTime(1_000_000 + at);
      return store.insert(kind, "t", {}).id;
    });
    const later = store.insert("a", "later", {}).id;
    store.move(later, ["queued"], "queued", { runAfter: 5_000_000 });
    expect(store.ready().map(({ id }) => id)).toEqual(ids);
    expect(store.ready(["a"]).map(({ kind }) => kind)).toEqual(["b"]);
    expect(store.ready(["a", "b"])).toEqual([]);
    expect(store.nextDue()).toBe(5_000_000);
    setTime(5_000_000);
    expect(store.ready().at(-1)?.id).toBe(later);
    expect(store.nextDue()).toBeUndefined();
  });

  // Catches: a kind whose name ends the list of those that must wait.
  it("take a kind by its whole name, whatever it holds", () => {
    const { store } = open();
    const hostile = `a"],["b', --`;
    store.insert(hostile, "t", {});
    store.insert("b", "t", {});
    expect(store.ready([hostile]).map(({ kind }) => kind)).toEqual(["b"]);
  });

  it("are listed newest first, in the states that are asked for, as many as are wanted", () => {
    const { store, setTime } = open();
    for (let at = 0; at < 9; at += 1) {
      setTime(1_000_000 + at);
      const { id } = store.insert("k", `t${at}`, {});
      if (at % 3 === 0) store.move(id, ["queued"], "paused");
    }
    expect(store.list(undefined, 3).map(({ title }) => title)).toEqual(["t8", "t7", "t6"]);
    expect(store.list(["paused"], 100).map(({ title }) => title)).toEqual(["t6", "t3", "t0"]);
    expect(store.list([], 100)).toHaveLength(9);
    expect(store.list(["done", "failed"], 100)).toEqual([]);
  });
});

describe("jobs that ran when Croft ended", () => {
  const interrupted = (attempts: number, done: number) => {
    const { store, truth } = open();
    const { id } = store.insert("k", "t", { keep: "me" });
    store.move(id, ["queued"], "running", { attempts });
    store.saveProgress(id, { done, total: 10, unit: "files" });
    // Another process, over the same table.
    const next = createJobStore(truth);
    expect(next.recover()).toBe(1);
    return { job: next.get(id), input: next.input(id), again: next.recover() };
  };

  // Catches: a job that is lost with the process, and one under which Croft can never stay open.
  it.each([
    [1, 0, "queued"],
    [4, 0, "queued"],
    [5, 0, "failed"],
    [5, 1, "queued"],
    [24, 3, "queued"],
    [25, 3, "failed"],
  ] as const)("after %s starts with %s files done they are %s", (attempts, done, state) => {
    const { job, input, again } = interrupted(attempts, done);
    expect([job.state, job.attempts, input, again]).toEqual([state, attempts, { keep: "me" }, 0]);
    if (state === "failed") expect(job.error).toMatchObject({ code: "INTERNAL", hint: expect.any(String) });
    else expect(job.progress.done).toBe(0);
  });

  it("are those that ran, and no others", () => {
    const { store } = open();
    const states = jobStates.filter((state) => state !== "running");
    const ids = states.map((state) => store.move(store.insert("k", state, {}).id, ["queued"], state).id);
    expect(store.recover()).toBe(0);
    expect(ids.map((id) => store.get(id).state)).toEqual(states);
  });
});

describe("a mailbox", () => {
  // Catches: a last change that a slow reader never sees, or sees before an earlier one.
  it("gives the newest of each key in the end, however reader and writers take turns", async () => {
    const random = seeded(17);
    for (let round = 0; round < 20; round += 1) {
      const stop = new AbortController();
      const box = createMailbox<string, number>(stop.signal);
      const last = new Map<string, number>();
      const seen = new Map<string, number[]>();
      let isLast = false;
      const reading = (async () => {
        for await (const value of box) {
          const key = `k${value % 5}`;
          seen.set(key, [...(seen.get(key) ?? []), value]);
          if (random() < 0.3) await Promise.resolve();
          if (isLast && [...last].every(([name, newest]) => seen.get(name)?.at(-1) === newest)) stop.abort();
        }
      })();
      for (let value = 0; value < 200; value += 1) {
        isLast = value === 199;
        last.set(`k${value % 5}`, value);
        box.put(`k${value % 5}`, value);
        if (random() < 0.4) await Promise.resolve();
      }
      await reading;
      for (const [key, newest] of last) {
        expect(seen.get(key)?.at(-1)).toBe(newest);
        expect(seen.get(key)).toEqual([...(seen.get(key) ?? [])].sort((a, b) => a - b));
      }
    }
  });

  it("gives nothing after the signal, whatever waits", async () => {
    const stop = new AbortController();
    const box = createMailbox<string, number>(stop.signal);
    box.put("a", 1);
    stop.abort();
    for await (const value of box) throw new Error(`it gave ${value}`);
  });
});
