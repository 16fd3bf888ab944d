import { describe, expect, it } from "vitest";
import type { Answer } from "../../../src/shared/contract/chat.ts";
import { createDraftStore } from "../../../src/main/features/chat/threads/draft-store.ts";
import { createPathStore } from "../../../src/main/features/chat/threads/path-store.ts";
import { createPresetStore } from "../../../src/main/features/chat/threads/preset-store.ts";
import { createSpokenStore, matchOf } from "../../../src/main/features/chat/threads/spoken-store.ts";
import { createThreadStore } from "../../../src/main/features/chat/threads/thread-store.ts";
import { createTraceStore } from "../../../src/main/features/chat/threads/trace-store.ts";
import { passage } from "../../helpers/passages.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

function setUp() {
  const truth = temporaryTruth();
  const threads = createThreadStore(truth);
  const paths = createPathStore(truth, threads);
  const spoken = createSpokenStore(truth);
  const say = (question: string, answer: string, options: { thread?: string; parent?: string | null; answering?: string } = {}) => {
    const turn = threads.ask(question, { thread: undefined, parent: undefined, collections: [], model: "m", ...options });
    threads.finish(turn.thread, turn.answer, { state: "complete", text: answer });
    return turn;
  };
  return { truth, threads, paths, spoken, say };
}

describe("a window of the branch", () => {
  it("is its end, a part from an index, or the neighbourhood of a message", () => {
    const { paths, say } = setUp();
    const first = say("q0", "a0");
    const turns = [first, ...Array.from({ length: 9 }, (_, n) => say(`q${n + 1}`, `a${n + 1}`, { thread: first.thread }))];
    const texts = (window: { messages: { text: string }[] }) => window.messages.map(({ text }) => text);
    expect(texts(paths.window(first.thread, { limit: 4 }))).toEqual(["q8", "a8", "q9", "a9"]);
    expect(paths.window(first.thread, { limit: 4 })).toMatchObject({ start: 16, length: 20 });
    expect(texts(paths.window(first.thread, { from: 2, limit: 2 }))).toEqual(["q1", "a1"]);
    expect(texts(paths.window(first.thread, { around: turns[5]!.question, limit: 4 }))).toEqual(["q4", "a4", "q5", "a5"]);
    expect(texts(paths.window(first.thread, { from: 900, limit: 4 }))).toEqual([]);
  });

  // Catches: an outline that is kept although the conversation went on, and versions of another place in the tree.
  it("names the versions of each message, and follows what is added", () => {
    const { threads, paths, say } = setUp();
    const first = say("q", "a");
    paths.window(first.thread, { limit: 10 });
    const again = say("-", "a again", { thread: first.thread, answering: first.question });
    const other = say("q better", "b", { thread: first.thread, parent: null });
    expect(paths.window(first.thread, { limit: 10 }).messages.map(({ versions }) => versions)).toEqual([
      [first.question, other.question],
      [other.answer],
    ]);
    expect(paths.newestLeaf(first.thread, first.question)).toBe(again.answer);
    threads.selectLeaf(first.thread, first.question, (from) => paths.newestLeaf(first.thread, from));
    expect(paths.window(first.thread, { limit: 10 }).messages.map(({ text, versions }) => [text, versions.length])).toEqual([
      ["q", 2],
      ["a again", 2],
    ]);
  });

  it("opens ten thousand messages by reading a hundred of them", () => {
    const { truth, threads, paths, say } = setUp();
    const first = say("q", "a");
    const insert = truth.db.prepare(
      "INSERT INTO messages (id, thread_id, parent, role, text, state, created_at) VALUES (?, ?, ?, ?, 'text', 'complete', ?)",
    );
    let parent = first.answer;
    truth.db.transaction(() => {
      for (let n = 0; n < 10_000; n += 1) {
        const id = `0190a0b0-0000-7000-8000-${String(n).padStart(12, "0")}`;
        insert.run(id, first.thread, parent, n % 2 === 0 ? "user" : "assistant", 10 + n);
        parent = id;
      }
    })();
    threads.selectLeaf(first.thread, parent);
    const window = paths.window(first.thread, { limit: 100 });
    expect(window).toMatchObject({ length: 10_002, start: 9_902 });
    expect(window.messages.at(-1)?.id).toBe(parent);
  });
});

describe("a fork", () => {
  it("is a conversation of its own: its messages, settings and answers are copies that name it", () => {
    const { truth, threads, paths, say } = setUp();
    const first = say("q1", "a1");
    const answer = { question: "q2", thread: first.thread, answer: "a2" } as Answer;
    const turn = threads.ask("q2", { thread: first.thread, parent: undefined, collections: [], model: "m" });
    threads.finish(first.thread, turn.answer, {
      state: "complete",
      text: "a2",
      answer: {
        ...answer,
        message: turn.answer,
        model: "m",
        refused: false,
        evidenceScore: 0,
        sentences: [],
        citations: [],
        usage: { promptTokens: 1, completionTokens: 1 },
        timings: { load: 0, retrieval: 0, sources: 0, firstToken: 0, total: 0 },
        read: { passages: 0, matched: 0 },
      },
    });
    say("q3", "a3", { thread: first.thread });
    threads.setSettings(first.thread, { temperature: 1 });
    const copy = threads.get(paths.fork(first.thread, turn.answer));
    expect(copy).toMatchObject({ forkedFrom: first.thread, messages: 4, settings: { temperature: 1 }, title: "q1" });
    const messages = threads.messages(copy.id);
    expect(messages.map(({ text }) => text)).toEqual(["q1", "a1", "q2", "a2"]);
    expect(messages[3]?.answer).toMatchObject({ thread: copy.id, message: messages[3]?.id });
    threads.remove(first.thread);
    expect(threads.get(copy.id).forkedFrom).toBeUndefined();
    expect(threads.messages(copy.id)).toHaveLength(4);
    expect(truth.db.prepare("SELECT count(*) AS n FROM spoken_text").get()).toEqual({ n: 5 });
  });
});

describe("search over what was said", () => {
  it("finds questions, answers and titles by words in any order, folded, the last as a beginning", () => {
    const { spoken, threads, say } = setUp();
    const { thread } = say("Who built the lighthouse?", "Ada Brennholt built it near Übersee.");
    say("Something else", "Nothing here.");
    const found = (query: string) =>
      spoken.search(query, undefined, 10).map(({ role, snippet }) => [role, snippet.filter(({ hit }) => hit).map(({ text }) => text)]);
    expect(found("lighthouse built")).toEqual([["user", ["built", "lighthouse"]]]);
    expect(found("ubersee")).toEqual([["assistant", ["Übersee"]]]);
    expect(found("bren")).toEqual([["assistant", ["Brennholt"]]]);
    threads.rename(thread, "The tower", "person");
    expect(spoken.search("tower", undefined, 10)).toMatchObject([{ thread, title: "The tower" }]);
    expect(spoken.search("lighthouse", undefined, 10)).toHaveLength(1);
  });

  it("finds in one conversation in its order, an answer once it has ended, and nothing of what was removed", () => {
    const { spoken, threads, say } = setUp();
    const { thread } = say("tower one", "the tower");
    say("tower of another", "x");
    const running = threads.ask("more of the tower", { thread, parent: undefined, collections: [], model: "m" });
    threads.saveText(running.answer, "tower tower");
    const inside = () => spoken.search("tower", thread, 10).map(({ snippet }) => snippet.map(({ text }) => text).join(""));
    expect(inside()).toEqual(["tower one", "the tower", "more of the tower"]);
    threads.recover();
    expect(inside()).toHaveLength(4);
    threads.remove(thread);
    expect(spoken.search("tower", undefined, 10)).toHaveLength(1);
  });

  // Catches: FTS5's own syntax reached from a search field: an error for a quote, a search for something else for a minus.
  it.each([
    ['"', undefined],
    ["NEAR(a b)", '"NEAR" "a" "b"*'],
    ["-x OR y*", '"x" "OR" "y"*'],
    ["  ", undefined],
    ["col:x", '"col" "x"*'],
  ])("reads %j as words", (text, match) => {
    expect(matchOf(text)).toBe(match);
    expect(() => setUp().spoken.search(text, undefined, 5)).not.toThrow();
  });
});

describe("presets, drafts and traces", () => {
  it("keep one preset a name, whatever its case", () => {
    const presets = createPresetStore(temporaryTruth());
    const first = presets.save("Brief", { maxTokens: 50 });
    const second = presets.save("brief", { maxTokens: 60 });
    expect(second.id).toBe(first.id);
    expect(presets.list()).toMatchObject([{ settings: { maxTokens: 60 } }]);
    presets.remove(first.id);
    expect(presets.list()).toEqual([]);
    expect(() => presets.get("brief")).toThrowError(expect.objectContaining({ code: "NOT_FOUND" }));
  });

  it("keep a draft over a crash of Croft, and none where nothing is typed", () => {
    const truth = temporaryTruth();
    createDraftStore(truth).save("new", "Half a ques");
    expect(createDraftStore(truth).get("new")).toBe("Half a ques");
    createDraftStore(truth).save("new", "");
    expect(truth.db.prepare("SELECT count(*) AS n FROM drafts").get()).toEqual({ n: 0 });
  });

  it("keep a conversation that was made and has a draft; an empty one goes at the next start", () => {
    const truth = temporaryTruth();
    const threads = createThreadStore(truth);
    const kept = threads.create([], {});
    threads.create([], {});
    createDraftStore(truth).save(kept.id, "Later");
    threads.recover();
    expect(threads.list(10, undefined).map(({ id }) => id)).toEqual([kept.id]);
  });

  it("keep which passages were read and slice their text anew; a deleted document leaves them without text", () => {
    const { truth, say } = setUp();
    const { answer } = say("q", "a");
    const kell = passage(1, "Kell Point", "The lighthouse was finished in 1874.");
    createTraceStore(truth, () => kell.text).save(answer, [kell]);
    const read = createTraceStore(truth, () => kell.text).get(answer);
    expect(read.passages).toMatchObject([
      { rank: 1, text: kell.text.slice(kell.chunk.start, kell.chunk.end), document: { title: "Kell Point" } },
    ]);
    const gone = createTraceStore(truth, () => {
      throw new Error("gone");
    });
    expect(gone.get(answer).passages).toMatchObject([{ text: "" }]);
    expect(gone.get(answer).steps).toEqual([]);
  });
});
