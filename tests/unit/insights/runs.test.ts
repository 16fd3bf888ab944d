import { describe, expect, it } from "vitest";
import { createRunStore, type Run } from "../../../src/main/features/insights/index.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const run = (more: Partial<Run> = {}): Run => ({
  kind: "chat.ask",
  subject: "message",
  actor: "chat",
  origin: "model",
  pipeline: "answer-2",
  outcome: "complete",
  startedAt: 1_000,
  spans: [
    { name: "retrieval", startedAt: 1_000, durationMs: 12.5, attributes: { passages: 3, isWarm: true } },
    { name: "chat", startedAt: 1_013, durationMs: 800, attributes: { "gen_ai.request.model": "local:“odd”'; --" } },
  ],
  ...more,
});

function setUp() {
  const truth = temporaryTruth();
  const runs = createRunStore(truth);
  const count = (table: string) => truth.db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n;
  return { truth, runs, count };
}

describe("a run", () => {
  // Catches steps that belong to no run, lose their order or their attributes.
  it("is kept whole, its steps in order with their attributes", () => {
    const { truth, runs } = setUp();
    const id = runs.record(run());
    expect(truth.db.prepare("SELECT kind, subject, actor, origin, pipeline, outcome, started_at FROM runs WHERE id = ?").get(id)).toEqual({
      kind: "chat.ask",
      subject: "message",
      actor: "chat",
      origin: "model",
      pipeline: "answer-2",
      outcome: "complete",
      started_at: 1_000,
    });
    const spans = truth.db
      .prepare<[string], { name: string; started_at: number; duration_ms: number; attributes: string }>(
        "SELECT name, started_at, duration_ms, attributes FROM spans WHERE run_id = ? ORDER BY id",
      )
      .all(id);
    expect(spans.map(({ attributes, ...rest }) => ({ ...rest, attributes: JSON.parse(attributes) as unknown }))).toEqual([
      { name: "retrieval", started_at: 1_000, duration_ms: 12.5, attributes: { passages: 3, isWarm: true } },
      { name: "chat", started_at: 1_013, duration_ms: 800, attributes: { "gen_ai.request.model": "local:“odd”'; --" } },
    ]);
  });

  // Catches a run that listeners hear of before it can be read, or never.
  it("is told of once it can be read", () => {
    const { truth, runs } = setUp();
    const seen: unknown[] = [];
    truth.onEvents((events) => {
      for (const { kind, subject } of events) seen.push([kind, truth.db.prepare("SELECT outcome FROM runs WHERE id = ?").get(subject)]);
    });
    runs.record(run({ outcome: "refused" }));
    expect(seen).toEqual([["run.recorded", { outcome: "refused" }]]);
  });

  // Catches half a run: a run without the steps that could not be written.
  it("that cannot be written whole is not written at all", () => {
    const { runs, count, truth } = setUp();
    const attributes: Record<string, string | number | boolean> = {};
    Object.defineProperty(attributes, "bad", {
      enumerable: true,
      get() {
        throw new Error("no");
      },
    });
    const before = truth.lastSeq();
    expect(() => runs.record(run({ spans: [...run().spans, { name: "x", startedAt: 0, durationMs: 0, attributes }] }))).toThrowError();
    expect([count("runs"), count("spans"), truth.lastSeq()]).toEqual([0, 0, before]);
  });

  // Catches ids that collide when many runs end in one millisecond.
  it("has an id of its own, and may have no steps", () => {
    const { runs, count } = setUp();
    const ids = Array.from({ length: 50 }, () => runs.record(run({ spans: [] })));
    expect(new Set(ids).size).toBe(50);
    expect([count("runs"), count("spans")]).toEqual([50, 0]);
  });
});
