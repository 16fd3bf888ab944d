import { describe, expect, it } from "vitest";
import { createTruth } from "../../../src/main/db/truth.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

describe("transactions and events", () => {
  it("tell listeners after the commit, with numbers that grow", () => {
    const truth = temporaryTruth();
    const heard: number[] = [];
    truth.onEvents((events) => {
      expect(truth.db.inTransaction).toBe(false);
      heard.push(...events.map(({ seq }) => seq));
    });
    truth.transact((transaction) => {
      transaction.event("a", "1");
      transaction.event("b", "2");
      expect(heard).toEqual([]);
    });
    truth.transact((transaction) => transaction.event("c", "3"));
    expect(heard).toEqual([1, 2, 3]);
    expect(truth.eventsSince(1).map(({ kind }) => kind)).toEqual(["b", "c"]);
    expect(truth.lastSeq()).toBe(3);
  });

  it("leave neither change nor event behind when the work throws", () => {
    const truth = temporaryTruth();
    const heard: unknown[] = [];
    truth.onEvents((events) => heard.push(events));
    expect(() =>
      truth.transact((transaction) => {
        truth.db.prepare("INSERT INTO collections (id, name, embedder, created_at) VALUES ('c', 'notes', 'e', 1)").run();
        transaction.event("collection.created", "c");
        throw new Error("half-way");
      }),
    ).toThrow("half-way");
    expect(heard).toEqual([]);
    expect(truth.lastSeq()).toBe(0);
    expect(truth.db.prepare("SELECT count(*) AS n FROM collections").get()).toEqual({ n: 0 });
  });

  // Catches a change that is committed and reported as failed, since somebody could not take the news of it.
  it("are kept, and told to the others, when a listener throws", () => {
    const { db, profile } = temporaryTruth();
    const faults: unknown[] = [];
    const truth = createTruth(db, profile, Date.now, (error) => faults.push(error));
    const heard: string[] = [];
    const broken = new Error("cannot take it");
    truth.onEvents(() => {
      throw broken;
    });
    truth.onEvents((events) => heard.push(...events.map(({ kind }) => kind)));
    expect(truth.transact((transaction) => (transaction.event("a", "1"), "done"))).toBe("done");
    expect(truth.jot((transaction) => (transaction.event("b", "2"), "jotted"))).toBe("jotted");
    expect(heard).toEqual(["a", "b"]);
    expect(faults).toEqual([broken, broken]);
    expect(truth.eventsSince(0).map(({ kind }) => kind)).toEqual(["a", "b"]);
  });

  it("stop telling a listener that has left", () => {
    const truth = temporaryTruth();
    const heard: unknown[] = [];
    const leave = truth.onEvents((events) => heard.push(events));
    leave();
    truth.transact((transaction) => transaction.event("a", "1"));
    expect(heard).toEqual([]);
  });

  it("put durability back after a jotted write, also when it fails", () => {
    const truth = temporaryTruth();
    expect(() =>
      truth.jot(() => {
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(truth.db.pragma("synchronous", { simple: true })).toBe(2);
  });
});
