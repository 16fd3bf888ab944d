import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { fakeHost } from "../../../src/main/engines/fakes/fake-host.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import type { EmbedInput, InferenceProtocol, OnnxModel, RerankInput } from "../../../src/main/engines/inference/protocol.ts";
import type { EngineHost } from "../../../src/main/engines/engine.ts";
import type { Hit, QueryInput, SearchProtocol } from "../../../src/main/engines/search/protocol.ts";
import { createCollectionStore } from "../../../src/main/features/knowledge/collections/collection-store.ts";
import { createDocumentStore } from "../../../src/main/features/knowledge/documents/document-store.ts";
import { createEmbedding } from "../../../src/main/features/knowledge/indexing/embedding.ts";
import { createSearch } from "../../../src/main/features/knowledge/search/search.ts";
import { SearchRequest } from "../../../src/shared/contract/search.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const model: OnnxModel = { folder: "/m", dtype: "q8", pooling: "cls", queryPrefix: "", maxTokens: 512, dimensions: 8 };
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

type Scores = (input: RerankInput) => { scores: (number | null)[]; loadMs: number };

/** A search over a real croft.db; the index answers with the hits that the test gave. */
function setUp(options: { reranker?: Scores; hits?: (keys: number[]) => Hit[]; during?: () => void } = {}) {
  const truth = temporaryTruth();
  const collections = createCollectionStore(truth);
  const documents = createDocumentStore(truth);
  const queries: QueryInput[] = [];
  const embedded: EmbedInput[] = [];
  const reranked: RerankInput[] = [];
  const placed: number[][] = [];
  const keys: number[] = [];
  const clock = { ms: 0 };
  const order = options.hits ?? ((all: number[]) => all.map((key, index) => hit(key, index + 1)));

  const search = fakeHost<SearchProtocol>("search", async () => ({
    methods: {
      ...unasked(["put", "remove", "erase", "present", "sweep", "forget", "stats"]),
      query: async (input) => {
        queries.push(input);
        options.during?.();
        return { hits: order(keys), matched: 77, keywordWeight: 0.5, timings: { keywordMs: 3, vectorMs: 5, fuseMs: 1 } };
      },
    },
    dispose: async () => {},
  }));
  const engine = createFakeInference();
  const inference = {
    ...engine,
    async call(method: keyof InferenceProtocol, input: unknown, more: object) {
      if (method === "embed") embedded.push(input as EmbedInput);
      if (method !== "rerank") return engine.call(method, input as never, more);
      reranked.push(input as RerankInput);
      return options.reranker?.(input as RerankInput);
    },
  } as EngineHost<InferenceProtocol>;
  const find = createSearch({
    collections,
    documents,
    search,
    inference,
    embedding: createEmbedding({
      inference,
      threads: () => 1,
      async resolveOnnx(id) {
        if (id === "local:gone") throw new AppError("MODEL_MISSING", "Not installed.");
        return model;
      },
    }),
    text: documents.text,
    boxes: (_, start, end) => {
      placed.push([start, end]);
      return { page: 2, boxes: [[1, 2, 3, 4]] };
    },
    reranker: async () => (options.reranker ? { ...model, folder: "/reranker" } : undefined),
    threads: () => 2,
    onEvents: truth.onEvents,
    now: () => clock.ms,
  });

  /** Publishes a document of one chunk a text; `page` where its format has pages. */
  function add(collection: string, title: string, texts: string[], more: { page?: number; language?: string } = {}): string {
    const { id: collectionId } = collections.find(collection) ?? collections.create(collection, `local:${collection}`);
    const text = texts.join("\n");
    const id = documents.begin({
      contentHash: sha256(title + text),
      title,
      type: "txt",
      bytes: text.length,
      metadata: {},
      warnings: [],
      language: more.language,
    });
    documents.storeText(id, sha256(text), text);
    let at = 0;
    for (const [index, piece] of texts.entries()) {
      const chunk = {
        start: at,
        end: at + piece.length,
        tokens: 1,
        heading: index === 0 ? "" : `Part ${index}`,
        section: { start: 0, end: text.length },
      };
      keys.push(...documents.storeChunks(id, sha256(text), [{ ...chunk, ...(more.page ? { page: more.page } : {}) }], index));
      at += piece.length + 1;
    }
    documents.publish({ id, embedder: "e", collectionId, path: `/docs/${collection}/${title}` });
    return id;
  }
  const ask = (more: Partial<SearchRequest> = {}) => find(SearchRequest.parse({ query: "lamp oil", rerank: false, ...more }));
  return { add, ask, find, collections, documents, queries, embedded, reranked, placed, keys, clock, truth };
}

const hit = (key: number, rank: number): Hit => ({
  key,
  score: 1 / rank,
  keyword: { rank, score: 10 - rank },
  vector: rank % 2 === 0 ? null : { rank, score: 0.5 },
});

function unasked<Name extends string>(names: Name[]): Record<Name, () => Promise<never>> {
  return Object.fromEntries(names.map((name) => [name, () => Promise.reject(new Error(`${name} was called.`))])) as Record<
    Name,
    () => Promise<never>
  >;
}

describe("a search", () => {
  // Catches passages that are not what is stored, so that a citation would point beside its quote.
  it("gives passages that are exact slices of the stored text, ranked from one, with their document and section", async () => {
    const { add, ask } = setUp();
    const id = add("a", "Lamps", ["Lamp oil is yellow.", "It burns."], { language: "en" });
    const { passages, matched } = await ask();
    expect(passages).toMatchObject([
      { rank: 1, text: "Lamp oil is yellow.", document: { id, title: "Lamps", path: "/docs/a/Lamps" }, language: "en" },
      { rank: 2, text: "It burns.", chunk: { start: 20, end: 29, heading: "Part 1" }, section: { start: 0, end: 29 } },
    ]);
    expect(passages[0]?.chunk).not.toHaveProperty("heading");
    expect(matched).toBe(77);
  });

  // Catches a page and boxes for formats that have none, and pages that have none where there are some.
  it("places on the page what has pages, and nothing else", async () => {
    const { add, ask, placed } = setUp();
    add("a", "Plain", ["No pages."]);
    add("a", "Paged", ["On a page."], { page: 2 });
    const { passages } = await ask();
    expect(passages.map(({ chunk }) => chunk.page)).toEqual([undefined, 2]);
    expect(placed).toEqual([[0, 10]]);
  });

  // Catches a question that is embedded once a collection, or vectors of one model compared with those of another.
  it("embeds once for each embedder in play, whatever the number of collections", async () => {
    const { collections, add, ask, queries, embedded } = setUp();
    collections.create("a", "local:one");
    collections.create("b", "local:one");
    collections.create("c", "local:two");
    add("a", "A", ["text"]);
    await ask({ collections: ["a", "b", "c"], mode: "vector" });
    expect(embedded.map(({ kind, texts }) => [kind, texts])).toEqual([
      ["query", ["lamp oil"]],
      ["query", ["lamp oil"]],
    ]);
    expect(queries[0]?.vectors.map(({ embedder }) => embedder.split("#")[0])).toEqual(["local:one", "local:two"]);
  });

  // Catches keyword search that needs a model: it must work before any is installed.
  it("by keywords embeds nothing, even where the embedder is gone", async () => {
    const { collections, add, ask, embedded, queries } = setUp();
    collections.create("a", "local:gone");
    add("a", "A", ["text"]);
    expect((await ask({ mode: "keyword", rerank: true })).passages).toHaveLength(1);
    expect(embedded).toEqual([]);
    expect(queries[0]).toMatchObject({ mode: "keyword", vectors: [] });
  });

  // Catches names handed to the index, which knows ids only, and one collection searched twice for two of its names.
  it("names collections to the index by id, each once, and with the filter as given", async () => {
    const { add, ask, queries, collections } = setUp();
    add("Notes", "A", ["text"]);
    const { id } = collections.get("notes");
    const filter = { path: "reports/**", types: ["pdf"], after: 5 };
    await ask({ collections: ["notes", id, "NOTES"], filter });
    expect(queries[0]).toMatchObject({ collections: [id], filter });
    await ask();
    expect(queries[1]).not.toHaveProperty("filter");
  });

  // Catches a limit that bounds the candidates too: fusion of ten is no fusion.
  it("takes more candidates than it shows", async () => {
    const { add, ask, queries } = setUp();
    add("a", "A", ["one", "two", "three"]);
    expect((await ask({ limit: 2 })).passages).toHaveLength(2);
    expect(queries[0]).toMatchObject({ limit: 30, candidates: 100 });
    await ask({ limit: 500 });
    expect(queries[1]).toMatchObject({ limit: 500, candidates: 500 });
  });

  // Catches a deleted document that is shown once more because the index did not know of it yet, and a gap in the ranks.
  it("leaves out what was removed between the index and the text, without a gap in the ranks", async () => {
    const { add, ask, documents, collections } = setUp();
    const gone = add("a", "Gone", ["gone text"]);
    add("a", "Kept", ["kept text"]);
    documents.remove(collections.get("a").id, gone);
    expect((await ask()).passages).toMatchObject([{ rank: 1, document: { title: "Kept" } }]);
    documents.deleteSome(100);
    expect((await ask()).passages).toHaveLength(1);
  });

  // Catches a passage of a collection that nobody asked for, should the index ever give one.
  it("shows nothing of other collections, whatever the index says", async () => {
    const { add, ask } = setUp();
    add("a", "A", ["text a"]);
    add("b", "B", ["text b"]);
    expect((await ask({ collections: ["b"] })).passages.map(({ document }) => document.title)).toEqual(["B"]);
  });

  // Catches a document shown with the path that it has in a collection that was not asked.
  it("shows a document of two collections with its path in the one that was asked", async () => {
    const { add, ask, documents, collections } = setUp();
    const id = add("a", "Shared", ["text"]);
    const other = collections.create("b", "local:b");
    documents.publish({ id, embedder: "e", collectionId: other.id, path: "/elsewhere/shared.txt" });
    expect((await ask({ collections: ["b"] })).passages[0]?.document.path).toBe("/elsewhere/shared.txt");
    expect((await ask({ collections: ["a"] })).passages[0]?.document.path).toBe("/docs/a/Shared");
  });

  // Catches an unknown name that is searched as "all collections".
  it("of an unknown collection is refused before anything is computed", async () => {
    const { add, ask, queries, embedded } = setUp();
    add("a", "A", ["text"]);
    await expect(ask({ collections: ["a", "nope"] })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect([queries.length, embedded.length]).toEqual([0, 0]);
  });

  // Catches a stopped search that is computed to its end.
  it("ends when it is aborted", async () => {
    const { add, find } = setUp();
    add("a", "A", ["text"]);
    await expect(find(SearchRequest.parse({ query: "q" }), AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("the legs of a search", () => {
  // Catches an explanation that is always there (it triples the reply), or that invents a leg which found nothing.
  it("are told when asked for, null where a leg found nothing", async () => {
    const { add, ask } = setUp();
    add("a", "A", ["one", "two"]);
    expect((await ask()).passages[0]).not.toHaveProperty("legs");
    expect((await ask({ explain: true })).passages.map(({ legs }) => legs)).toMatchObject([
      { keyword: { rank: 1, score: 9 }, vector: { rank: 1, score: 0.5 }, rerank: null, fused: { rank: 1 } },
      { keyword: { rank: 2, score: 8 }, vector: null, rerank: null, fused: { rank: 2 } },
    ]);
  });

  // Catches a total that is not one, or legs whose time is lost.
  it("are timed each", async () => {
    const { add, ask } = setUp({ reranker: ({ texts }) => ({ scores: texts.map(() => 0.5), loadMs: 0 }) });
    add("a", "A", ["one"]);
    const { timings } = await ask({ rerank: true });
    expect(timings).toMatchObject({ keyword: 3, vector: 5, load: 0 });
    for (const value of Object.values(timings)) expect(value).toBeGreaterThanOrEqual(0);
    expect(timings.total).toBeGreaterThanOrEqual(timings.embed + timings.rerank);
  });
});

describe("reranking", () => {
  const backwards: Scores = ({ texts }) => ({ scores: texts.map((_, index) => (index + 1) / 100), loadMs: 0 });

  // Catches a reranker whose scores are shown in the old order, or ranks that do not follow the scores.
  it("puts what the cross-encoder prefers first, with its score and rank in the legs", async () => {
    const { add, ask, reranked } = setUp({ reranker: backwards });
    add("a", "A", ["one", "two", "three"]);
    const { passages } = await ask({ rerank: true, explain: true });
    expect(passages.map(({ text, rank, score }) => [text, rank, score])).toEqual([
      ["three", 1, 0.03],
      ["two", 2, 0.02],
      ["one", 3, 0.01],
    ]);
    expect(passages[0]?.legs).toMatchObject({ keyword: { rank: 3 }, rerank: { rank: 1, score: 0.03 }, fused: { rank: 3 } });
    expect(reranked[0]).toMatchObject({ query: "lamp oil", texts: ["one", "two", "three"], threads: 2 });
  });

  // Catches reordering that sees only what would have been shown anyway.
  it("may lift what would not have been shown", async () => {
    const { add, ask } = setUp({ reranker: backwards });
    add("a", "A", ["one", "two", "three"]);
    expect((await ask({ rerank: true, limit: 1 })).passages.map(({ text }) => text)).toEqual(["three"]);
  });

  // Catches hundreds of pairs given to a cross-encoder that manages a few dozen in its time.
  it("is asked about thirty at most", async () => {
    const { add, ask, reranked } = setUp({ reranker: backwards });
    add(
      "a",
      "A",
      Array.from({ length: 40 }, (_, index) => `text ${index}`),
    );
    const { passages } = await ask({ rerank: true, limit: 40 });
    expect(reranked[0]?.texts).toHaveLength(30);
    expect(new Set(passages.map(({ text }) => text)).size).toBe(40);
  });

  // Catches what its time did not reach: scored far above what it did, which the choice of evidence would then prefer.
  it("that runs out of time leaves the rest behind in their order, and scores never rise down the list", async () => {
    const { add, ask } = setUp({ reranker: () => ({ scores: [0.001, 0.2, null, null], loadMs: 0 }) });
    add("a", "A", ["one", "two", "three", "four"]);
    const { passages } = await ask({ rerank: true, explain: true });
    expect(passages.map(({ text }) => text)).toEqual(["two", "one", "three", "four"]);
    expect(passages.map(({ legs }) => legs?.rerank?.rank ?? null)).toEqual([1, 2, null, null]);
    const scores = passages.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  // Catches an order made up where nothing was scored at all.
  it("that reached nothing changes nothing", async () => {
    const { add, ask } = setUp({ reranker: ({ texts }) => ({ scores: texts.map(() => null), loadMs: 40 }) });
    add("a", "A", ["one", "two"]);
    const { passages, timings } = await ask({ rerank: true });
    expect(passages.map(({ text, score }) => [text, score])).toEqual([
      ["one", 1],
      ["two", 0.5],
    ]);
    expect(timings.load).toBe(40);
  });

  // Catches a cross-encoder that is asked where the person wanted one leg alone, or nothing was found.
  it("is done in hybrid mode only, when wanted, and not for nothing", async () => {
    const { add, ask, reranked, keys } = setUp({ reranker: backwards });
    add("a", "A", ["one"]);
    await ask({ rerank: true, mode: "keyword" });
    await ask({ rerank: true, mode: "vector" });
    await ask({ rerank: false });
    keys.length = 0;
    expect((await ask({ rerank: true })).passages).toEqual([]);
    expect(reranked).toEqual([]);
  });
});

describe("collections whose embedding model is gone", () => {
  // Catches one missing model that takes the search of everything else down with it.
  it("are searched by their words beside the others, and named", async () => {
    const { collections, add, ask, queries } = setUp();
    collections.create("old papers", "local:gone");
    add("old papers", "A", ["text"]);
    add("b", "B", ["other"]);
    const { passages, wordsOnly } = await ask();
    expect(passages.map(({ text }) => text).toSorted()).toEqual(["other", "text"]);
    expect(wordsOnly).toEqual(["old papers"]);
    expect(queries[0]?.vectors).toHaveLength(1);
    expect(queries[0]?.collections).toHaveLength(2);
    expect((await ask({ collections: ["b"] })).wordsOnly).toEqual([]);
  });

  // Catches a first start without any model at which nothing is found of what was indexed before.
  it("are searched by their words alone where there is no other, and refused only where vectors alone were wanted", async () => {
    const { collections, add, ask } = setUp();
    collections.create("a", "local:gone");
    add("a", "A", ["text"]);
    expect(await ask()).toMatchObject({ wordsOnly: ["a"], passages: [{ text: "text" }] });
    await expect(ask({ mode: "vector" })).rejects.toMatchObject({ code: "MODEL_MISSING" });
  });

  // Catches an answer by words that stays after the model was installed again.
  it("are not answered from memory", async () => {
    const { collections, add, ask, queries } = setUp();
    collections.create("a", "local:gone");
    add("a", "A", ["text"]);
    add("b", "B", ["other"]);
    await ask();
    await ask();
    expect(queries).toHaveLength(2);
  });
});

describe("a repeated search", () => {
  // Catches a cache that computes all the same, or loses the legs that --explain shows.
  it("is answered from memory, the same in all but the times", async () => {
    const { add, ask, queries, embedded } = setUp();
    add("a", "A", ["one", "two"]);
    const { timings: _, ...first } = await ask({ explain: true });
    const { timings, ...second } = await ask({ explain: true });
    expect(second).toEqual(first);
    expect(second.passages[0]?.legs).toBeDefined();
    expect([timings.embed, timings.keyword, timings.vector]).toEqual([0, 0, 0]);
    expect([queries.length, embedded.length]).toEqual([1, 1]);
  });

  // Catches a key that leaves out what the answer depends on.
  it("is another one with other words, mode, filter, limit, legs, collections or reranking", async () => {
    const { add, ask, queries } = setUp({ reranker: ({ texts }) => ({ scores: texts.map(() => 1), loadMs: 0 }) });
    add("a", "A", ["one", "two"]);
    add("b", "B", ["three"]);
    const asked: Partial<SearchRequest>[] = [
      {},
      { query: "lamp" },
      { mode: "vector" },
      { filter: { types: ["pdf"] } },
      { filter: { types: ["txt"] } },
      { limit: 1 },
      { explain: true },
      { collections: ["a"] },
      { collections: ["b"] },
      { rerank: true },
    ];
    for (const request of asked) await ask(request);
    expect(queries).toHaveLength(asked.length);
    // However the collections are named, they are the same.
    await ask({ collections: ["b", "a"] });
    expect(queries).toHaveLength(asked.length);
  });

  // Catches a document that is published, changed or removed and does not show until Croft is started again.
  it("shows at once what was published, and no more what was removed", async () => {
    const { add, ask, documents, collections, queries } = setUp();
    add("a", "A", ["one"]);
    add("b", "B", ["two"]);
    const texts = async (name: string) => (await ask({ collections: [name] })).passages.map(({ text }) => text);
    expect(await texts("a")).toEqual(["one"]);
    expect(await texts("b")).toEqual(["two"]);
    const id = add("a", "C", ["new"]);
    expect(await texts("a")).toEqual(["one", "new"]);
    // What was published elsewhere changes nothing here.
    expect(await texts("b")).toEqual(["two"]);
    expect(queries).toHaveLength(3);
    documents.remove(collections.get("a").id, id);
    expect(await texts("a")).toEqual(["one"]);
  });

  // Catches an answer read before a change that is kept after it.
  it("is not kept when something changed while it was read", async () => {
    let change = () => {};
    const { add, ask, queries, truth } = setUp({ during: () => change() });
    add("a", "A", ["one"]);
    change = () => truth.transact((transaction) => transaction.event("collection.changed", "a"));
    await ask();
    change = () => {};
    await ask();
    await ask();
    expect(queries).toHaveLength(2);
  });

  // Catches memory that grows with every question, and answers of an hour ago.
  it("is forgotten after a while, and after many others", async () => {
    const { add, ask, queries, clock } = setUp();
    add("a", "A", ["one"]);
    await ask();
    clock.ms = 61_000;
    await ask();
    expect(queries).toHaveLength(2);
    for (let index = 0; index < 100; index++) await ask({ query: `other ${index}`, mode: "keyword" });
    await ask();
    expect(queries).toHaveLength(103);
  });
});
