import { describe, expect, it } from "vitest";
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
