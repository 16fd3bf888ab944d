import { describe, expect, it } from "vitest";
import { createPace } from "../../../src/main/engines/inference/batches.ts";
import { embedTexts } from "../../../src/main/engines/inference/embed.ts";
import type { LoadedNetwork, Output } from "../../../src/main/engines/inference/load-network.ts";
import type { Encoding, LoadedTokenizer } from "../../../src/main/engines/inference/load-tokenizer.ts";
import type { OnnxModel } from "../../../src/main/engines/inference/protocol.ts";
import { rerankTexts } from "../../../src/main/engines/inference/rerank.ts";
import { createHeldDocuments } from "../../../src/main/engines/pages/held-documents.ts";
import { seeded } from "../../helpers/random-text.ts";

const model: OnnxModel = { folder: "/m", dtype: "q8", pooling: "cls", queryPrefix: "query: ", maxTokens: 32, dimensions: 4 };

/** A tokenizer of one token a character. */
const tokenizer: LoadedTokenizer = {
  padId: 0,
  encode(text, maxTokens, pair) {
    const ids = [
      ...Array.from(text, (letter) => letter.charCodeAt(0)),
      ...(pair === undefined ? [] : Array.from(pair, (letter) => letter.charCodeAt(0))),
    ];
    return { ids: ids.slice(0, maxTokens), types: ids.slice(0, maxTokens).map(() => 0), cut: ids.length > maxTokens };
  },
  countTokens: (text) => text.length,
  dispose: async () => {},
};

type Answer = (rows: Encoding[], length: number) => Map<string, Output>;
/** A network that keeps what it was given. */
function network(answer: Answer, msPerToken = 0.5): { network: LoadedNetwork; calls: Encoding[][] } {
  const calls: Encoding[][] = [];
  const pace = createPace();
  return {
    calls,
    network: {
      pace,
      async run(rows) {
        calls.push(rows);
        const length = Math.max(...rows.map(({ ids }) => ids.length));
        pace.measured(rows.length * length, rows.length * length * msPerToken);
        return answer(rows, length);
      },
      dispose: async () => {},
    },
  };
}
/** The state of a row's first token tells which text it was: its first character and its length. */
const states: Answer = (rows, length) => {
  const data = new Float32Array(rows.length * length * 4);
  rows.forEach(({ ids }, row) => data.set([ids[0] ?? 0, ids.length, 0, 0], row * length * 4));
  return new Map([["last_hidden_state", { data, shape: [rows.length, length, 4] }]]);
};
const checkpoint = async () => {};

describe("embedding in batches", () => {
  // Catches: a vector that is given to another text: they are sorted by length on their way.
  it("gives every text its own vector, whatever their lengths and order", async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = seeded(seed);
      const texts = Array.from({ length: Math.floor(random() * 60) }, () =>
        String.fromCharCode(97 + Math.floor(random() * 26)).repeat(1 + Math.floor(random() * 40)),
      );
      const { network: loaded } = network(states, random() * 3);
      const { vectors, truncated } = await embedTexts({ tokenizer, network: loaded, model, texts, kind: "passage", checkpoint });
      expect(vectors).toHaveLength(texts.length * 4);
      texts.forEach((text, index) => {
        const [first, length] = [text.charCodeAt(0), Math.min(32, text.length)];
        const norm = Math.hypot(first, length);
        expect(vectors[index * 4]).toBeCloseTo(first / norm, 5);
        expect(vectors[index * 4 + 1]).toBeCloseTo(length / norm, 5);
      });
      expect(truncated.toSorted((a, b) => a - b)).toEqual(texts.flatMap((text, index) => (text.length > 32 ? [index] : [])));
    }
  });

  // Catches: a call of seconds that no cancel can interrupt, and texts that are computed twice or not at all.
  it("computes each text once, in calls that the measured speed bounds", async () => {
    const { network: loaded, calls } = network(states, 2);
    const texts = Array.from({ length: 100 }, (_, index) => "x".repeat(1 + (index % 30)));
    await embedTexts({ tokenizer, network: loaded, model, texts, kind: "passage", checkpoint });
    expect(calls.flat()).toHaveLength(100);
    // 80 ms at 2 ms a token; the first call is made before anything was measured.
    for (const rows of calls.slice(1)) expect(rows.length * Math.max(...rows.map(({ ids }) => ids.length))).toBeLessThanOrEqual(40);
  });

  it("puts the prefix before queries alone", async () => {
    const { network: loaded, calls } = network(states);
    await embedTexts({ tokenizer, network: loaded, model, texts: ["a"], kind: "query", checkpoint });
    await embedTexts({ tokenizer, network: loaded, model, texts: ["a"], kind: "passage", checkpoint });
    expect(calls.map(([row]) => String.fromCharCode(...(row?.ids ?? [])))).toEqual(["query: a", "a"]);
  });

  // Catches: a cancel that is heard only at the end of a folder.
  it("stops at each of its checkpoints", async () => {
    for (let stopAt = 1; stopAt <= 6; stopAt += 1) {
      let passed = 0;
      const { network: loaded, calls } = network(states, 4);
      const stopping = async () => {
        passed += 1;
        if (passed === stopAt) throw new DOMException("no", "AbortError");
      };
      const texts = Array.from({ length: 64 }, () => "x".repeat(20));
      await expect(embedTexts({ tokenizer, network: loaded, model, texts, kind: "passage", checkpoint: stopping })).rejects.toMatchObject({
        name: "AbortError",
      });
      // Two of the checkpoints lie in the tokenizing of 64 texts.
      expect(calls.length).toBe(Math.max(0, stopAt - 3));
    }
  });

  // Catches: nonsense of a broken model that is written into the index, where nobody would look for it.
  it.each<[string, Answer]>([
    ["no states", () => new Map()],
    [
      "states of two dimensions",
      (rows) => new Map([["last_hidden_state", { data: new Float32Array(rows.length * 4), shape: [rows.length, 4] }]]),
    ],
    [
      "states of another width",
      (rows, length) =>
        new Map([["last_hidden_state", { data: new Float32Array(rows.length * length * 8).fill(1), shape: [rows.length, length, 8] }]]),
    ],
    [
      "what is no number",
      (rows, length) =>
        new Map([
          ["last_hidden_state", { data: new Float32Array(rows.length * length * 4).fill(Number.NaN), shape: [rows.length, length, 4] }],
        ]),
    ],
    [
      "zeros alone",
      (rows, length) =>
        new Map([["last_hidden_state", { data: new Float32Array(rows.length * length * 4), shape: [rows.length, length, 4] }]]),
    ],
  ])("refuses a model that gives %s", async (_what, answer) => {
    const embedding = embedTexts({ tokenizer, network: network(answer).network, model, texts: ["a", "b"], kind: "passage", checkpoint });
    await expect(embedding).rejects.toMatchObject({
      code: "MODEL_INVALID",
      hint: expect.stringContaining("models page"),
      data: { folder: "/m" },
    });
  });

  it.each(["token_embeddings", "whatever_it_is_called"])("finds the states under the name %s", async (name) => {
    const renamed: Answer = (rows, length) => new Map([...states(rows, length).values()].map((output) => [name, output]));
    const { vectors } = await embedTexts({
      tokenizer,
      network: network(renamed).network,
      model,
      texts: ["a"],
      kind: "passage",
      checkpoint,
    });
    expect(vectors[0]).toBeGreaterThan(0);
  });
});

describe("reranking in batches", () => {
  const judge: Answer = (rows) =>
    new Map([["logits", { data: Float32Array.from(rows, ({ ids }) => (ids.at(-1) ?? 0) - 110), shape: [rows.length, 1] }]]);
  const rerank = (answer: Answer, texts: string[], budgetMs = 1e9) =>
    rerankTexts({ tokenizer, network: network(answer).network, model, query: "q", texts, budgetMs, checkpoint });

  it("scores every pair in the order given, from 0 to 1", async () => {
    const texts = Array.from({ length: 50 }, (_, index) => String.fromCharCode(97 + (index % 26)));
    const scores = await rerank(judge, texts);
    scores.forEach((score, index) => expect(score).toBeCloseTo(1 / (1 + Math.exp(-((texts[index]?.charCodeAt(0) ?? 0) - 110))), 5));
  });

  it("takes the second of two numbers for the chance that it fits", async () => {
    const two: Answer = (rows) => new Map([["logits", { data: Float32Array.from(rows.flatMap(() => [1, 3])), shape: [rows.length, 2] }]]);
    expect((await rerank(two, ["a", "b"])).map((score) => score?.toFixed(4))).toEqual(["0.8808", "0.8808"]);
  });

  it("without any time left scores the first batch, and leaves the rest", async () => {
    const scores = await rerank(
      judge,
      Array.from({ length: 400 }, () => "some text"),
      0,
    );
    const first = scores.indexOf(null);
    expect(first).toBeGreaterThan(0);
    expect(scores.slice(first).every((score) => score === null)).toBe(true);
  });

  it("of nothing is nothing", async () => expect(await rerank(judge, [])).toEqual([]));

  it.each<[string, Answer]>([
    ["no scores", () => new Map()],
    ["scores of other pairs", () => new Map([["logits", { data: new Float32Array(1), shape: [1, 1] }]])],
    [
      "what is no number",
      (rows) => new Map([["logits", { data: new Float32Array(rows.length).fill(Number.NaN), shape: [rows.length, 1] }]]),
    ],
  ])("refuses a model that gives %s", async (_what, answer) => {
    await expect(rerank(answer, ["a", "b", "c"])).rejects.toMatchObject({ code: "MODEL_INVALID" });
  });
});

describe("documents that are held open", () => {
  const staying = new AbortController().signal;
  function fixture(capacity: number) {
    const events: string[] = [];
    const held = createHeldDocuments<string>(capacity, async (document) => void events.push(`close ${document}`));
    const use = <T>(key: string, work: (document: string) => Promise<T>) =>
      held.use(key, async () => (events.push(`open ${key}`), key), work, staying);
    return { held, events, use, look: (key: string) => use(key, async (document) => document) };
  }
  const turn = () => new Promise<void>((done) => void setImmediate(done));

  it("are opened once, and the one looked at longest ago gives way", async () => {
    const { events, look } = fixture(2);
    for (const key of ["a", "b", "a", "c", "a"]) expect(await look(key)).toBe(key);
    await turn();
    expect(events).toEqual(["open a", "open b", "open c", "close b"]);
  });

  // Catches: a document that is closed under a page that is being drawn.
  it("are not closed while they are used", async () => {
    const { events, use, look, held } = fixture(1);
    const gate = Promise.withResolvers<void>();
    const using = use("a", () => gate.promise);
    await look("b");
    await turn();
    expect(events).toEqual(["open a", "open b"]);
    const closing = held.closeAll();
    gate.resolve();
    await using;
    await closing;
    await turn();
    expect(events.toSorted()).toEqual(["close a", "close b", "open a", "open b"]);
  });

  // Catches: a damaged file that is remembered as it was, though it has been mended since.
  it("are forgotten when they cannot be opened, or a page of them failed", async () => {
    const { events, held, use, look } = fixture(2);
    await expect(
      held.use(
        "x",
        () => Promise.reject(new Error("damaged")),
        async () => "",
        staying,
      ),
    ).rejects.toThrow("damaged");
    expect(await look("x")).toBe("x");
    await expect(use("x", () => Promise.reject(new Error("a bad page")))).rejects.toThrow("a bad page");
    await turn();
    expect(events).toEqual(["open x", "close x"]);
    await look("x");
    expect(events.filter((event) => event === "open x")).toHaveLength(2);
  });

  it("used by two at once are one document", async () => {
    const { events, look } = fixture(1);
    await Promise.all([look("a"), look("a"), look("a")]);
    expect(events).toEqual(["open a"]);
  });
});
