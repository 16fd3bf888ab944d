import { describe, expect, it, vi } from "vitest";
import { AskRequest, type AskItem } from "../../../src/shared/contract/chat.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { createFakeGeneration } from "../../../src/main/engines/fakes/fake-generation.ts";
import { bagOfWords } from "../../../src/main/engines/fakes/fake-vectors.ts";
import type { GenerateInput } from "../../../src/main/engines/generation/protocol.ts";
import { type AskDeps, createAsk } from "../../../src/main/features/chat/ask.ts";
import { createAttachmentStore } from "../../../src/main/features/chat/attachments/attachment-store.ts";
import { createPresetStore } from "../../../src/main/features/chat/threads/preset-store.ts";
import { createThreadStore } from "../../../src/main/features/chat/threads/thread-store.ts";
import { createTokenCounter } from "../../../src/main/features/chat/prompt/token-counter.ts";
import { createToldHistory } from "../../../src/main/features/chat/prompt/told-history.ts";
import { createRunStore } from "../../../src/main/features/insights/index.ts";
import { localProvider } from "../../../src/main/providers/local-provider.ts";
import { passage } from "../../helpers/passages.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const kell = passage(1, "Kell Point", "The lighthouse was finished in 1874. Its lamp burned rapeseed oil. The keeper was Agnes Muir.");
const question = "Who was the keeper of the lighthouse?";
const reply = "The keeper was Agnes Muir.";

type SetUp = Partial<AskDeps> & { reply?: (input: GenerateInput) => string };

/** Answering over a real database and a model that says what the test wants; single steps can be replaced. */
function setUp({ reply: say = () => reply, ...replaced }: SetUp = {}) {
  const truth = temporaryTruth();
  const threads = createThreadStore(truth);
  const prompts: GenerateInput[] = [];
  const host = createFakeGeneration({
    reply: (input) => {
      prompts.push(input);
      return say(input);
    },
  });
  const provider = localProvider({
    host,
    resolveGguf: async (name) => ({ path: `/models/${name}`, trainContextTokens: 0 }),
    threads: () => 1,
    sequences: 2,
    contextTokens: () => 4096,
  });
  const deps: AskDeps = {
    threads,
    runs: createRunStore(truth),
    search: async () => ({
      passages: [kell],
      matched: 9,
      wordsOnly: [],
      timings: { load: 2, embed: 1, keyword: 1, vector: 1, rerank: 0, total: 4 },
    }),
    collectionIds: (named) => [...named],
    hasCollection: () => true,
    chatModel: (id, options) => provider(id, options),
    requireModel: async () => {},
    counter: createTokenCounter(),
    told: createToldHistory(),
    attachments: createAttachmentStore(truth),
    preset: createPresetStore(truth).get,
    attachmentsReady: async () => {},
    saveTrace: () => {},
    onAnswered: () => {},
    embedSentences: async () => undefined,
    boxes: () => ({ page: 3 }),
    text: () => kell.text,
    wholeDocument: () => [],
    onlyDocument: () => undefined,
    settings: { model: () => "default-model", effort: () => "normal", contextTokens: () => 4096 },
    now: truth.now,
    ...replaced,
  };
  const { ask: stream } = createAsk(deps);
  const ask = (more: Partial<AskRequest> = {}, signal?: AbortSignal) =>
    stream(AskRequest.parse({ question, collections: ["c"], ...more }), signal);
  const runs = () =>
    truth.db.prepare<[], { id: string; subject: string; outcome: string }>("SELECT id, subject, outcome FROM runs ORDER BY id").all();
  const spans = () =>
    truth.db
      .prepare<[], { run_id: string; name: string; attributes: string }>("SELECT run_id, name, attributes FROM spans ORDER BY id")
      .all();
  /** The messages of the only thread. */
  const messages = () => threads.messages(threads.list(10, undefined)[0]?.id ?? "");
  return { truth, threads, ask, runs, spans, messages, prompts };
}

/** Reads a stream until it ends or fails. */
async function read(stream: AsyncIterable<AskItem>): Promise<{ items: AskItem[]; error: unknown }> {
  const items: AskItem[] = [];
  try {
    for await (const item of stream) items.push(item);
    return { items, error: undefined };
  } catch (error) {
    return { items, error };
  }
}

const fail = (code: "ENGINE_EXITED" | "MODEL_MISSING" | "DATABASE_DAMAGED") => () => Promise.reject(new AppError(code, "It failed."));

describe("an answer that fails", () => {
  // Catches a question that is lost with its failure, an answer that stays streaming forever, and a failure without a run.
  it.each([
    ["while searching", { search: fail("ENGINE_EXITED") }, "ENGINE_EXITED", []],
    ["while embedding sentences", { embedSentences: fail("ENGINE_EXITED") }, "ENGINE_EXITED", ["sources"]],
    ["while the model is looked up", { chatModel: fail("MODEL_MISSING") }, "MODEL_MISSING", ["sources"]],
    [
      "while citations are placed",
      {
        boxes: () => {
          throw new AppError("DATABASE_DAMAGED", "It failed.");
        },
      },
      "DATABASE_DAMAGED",
      ["sources", "token"],
    ],
  ] satisfies [string, SetUp, string, string[]][])("%s keeps the question, says why, and is recorded", async (_, replaced, code, seen) => {
    const { ask, messages, runs } = setUp(replaced);
    const { items, error } = await read(ask());
    expect(error).toMatchObject({ code });
    expect([...new Set(items.map(({ type }) => type))]).toEqual(seen);
    expect(messages()).toMatchObject([
      { role: "user", text: question, state: "complete" },
      { role: "assistant", state: "failed", error: { code } },
    ]);
    expect(runs()).toMatchObject([{ subject: messages()[1]?.id, outcome: "failed" }]);
  });

  // Catches words that a person has read and that are gone because the model died after them.
  it("in the middle of the model's words keeps them", async () => {
    const { ask, messages, spans } = setUp({
      async chatModel(id) {
        const model = await localProvider({
          host: createFakeGeneration(),
          resolveGguf: async () => ({ path: "/m", trainContextTokens: 0 }),
          threads: () => 1,
          sequences: 1,
          contextTokens: () => 4096,
        })(id);
        return {
          ...model,
          generate(_, options) {
            options?.onText?.("The keeper ");
            options?.onText?.("was");
            return Promise.reject(new AppError("ENGINE_EXITED", "It died."));
          },
        };
      },
    });
    const { items, error } = await read(ask());
    expect(error).toMatchObject({ code: "ENGINE_EXITED" });
    expect(items.flatMap((item) => (item.type === "token" ? [item.text] : []))).toEqual(["The keeper ", "was"]);
    expect(messages()[1]).toMatchObject({ state: "failed", text: "The keeper was", error: { code: "ENGINE_EXITED" } });
    expect(spans().map(({ name }) => name)).toEqual(["retrieval"]);
  });

  // Catches a stack or a path in a message that people and exports see.
  it("for a cause that nobody foresaw tells no internals", async () => {
    const { ask, messages } = setUp({ search: () => Promise.reject(new TypeError("secret internals")) });
    await read(ask());
    expect(messages()[1]?.error?.code).toBe("INTERNAL");
    expect(JSON.stringify(messages())).not.toContain("secret internals");
  });

  // Catches a thread that cannot go on after a failure, or whose failure is told to the model as an answer.
  it("does not end its thread", async () => {
    let calls = 0;
    const { ask, messages, prompts, threads } = setUp({
      search: async () => {
        calls += 1;
        if (calls === 1) throw new AppError("ENGINE_EXITED", "It failed.");
        return { passages: [kell], matched: 1, wordsOnly: [], timings: { load: 0, embed: 0, keyword: 0, vector: 0, rerank: 0, total: 0 } };
      },
    });
    await read(ask());
    const thread = threads.list(1, undefined)[0]?.id;
    const { error } = await read(ask({ question: "And who was the keeper?", thread }));
    expect(error).toBeUndefined();
    expect(messages().map(({ state }) => state)).toEqual(["complete", "failed", "complete", "complete"]);
    expect(JSON.stringify(prompts)).not.toContain("It failed.");
  });

  // Catches a question to nothing that leaves an empty thread behind.
  it("before it begins leaves nothing", async () => {
    const { ask, threads, runs } = setUp({
      collectionIds: () => {
        throw new AppError("NOT_FOUND", "No such collection.");
      },
    });
    expect((await read(ask())).error).toMatchObject({ code: "NOT_FOUND" });
    expect([threads.list(10, undefined), runs()]).toEqual([[], []]);
  });
});

describe("an answer that is stopped", () => {
  // Catches a reader who left while the model writes on for nobody, and an answer that stays streaming.
  it("by a reader who leaves keeps what was shown, and the model stops", async () => {
    const { ask, messages, runs } = setUp({ reply: () => "word ".repeat(20_000) });
    for await (const item of ask({ collections: [] })) if (item.type === "token") break;
    expect(messages()[1]).toMatchObject({ state: "stopped", text: expect.stringMatching(/^word/) });
    expect(messages()[1]?.text.length).toBeLessThan(5_000);
    expect(messages()[1]).not.toHaveProperty("error");
    expect(runs()).toMatchObject([{ outcome: "stopped" }]);
  });

  // Catches a reader who leaves at the sources and has the model loaded and asked all the same.
  it("at its sources asks no model", async () => {
    const { ask, messages } = setUp({ reply: () => "word ".repeat(20_000) });
    for await (const item of ask()) if (item.type === "sources") break;
    expect(messages()[1]?.state).toBe("stopped");
    expect(messages()[1]?.text.length).toBeLessThan(5_000);
  });

  // Catches a stop during the search that counts as a failure.
  it("while searching is no failure", async () => {
    const stop = new AbortController();
    const { ask, messages, runs } = setUp({
      async search(_, signal) {
        stop.abort();
        signal?.throwIfAborted();
        throw new Error("The search went on.");
      },
    });
    expect((await read(ask({}, stop.signal))).error).toMatchObject({ name: "AbortError" });
    expect(messages()[1]).toMatchObject({ state: "stopped", text: "" });
    expect(runs()).toMatchObject([{ outcome: "stopped" }]);
  });
});

describe("threads under an answer", () => {
  // Catches a late token or the end of an answer that brings a removed thread back, or an event that tells of it.
  it("that are removed while it is written stay removed, and nothing is told of them afterwards", async () => {
    const { ask, threads, truth } = setUp({ reply: () => "word ".repeat(40) });
    let thread = "";
    for await (const item of ask({ collections: [] })) {
      if (item.type === "sources") ({ thread } = item);
      if (item.type === "token" && threads.list(1, undefined).length > 0) threads.remove(thread);
    }
    expect(truth.db.prepare("SELECT count(*) AS n FROM messages").get()).toEqual({ n: 0 });
    const kinds = truth.eventsSince(0).filter(({ subject }) => subject === thread);
    expect(kinds.at(-1)?.kind).toBe("thread.removed");
  });

  // Catches two answers that write into each other, or a tree that loses one of them.
  it("may be asked twice at once: each answer under its own question, in the order they came", async () => {
    const { ask, threads } = setUp({ reply: ({ messages }) => `Echo of ${messages.at(-1)?.text.split(" ").at(-1)}` });
    const first = await read(ask({ collections: [], question: "Say zero" }));
    const thread = first.items[0]?.type === "sources" ? first.items[0].thread : "";
    const both = await Promise.all(["Say one", "Say two"].map((text) => read(ask({ collections: [], question: text, thread }))));
    expect(both.map(({ error }) => error)).toEqual([undefined, undefined]);
    const all = threads.messages(thread);
    expect(all).toHaveLength(6);
    for (const said of ["zero", "one", "two"]) {
      const asked = all.find(({ text }) => text === `Say ${said}`);
      expect(all.find(({ parent, role }) => parent === asked?.id && role === "assistant")).toMatchObject({
        text: `Echo of ${said}`,
        state: "complete",
      });
    }
    expect(threads.path(thread, threads.get(thread).leaf)).toHaveLength(6);
  });

  // Catches an answer to an edited question that is told what the other branch said.
  it("that branch tell the model their own branch only", async () => {
    const { ask, threads, prompts } = setUp({ reply: () => "Fine." });
    const [sources] = (await read(ask({ collections: [], question: "The root" }))).items;
    const thread = sources?.type === "sources" ? sources.thread : "";
    const root = threads.get(thread).leaf ?? "";
    await read(ask({ collections: [], question: "The left", thread, parent: root }));
    await read(ask({ collections: [], question: "The right", thread, parent: root }));
    expect(prompts[2]?.messages.map(({ text }) => text)).toEqual(expect.arrayContaining(["The root", "The right"]));
    expect(JSON.stringify(prompts[2]?.messages)).not.toContain("The left");
  });
});

describe("what is recorded of an answer", () => {
  // Catches runs without steps or usage: insights would have nothing to read.
  it("are its steps, with the usage of the model", async () => {
    const { ask, runs, spans, messages } = setUp();
    const { items } = await read(ask());
    const done = items.at(-1);
    if (done?.type !== "done") throw new Error("The stream did not end well.");
    const [run] = runs();
    expect(run).toMatchObject({ subject: messages()[1]?.id, outcome: "complete" });
    expect(spans().map(({ run_id: id, name }) => [id, name])).toEqual([
      [run?.id, "retrieval"],
      [run?.id, "chat"],
    ]);
    expect(JSON.parse(spans()[0]?.attributes ?? "")).toEqual({ passages: 1, matched: 9 });
    expect(JSON.parse(spans()[1]?.attributes ?? "")).toMatchObject({
      "gen_ai.request.model": "default-model",
      "gen_ai.usage.output_tokens": done.answer.usage.completionTokens,
    });
    expect(done.answer.usage.promptTokens).toBeGreaterThan(0);
  });

  // Catches text of documents or questions in the records of runs, which are kept apart from threads.
  it("holds no word of question, sources or answer", async () => {
    const { ask, truth } = setUp();
    await read(ask());
    const all = JSON.stringify([truth.db.prepare("SELECT * FROM runs").all(), truth.db.prepare("SELECT * FROM spans").all()]);
    for (const word of ["keeper", "Agnes", "rapeseed", "Kell"]) expect(all).not.toContain(word);
  });

  // Catches a refusal that counts as an answer.
  it("tells a refusal from an answer", async () => {
    const { ask, runs, prompts } = setUp({
      embedSentences: async () => ({
        embedder: "local:bge-small-en-v1.5",
        question: bagOfWords("whale", 16),
        embed: async (texts) => texts.map(() => new Float32Array(16)),
      }),
    });
    const { items } = await read(ask({ question: "Which whale sings deepest?" }));
    expect(items.at(-1)).toMatchObject({ type: "done", answer: { refused: true, read: { passages: 0, matched: 9 } } });
    expect(runs()).toMatchObject([{ outcome: "refused" }]);
    expect(prompts).toEqual([]);
  });

  // Catches loading a model that is counted as slowness of search or of the first word, and times below zero.
  it("has times without model loading, none of them negative", async () => {
    const { ask } = setUp();
    const last = (await read(ask())).items.at(-1);
    if (last?.type !== "done") throw new Error("The stream did not end well.");
    const { timings } = last.answer;
    expect(timings).toMatchObject({ load: 2, retrieval: 4 });
    for (const value of Object.values(timings)) expect(value).toBeGreaterThanOrEqual(0);
    expect(timings.total).toBeGreaterThanOrEqual(timings.sources);
  });
});

describe("how an answer is made", () => {
  // Catches a follow-up that is searched for alone: "And her?" finds nothing.
  it("searches a follow-up with the question before it, with the filter as given", async () => {
    const queries: unknown[] = [];
    const { ask } = setUp({
      async search(request) {
        queries.push(request);
        return { passages: [kell], matched: 1, wordsOnly: [], timings: { load: 0, embed: 0, keyword: 0, vector: 0, rerank: 0, total: 0 } };
      },
    });
    const [sources] = (await read(ask({ filter: { types: ["pdf"] } }))).items;
    const thread = sources?.type === "sources" ? sources.thread : "";
    await read(ask({ question: "And when did she leave?", thread }));
    expect(queries).toMatchObject([
      { query: question, filter: { types: ["pdf"] }, mode: "hybrid", collections: ["c"] },
      { query: `${question} And when did she leave?` },
    ]);
    expect(queries[1]).not.toHaveProperty("filter");
  });

  // Catches a model that is asked two questions in one, and answers both: the first was answered a turn ago.
  it("asks the model a follow-up as the person did, after the turns before it", async () => {
    const { ask, prompts } = setUp();
    const [sources] = (await read(ask())).items;
    await read(ask({ question: "And when did she leave?", thread: sources?.type === "sources" ? sources.thread : "" }));
    const told = prompts.at(-1)?.messages ?? [];
    expect(told.at(-1)?.text).toContain("Question: And when did she leave?");
    expect(told.at(-1)?.text).not.toContain(question);
    expect(told.slice(0, -1).map(({ text }) => text)).toEqual(expect.arrayContaining([question, reply]));
  });

  // Catches a pasted page as a question that search refuses for its length.
  it("searches with no more of a long question than search takes", async () => {
    let query = "";
    const { ask } = setUp({
      async search(request) {
        ({ query } = request);
        return { passages: [kell], matched: 1, wordsOnly: [], timings: { load: 0, embed: 0, keyword: 0, vector: 0, rerank: 0, total: 0 } };
      },
    });
    await read(ask({ question: `${"lamp ".repeat(3000)}?` }));
    expect(query.length).toBeLessThanOrEqual(4000);
  });

  // Catches a crash over an empty library, where there is no best passage.
  it("refuses where nothing was found, whatever the kind of question", async () => {
    for (const text of ["Who was it?", "Summarise all of it.", "Is it good?"]) {
      const { ask } = setUp({
        search: async () => ({
          passages: [],
          matched: 0,
          wordsOnly: [],
          timings: { load: 0, embed: 0, keyword: 0, vector: 0, rerank: 0, total: 0 },
        }),
      });
      expect((await read(ask({ question: text }))).items.at(-1)).toMatchObject({ type: "done", answer: { refused: true, citations: [] } });
    }
  });

  // Catches an empty answer of the model that is shown as an answer.
  it("shows the best sentence where the model says nothing", async () => {
    const { ask } = setUp({ reply: () => "" });
    const last = (await read(ask({ question: "Who was the keeper?" }))).items.at(-1);
    expect(last).toMatchObject({ type: "done", answer: { answer: "The keeper was Agnes Muir.", citations: [{ n: 1, page: 3 }] } });
  });

  // Catches a mistyped model that nobody tells of, since the question is refused for want of evidence before a model is needed.
  it("looks nothing up where the named model is not there, and keeps the question", async () => {
    const search = vi.fn<AskDeps["search"]>();
    const { ask, threads } = setUp({ requireModel: fail("MODEL_MISSING"), search });
    for (const effort of ["normal", "instant"] as const)
      expect(await read(ask({ model: "nope", effort }))).toMatchObject({ error: { code: "MODEL_MISSING" } });
    expect(search).not.toHaveBeenCalled();
    expect(threads.list(10, undefined)).toHaveLength(2);
  });

  // Catches a model named for the turn that is ignored, or noted wrongly with the message.
  it("asks the model that was named, else the one of the settings, and notes which", async () => {
    const { ask, messages } = setUp();
    await read(ask({ model: "another" }));
    expect(messages()[1]?.model).toBe("another");
    const instant = setUp();
    await read(instant.ask({ effort: "instant" }));
    expect(instant.messages()[1]?.model).toBe("none");
    expect(instant.prompts).toEqual([]);
  });
});

describe("a collection whose embedding model cannot be used", () => {
  // Catches a question that was found by its words and fails because nothing can be embedded.
  it("is answered from its words alone", async () => {
    const { ask } = setUp({
      search: async () => ({
        passages: [kell],
        matched: 1,
        wordsOnly: ["c"],
        timings: { load: 0, embed: 0, keyword: 0, vector: 0, rerank: 0, total: 0 },
      }),
      embedSentences: fail("MODEL_MISSING"),
    });
    const { items, error } = await read(ask());
    expect(error).toBeUndefined();
    expect(items.at(-1)).toMatchObject({ type: "done", answer: { answer: reply, refused: false } });
  });
});

describe("an answer that the model is not sure of", () => {
  const provider = localProvider({
    host: createFakeGeneration({ reply: () => "The lamp burned oil." }),
    resolveGguf: async () => ({ path: "/m", trainContextTokens: 0 }),
    threads: () => 1,
    sequences: 1,
    contextTokens: () => 4096,
  });
  /** A model that is as sure of its words as said; of none where its provider does not tell. */
  const answered = async (asked: string, probabilities: number[] | undefined) => {
    const { ask } = setUp({
      async chatModel(id) {
        const model = await provider(id);
        return {
          ...model,
          async generate(input, options) {
            const { logProbabilities: _, ...output } = await model.generate(input, options);
            return { ...output, ...(probabilities ? { logProbabilities: probabilities.map(Math.log) } : {}) };
          },
        };
      },
    });
    const { items } = await read(ask({ question: asked }));
    const streamed = items.flatMap((item) => (item.type === "token" ? [item.text] : [])).join("");
    const done = items.at(-1);
    if (done?.type !== "done") throw new Error("There is no answer.");
    return { streamed, answer: done.answer };
  };
  const open = "What did the lamp burn in those days?";

  // Catches a guess that stands alone although the sources are at hand, a sentence that is kept but not shown, and one
  // that nothing cites.
  it("is followed by the best sentence of the sources, which is cited", async () => {
    const { streamed, answer } = await answered(open, [0.99, 0.3, 0.9]);
    expect(answer.answer).toBe("The lamp burned oil.\n\nIts lamp burned rapeseed oil.");
    expect(streamed).toBe(answer.answer);
    expect(answer.sentences.map(({ verdict }) => verdict)).toEqual(["supported", "supported"]);
    expect(answer.citations.map(({ quote }) => quote)).toEqual(["Its lamp burned rapeseed oil."]);
  });

  // Catches every answer made long: for a sure model, for a short fact, and where a provider tells no probabilities.
  it.each([
    [open, [0.95, 0.8]],
    ["When did the lamp burn oil?", [0.1]],
    [open, undefined],
    [open, []],
  ] as const)("alone is left as it is otherwise: %s %j", async (asked, probabilities) => {
    expect((await answered(asked, probabilities && [...probabilities])).answer.answer).toBe("The lamp burned oil.");
  });
});
