import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { context, dimensions, type Harness, openHarness, packed, wordVector } from "./search-harness.ts";

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(() => harness.close());

describe("put and query", () => {
  it("finds a chunk by its words, by its vector and by both, with the legs explained", async () => {
    const { keys } = await harness.add({
      collection: "a",
      title: "Boats",
      chunks: ["The ferry leaves the harbour at noon.", "Tickets are sold on board."],
    });
    await harness.add({ collection: "a", chunks: ["Bread is baked at night."] });
    for (const mode of ["keyword", "vector", "hybrid"] as const) {
      const { hits, matched } = await harness.query("when does the ferry leave", { mode });
      expect(hits[0]?.key, mode).toBe(keys[0]);
      expect(hits[0]?.keyword, mode).toEqual(
        mode === "vector" ? null : { rank: 1, score: expect.closeTo(hits[0]?.keyword?.score ?? -1, 9) },
      );
      expect(hits[0]?.vector?.rank, mode).toBe(mode === "keyword" ? undefined : 1);
      expect(matched, mode).toBeGreaterThan(0);
    }
  });

  it("orders hits by falling score and gives each chunk once", async () => {
    for (let index = 0; index < 30; index++) await harness.add({ collection: "a", chunks: [`apple ${"pear ".repeat(index % 7)}`] });
    const { hits } = await harness.query("apple pear", { limit: 30 });
    expect(new Set(hits.map(({ key }) => key)).size).toBe(hits.length);
    expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).toSorted((a, b) => b - a));
  });

  it("gives equal chunks in the order of their keys, in every mode and after a restart", async () => {
    const keys: number[] = [];
    for (let index = 0; index < 40; index++) keys.push(...(await harness.add({ collection: "a", chunks: ["the same words"] })).keys);
    for (const restart of [false, true]) {
      if (restart) await harness.restart();
      for (const mode of ["keyword", "vector", "hybrid"] as const) {
        expect(await harness.keys("same words", { mode, limit: 12, candidates: 12 }), `${mode} ${restart}`).toEqual(keys.slice(0, 12));
      }
    }
  });

  it("replaces a row that is put again: the old words and the old vector are gone", async () => {
    const { keys } = await harness.add({ collection: "a", chunks: ["walrus"] });
    await harness.query("walrus");
    await harness.index(keys, { chunks: ["zebra"] });
    expect(await harness.keys("walrus", { mode: "keyword" })).toEqual([]);
    expect(await harness.keys("zebra", { mode: "keyword" })).toEqual(keys);
    expect((await harness.query("zebra", { mode: "vector" })).hits[0]?.score).toBeCloseTo(1, 5);
    expect((await harness.engine.methods.stats({}, context())).chunks).toBe(1);
  });

  it("searches title and headings with the text", async () => {
    const { keys } = await harness.add({ collection: "a", title: "Quarterly report", chunks: ["Nothing to see."] });
    expect(await harness.keys("quarterly", { mode: "keyword" })).toEqual(keys);
  });

  it("keeps what was put when the engine is started again", async () => {
    const { keys } = await harness.add({ collection: "a", chunks: ["durable words"] });
    await harness.restart();
    expect(await harness.keys("durable")).toEqual(keys);
    expect(await harness.keys("durable", { mode: "vector" })).toEqual(keys);
  });

  it("answers a query that shares nothing with the index by keywords with nothing", async () => {
    await harness.add({ collection: "a", chunks: ["something"] });
    expect(await harness.query("qwertz", { mode: "keyword" })).toMatchObject({ hits: [], matched: 0 });
    expect((await harness.query("", { mode: "keyword" })).hits).toEqual([]);
  });

  it("keeps the vectors of two embedders apart", async () => {
    const { keys } = await harness.add({ collection: "a", chunks: ["alpha", "beta"], embedder: "words" });
    await harness.index(keys.slice(0, 1), { chunks: ["beta"], embedder: "other" });
    const ask = async (embedder: string) =>
      (await harness.query("beta", { mode: "vector", vectors: [{ embedder, vector: wordVector("beta") }] })).hits[0]?.key;
    expect(await ask("words")).toBe(keys[1]);
    expect(await ask("other")).toBe(keys[0]);
    expect((await harness.query("beta", { mode: "vector", vectors: [{ embedder: "never", vector: wordVector("beta") }] })).hits).toEqual(
      [],
    );
  });

  it("refuses vectors that are no numbers or of the wrong size, and writes nothing", async () => {
    const { keys } = harness.library.add({ collection: "a", chunks: ["word"] });
    const rows = [{ key: keys[0] ?? 0, context: "", text: "word" }];
    const put = (vectors: Float32Array, size = dimensions) =>
      harness.engine.methods.put({ embedder: "words", dimensions: size, rows, vectors }, context());
    await expect(put(new Float32Array(dimensions).fill(Number.NaN))).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(put(new Float32Array(dimensions - 1))).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect((await harness.engine.methods.stats({}, context())).chunks).toBe(0);
    await put(wordVector("word"));
    await expect(put(wordVector("word", 32), 32)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(harness.query("word", { vectors: [{ embedder: "words", vector: new Float32Array(3) }] })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });
});

describe("what may be found", () => {
  it("never finds a document before it is published, whatever of it was put", async () => {
    const { id, keys } = harness.library.begin({ chunks: ["half written"] });
    await harness.index(keys, { chunks: ["half written"] });
    expect(await harness.keys("half written")).toEqual([]);
    await harness.restart();
    expect(await harness.keys("half written")).toEqual([]);
    harness.library.publish(id, "a");
    expect(await harness.keys("half written")).toEqual(keys);
  });

  it("no longer finds a document that left its collection or was deleted, though its rows are still there", async () => {
    const first = await harness.add({ collection: "a", chunks: ["shared words"] });
    const second = await harness.add({ collection: "a", chunks: ["shared words"] });
    expect(await harness.keys("shared")).toEqual([...first.keys, ...second.keys]);
    harness.library.unlink(first.id, "a");
    expect(await harness.keys("shared")).toEqual(second.keys);
    harness.library.delete(second.id);
    expect(await harness.keys("shared")).toEqual([]);
    expect((await harness.engine.methods.stats({}, context())).chunks).toBe(2);
  });

  it("no longer finds what lay in a collection that was removed", async () => {
    await harness.add({ collection: "a", chunks: ["words here"] });
    const kept = await harness.add({ collection: "b", chunks: ["words there"] });
    await harness.query("words");
    harness.library.removeCollection("a");
    expect(await harness.keys("words")).toEqual(kept.keys);
  });

  it("filters by collection, path, type, document and date before the best are taken", async () => {
    // The ones that do not pass are nearer to the query, and more than the candidates.
    for (let index = 0; index < 60; index++)
      await harness.add({ collection: "noise", chunks: ["needle needle"], type: "txt", path: `/n/${index}.txt`, modifiedAt: 10 });
    const wanted = await harness.add({
      collection: "hay",
      chunks: ["one needle in a lot of hay"],
      type: "pdf",
      path: "/home/me/Reports/2024/a.pdf",
      modifiedAt: 5000,
    });
    const other = await harness.add({
      collection: "hay",
      chunks: ["hay and needle and hay"],
      type: "md",
      path: "/home/me/notes/b.md",
      modifiedAt: 9000,
    });
    const hay = harness.library.collection("hay");
    for (const mode of ["keyword", "vector", "hybrid"] as const) {
      const ask = (options: Parameters<Harness["keys"]>[1]) => harness.keys("needle", { mode, limit: 5, candidates: 5, ...options });
      expect((await ask({ collections: [hay] })).toSorted(), mode).toEqual([...wanted.keys, ...other.keys]);
      expect(await ask({ filter: { path: "reports/**" } }), mode).toEqual(wanted.keys);
      expect(await ask({ filter: { types: [".PDF"] } }), mode).toEqual(wanted.keys);
      expect(await ask({ filter: { documents: [other.id] } }), mode).toEqual(other.keys);
      expect(await ask({ filter: { after: 4000, before: 6000 } }), mode).toEqual(wanted.keys);
      expect(await ask({ collections: [hay], filter: { types: ["txt"] } }), mode).toEqual([]);
    }
  });

  it("takes path and collection from the same membership", async () => {
    const { id, keys } = await harness.add({ collection: "a", chunks: ["text"], path: "/in/a.txt" });
    harness.library.publish(id, "b", "/in/b.txt");
    const b = harness.library.collection("b");
    expect(await harness.keys("text", { collections: [b], filter: { path: "a.txt" } })).toEqual([]);
    expect(await harness.keys("text", { collections: [b], filter: { path: "b.txt" } })).toEqual(keys);
  });
});

describe("upkeep", () => {
  it("removes rows from full text and vectors", async () => {
    const { keys } = await harness.add({ collection: "a", chunks: ["one two", "two three", "three four"] });
    await harness.query("two");
    await harness.engine.methods.remove({ keys: keys.slice(0, 1) }, context());
    await harness.engine.methods.remove({ keys: [999_999] }, context());
    expect(await harness.keys("one two three", { mode: "keyword" })).not.toContain(keys[0]);
    expect((await harness.keys("one two three", { mode: "vector" })).toSorted()).toEqual(keys.slice(1));
    expect(await harness.engine.methods.stats({}, context())).toMatchObject({ chunks: 2, vectors: { words: 2 } });
  });

  it("tells which keys have text and a vector of an embedder", async () => {
    const { keys } = await harness.add({ collection: "a", chunks: ["one", "two"] });
    await harness.index(keys.slice(1), { chunks: ["two"], embedder: "other" });
    const present = async (embedder: string) => [...(await harness.engine.methods.present({ embedder }, context()))].toSorted();
    expect(await present("words")).toEqual(keys);
    expect(await present("other")).toEqual(keys.slice(1));
    expect(await present("never")).toEqual([]);
  });

  it("sweeps rows whose chunk is gone, and keeps those of documents that are not published yet", async () => {
    const gone = await harness.add({ collection: "a", chunks: ["gone"] });
    const pending = harness.library.begin({ chunks: ["pending"] });
    await harness.index(pending.keys, { chunks: ["pending"] });
    harness.library.delete(gone.id);
    expect(await harness.engine.methods.sweep({}, context())).toEqual({ removed: 1 });
    expect([...(await harness.engine.methods.present({ embedder: "words" }, context()))]).toEqual(pending.keys);
  });

  it("forgets an embedder and can be given it again", async () => {
    const { keys } = await harness.add({ collection: "a", chunks: ["text"] });
    await harness.query("text");
    await harness.engine.methods.forget({ embedder: "words" }, context());
    expect((await harness.query("text", { mode: "vector" })).hits).toEqual([]);
    expect(await harness.keys("text")).toEqual(keys);
    await harness.index(keys, { chunks: ["text"] });
    expect(await harness.keys("text", { mode: "vector" })).toEqual(keys);
  });
});

describe("at the same time", () => {
  it("answers queries while rows are put, and finds all of them afterwards", async () => {
    const chunks = Array.from({ length: 200 }, (_, index) => `common word${index}`);
    const { id, keys } = harness.library.begin({ chunks });
    harness.library.publish(id, "a");
    const rows = chunks.map((text, index) => ({ key: keys[index] ?? 0, context: "", text }));
    const call = context();
    const putting = harness.engine.methods.put(
      { embedder: "words", dimensions, rows, vectors: packed(chunks.map((text) => wordVector(text))) },
      call,
    );
    const answers = await Promise.all(Array.from({ length: 20 }, () => harness.query("common", { limit: 300, candidates: 300 })));
    await putting;
    expect(call.checkpoints).toBeGreaterThan(5);
    for (const { hits } of answers) expect(new Set(hits.map(({ key }) => key)).size).toBe(hits.length);
    expect((await harness.keys("common", { limit: 300, candidates: 300, mode: "vector" })).length).toBe(200);
    expect((await harness.keys("common", { limit: 300, candidates: 300, mode: "keyword" })).length).toBe(200);
  });

  it("gives a cancelled query up and answers the next one", async () => {
    const { keys } = await harness.add({ collection: "a", chunks: ["word"] });
    const controller = new AbortController();
    const input = { text: "word", mode: "hybrid" as const, vectors: [], collections: [], limit: 5, candidates: 5 };
    const first = harness.engine.methods.query(input, context(controller.signal));
    controller.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    expect(await harness.keys("word")).toEqual(keys);
  });
});
