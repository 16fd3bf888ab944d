import { describe, expect, it } from "vitest";
import type { DocumentStore, Publication } from "../../../src/main/features/knowledge/documents/document-store.ts";
import type { Embedder } from "../../../src/main/features/knowledge/indexing/embedding.ts";
import { createPutQueue, type Put } from "../../../src/main/features/knowledge/indexing/put-queue.ts";
import type { EngineHost } from "../../../src/main/engines/engine.ts";
import type { PutInput, SearchProtocol } from "../../../src/main/engines/search/protocol.ts";

const model = { folder: "/m", dtype: "q8", pooling: "cls", queryPrefix: "", maxTokens: 512, dimensions: 2 } as const;
const embedder = (key: string): Embedder => ({ id: key, key, model });

function setUp(put: (input: PutInput) => Promise<void> = async () => {}) {
  const calls: PutInput[] = [];
  const published: string[][] = [];
  const search = {
    async call(_: string, input: PutInput) {
      calls.push(input);
      await put(input);
      return null;
    },
  } as unknown as EngineHost<SearchProtocol>;
  const documents = { publish: (...all: Publication[]) => void published.push(all.map(({ id }) => id)) } as unknown as DocumentStore;
  return { put: createPutQueue({ documents, search }), calls, published };
}

const signal = new AbortController().signal;
function document(id: string, more: Partial<Put> = {}): Put {
  const key = Number(id);
  return {
    embedder: embedder("e"),
    language: "en",
    rows: [{ key, context: "", text: id }],
    vectors: new Float32Array([key, -key]),
    publication: { id, embedder: "e", collectionId: "c", path: undefined },
    ...more,
  };
}

describe("documents that are ready together", () => {
  it("are put in one call and published in one transaction, each with its own vectors", async () => {
    const { put, calls, published } = setUp();
    await Promise.all(["1", "2", "3"].map((id) => put(document(id), signal)));
    expect(calls.map(({ rows, vectors }) => [rows.map(({ key }) => key), [...vectors]])).toEqual([
      [
        [1, 2, 3],
        [1, -1, 2, -2, 3, -3],
      ],
    ]);
    expect(published).toEqual([["1", "2", "3"]]);
  });

  it("do not share a call where language or embedder differ (words would be stemmed by the wrong rules)", async () => {
    const { put, calls } = setUp();
    await Promise.all([
      put(document("1"), signal),
      put(document("2", { language: "de" }), signal),
      put(document("3", { embedder: embedder("f") }), signal),
      put(document("4"), signal),
    ]);
    expect(calls.map(({ rows }) => rows.map(({ key }) => key))).toEqual([[1, 4], [2], [3]]);
  });

  it("without text are published without a call", async () => {
    const { put, calls, published } = setUp();
    await put(document("1", { rows: [], vectors: new Float32Array() }), signal);
    expect([calls, published]).toEqual([[], [["1"]]]);
  });

  it("are not published when the index refused them, and the queue goes on", async () => {
    const { put, published } = setUp(async ({ rows }) => {
      if (rows[0]?.key === 1) throw new Error("no room");
    });
    await expect(put(document("1"), signal)).rejects.toThrow("no room");
    await put(document("2"), signal);
    expect(published).toEqual([["2"]]);
  });

  it("are not published after an abort", async () => {
    const controller = new AbortController();
    const { put, published } = setUp(async () => controller.abort(new Error("given up")));
    await expect(put(document("1"), controller.signal)).rejects.toThrow("given up");
    expect(published).toEqual([]);
  });
});
