import { describe, expect, it } from "vitest";
import { createItemStore, LEASE_MS } from "../../../src/main/features/batch/run/item-store.ts";
import { createRunStore } from "../../../src/main/features/batch/run/run-store.ts";
import { passDelayMs } from "../../../src/main/features/batch/run/backoff.ts";
import { drawSample, shareFor, wilson } from "../../../src/main/features/batch/review/sample.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { createTruth } from "../../../src/main/db/truth.ts";
import { openDatabase } from "../../../src/main/db/open.ts";
import { temporaryFolder } from "../../helpers/profile.ts";
import { onTestFinished } from "vitest";

/** A run with three files, and a clock that a test moves. */
function openItems() {
  let time = Date.UTC(2026, 0, 1);
  const profile = temporaryFolder();
  const truth = createTruth(
    openDatabase(profile, () => time),
    profile,
    () => time,
  );
  onTestFinished(() => truth.close());
  const items = createItemStore(truth);
  const { id } = createRunStore(truth).put({
    name: "r",
    paths: ["/x"],
    recipe: { name: "invoice", version: 1 },
    model: "none",
    watch: false,
    options: { concurrency: 2, sampleShare: 0.05 },
  });
  const files = ["a", "b", "c"].map((name) => ({ path: `/x/${name}`, size: 1, modifiedAt: 1 }));
  items.note(id, files, () => true);
  return { items, run: id, files, pass: (ms: number) => void (time += ms), now: () => time };
}

describe("the queue of files", () => {
  // Catches: one file read by two workers at once.
  it("gives each file to one worker", () => {
    const { items, run } = openItems();
    const claimed = [items.claim(run, "one"), items.claim(run, "two"), items.claim(run, "one"), items.claim(run, "two")];
    expect(claimed.map((item) => item?.path)).toEqual(["/x/a", "/x/b", "/x/c", undefined]);
  });

  // Catches: a file that waits for ever for a worker that is gone, and one taken from a worker that lives.
  it("takes a file back when its worker has been silent for the length of a lease, and not before", () => {
    const { items, run, pass } = openItems();
    items.claim(run, "gone");
    items.claim(run, "alive");
    items.claim(run, "alive");
    pass(LEASE_MS - 1_000);
    items.beat("alive");
    pass(2_000);
    expect(items.claim(run, "new")).toMatchObject({ path: "/x/a", attempts: 2 });
    expect(items.claim(run, "new")).toBeUndefined();
  });

  it("frees at once what another process left, and keeps its own", () => {
    const { items, run } = openItems();
    items.claim(run, "before");
    items.claim(run, "now");
    expect(items.reclaim(run, "now")).toBe(1);
    expect(items.claim(run, "now")?.path).toBe("/x/a");
  });

  it("waits before the next try, buries with the reason, and digs up on demand", () => {
    const { items, run, pass, now } = openItems();
    const item = items.claim(run, "w");
    items.postpone(item?.id ?? "", now() + 5_000, new AppError("TIMEOUT", "slow"));
    expect([items.claim(run, "w")?.path, items.claim(run, "w")?.path, items.claim(run, "w")?.path]).toEqual(["/x/b", "/x/c", undefined]);
    expect(items.nextDue(run)).toBe(now() + 5_000);
    pass(5_000);
    const again = items.claim(run, "w");
    items.bury(again?.id ?? "", new AppError("FILE_ENCRYPTED", "locked", { data: { page: 3 } }));
    expect(items.counts(run)).toMatchObject({ dead: 1, pending: 2, files: 3 });
    expect(items.progress(run)).toEqual({ done: 1, total: 3 });
    expect(items.reasons(run)).toEqual([{ code: "FILE_ENCRYPTED", count: 1 }]);
    expect(items.revive(run, { codes: ["MODEL_MISSING"] })).toBe(0);
    expect(items.revive(run, { codes: ["FILE_ENCRYPTED"] })).toBe(1);
    expect(items.claim(run, "w")).toMatchObject({ path: "/x/a", attempts: 1 });
  });

  // Catches: a file that was being read in three crashes and is given up at its first passing fault.
  it("counts faults apart from what ended the process", () => {
    const { items, run, now } = openItems();
    for (const process of ["first", "second", "third"]) {
      items.claim(run, process);
      items.reclaim(run, "next");
    }
    const item = items.claim(run, "fourth");
    expect(item).toMatchObject({ path: "/x/a", attempts: 4, faults: 0 });
    items.postpone(item?.id ?? "", now(), new AppError("TIMEOUT", "slow"));
    expect(items.claim(run, "fourth")).toMatchObject({ path: "/x/a", attempts: 5, faults: 1 });
    items.bury(item?.id ?? "", new AppError("TIMEOUT", "slow"));
    items.revive(run, {});
    expect(items.claim(run, "fourth")).toMatchObject({ attempts: 1, faults: 0 });
  });

  // Catches: a file that is begun in every start and ended by every kill, until it is given up for kills that were none of its doing.
  it("takes first what was begun and not finished", () => {
    const { items, run } = openItems();
    const [a, b] = [items.claim(run, "killed"), items.claim(run, "killed")];
    items.done(a?.id ?? "", "key", 1);
    items.reclaim(run, "next");
    items.note(run, [{ path: "/x/0", size: 1, modifiedAt: 1 }], () => true);
    expect(items.claim(run, "next")).toMatchObject({ id: b?.id, attempts: 2 });
    expect(items.claim(run, "next")?.path).toBe("/x/0");
  });

  // Catches: a file given back on pause that slowly uses up its tries.
  it("does not count a try that was given back", () => {
    const { items, run } = openItems();
    for (let time = 0; time < 5; time += 1) items.release(items.claim(run, "w")?.id ?? "");
    expect(items.claim(run, "w")?.attempts).toBe(1);
  });

  it("reads again what changed, and what was read in another way, and leaves the rest", () => {
    const { items, run, files } = openItems();
    for (const item of [items.claim(run, "w"), items.claim(run, "w"), items.claim(run, "w")]) {
      items.setHash(item?.id ?? "", "h");
      items.done(item?.id ?? "", "key", 1);
    }
    expect(items.note(run, files, () => true)).toBe(3);
    expect(items.note(run, [{ ...files[0]!, modifiedAt: 2 }, ...files.slice(1)], () => true)).toBe(2);
    expect(items.claim(run, "w")).toMatchObject({ path: "/x/a", fileHash: undefined });
    // Another recipe: the content is known, its hash need not be computed again.
    expect(items.note(run, files.slice(1), () => false)).toBe(0);
    expect(items.claim(run, "w")).toMatchObject({ path: "/x/b", fileHash: "h" });
  });

  it("waits longer after each try, with jitter, and never longer than a minute", () => {
    expect([1, 2, 3].map((attempt) => passDelayMs(attempt, () => 1))).toEqual([1_000, 4_000, 16_000]);
    expect(passDelayMs(1, () => 0)).toBe(500);
    expect(passDelayMs(50, () => 1)).toBe(60_000);
  });
});

describe("the quality sample", () => {
  const records = (count: number, lowestSure = 0.95, type = "invoice") =>
    Array.from({ length: count }, (_, index) => ({ id: `${type}-${lowestSure}-${index}`, key: `k${index}`, part: 0, lowestSure, type }));

  // Catches: another sample at each run, or one that leaves out what is least sure.
  it("is the same whatever the order, at least five, and of every stratum", () => {
    const all = [...records(200), ...records(40, 0.7)];
    const drawn = drawSample(all, 0.05);
    expect(drawSample(all.toReversed(), 0.05)).toEqual(drawn);
    expect(drawn.size).toBe(12);
    expect([...drawn].filter((id) => id.startsWith("invoice-0.7"))).toHaveLength(2);
    expect(drawSample(records(8), 0.05).size).toBe(5);
    expect(drawSample(records(3), 0.05).size).toBe(3);
  });

  it("keeps what was drawn when documents are added", () => {
    const before = drawSample(records(100), 0.05);
    const after = drawSample(records(100), 0.1);
    expect([...before].every((id) => after.has(id))).toBe(true);
  });

  // Catches: a rare kind of document of which nobody is ever shown one.
  it("holds documents of each type, though one type is most of the run", () => {
    const drawn = [...drawSample([...records(300), ...records(6, 0.95, "letter"), ...records(2, 0.95, "receipt")], 0.05)];
    expect(["invoice", "letter", "receipt"].map((type) => drawn.filter((id) => id.startsWith(type)).length)).toEqual([15, 1, 1]);
  });

  // Catches: a sample that widens at two errors of any number, and one that widens again and again for the same errors.
  it("is as wide as the error rate surely is, up to a bound", () => {
    expect(shareFor(0, 0)).toBe(0.05);
    expect(shareFor(20, 0)).toBe(0.05);
    // Of so few nothing can be said.
    expect(shareFor(2, 2)).toBe(0.05);
    expect(shareFor(100, 1)).toBe(0.05);
    expect(shareFor(500, 2)).toBe(0.05);
    // Wilson's lower end is 5.2 % for 3 of 20: 2.6 times what is tolerated.
    expect(shareFor(20, 3)).toBeCloseTo(0.131, 3);
    expect(shareFor(20, 5)).toBeGreaterThan(shareFor(20, 3));
    expect(shareFor(200, 30)).toBeGreaterThan(shareFor(20, 3));
    expect(shareFor(20, 18)).toBe(0.4);
  });

  // Values of Wilson's interval for 1 of 10 and 0 of 10 at 95 %.
  it("gives the interval of an error rate", () => {
    expect(wilson(1, 10).low).toBeCloseTo(0.0179, 3);
    expect(wilson(1, 10).high).toBeCloseTo(0.4042, 3);
    expect(wilson(0, 10)).toMatchObject({ low: 0, high: expect.closeTo(0.2775, 3) });
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });
});
