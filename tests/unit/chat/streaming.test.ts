import { describe, expect, it } from "vitest";
import { createSpokenStore } from "../../../src/main/features/chat/threads/spoken-store.ts";
import { createThreadStore } from "../../../src/main/features/chat/threads/thread-store.ts";
import { checkedTitle, titleByRule } from "../../../src/main/features/chat/threads/title.ts";
import { keep, show, type Turn } from "../../../src/main/features/chat/turn.ts";
import { seeded } from "../../../scripts/eval/lib/random.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

/** A turn that has begun, over a real database, and what it streamed. */
function begun() {
  const truth = temporaryTruth();
  const threads = createThreadStore(truth);
  const asked = threads.ask("Who kept the lamp?", { thread: undefined, parent: undefined, collections: [], model: "m" });
  const streamed: string[] = [];
  const turn = {
    deps: { threads, now: truth.now },
    ids: { thread: asked.thread, question: asked.question, answer: asked.answer },
    put: (item: { type: string; text?: string }) => void (item.type === "token" && streamed.push(item.text ?? "")),
    startedAt: truth.now(),
    firstToken: 0,
    text: "",
  } as unknown as Turn;
  const stored = () => createThreadStore(truth).message(asked.thread, asked.answer);
  return { truth, threads, asked, turn, streamed, stored };
}

describe("an answer while it is written", () => {
  // Catches words that a person has read and that a crash takes back: more than the token under way.
  it("is stored up to each token before that is shown", () => {
    const { turn, streamed, stored, threads, asked } = begun();
    const tokens = "The keeper was Agnes Muir, who lived there until 1902 . 灯塔 😀 e\u0301".split(/(?<= )/u);
    let seen = "";
    const put = turn.put;
    const watching: Turn = Object.assign(turn, {
      put(item: Parameters<Turn["put"]>[0]) {
        if (item.type === "token") {
          seen += item.text;
          expect(stored()).toMatchObject({ state: "streaming", text: seen });
        }
        put(item);
      },
    });
    for (const token of tokens) show(watching, token);
    expect(streamed.join("")).toBe(tokens.join(""));
    // Croft dies here, and starts again.
    expect(threads.recover()).toBe(1);
    expect(stored()).toMatchObject({ state: "stopped", text: tokens.join("") });
    expect(threads.message(asked.thread, asked.question)).toMatchObject({ state: "complete", text: "Who kept the lamp?" });
  });

  // Catches a crash at any place that loses a token, doubles one, or leaves an answer that streams for ever.
  it.each([1, 2, 3])("loses nothing shown, wherever it is cut off (seed %i)", (seed) => {
    const random = seeded(seed);
    for (let round = 0; round < 3; round += 1) {
      const { turn, streamed, stored, threads } = begun();
      const count = Math.floor(random() * 30);
      for (let n = 0; n < count; n += 1) show(turn, `${"x".repeat(1 + Math.floor(random() * 5))} `);
      threads.recover();
      expect(stored()).toMatchObject({ state: "stopped", text: streamed.join("") });
      // A token that comes late, from a worker that did not notice, changes nothing any more.
      show(turn, "late");
      expect(stored().text).toBe(streamed.slice(0, -1).join(""));
    }
  });

  // Catches notes of a long summary that are lost with a stop, or shown although they are not the answer yet.
  it("keeps what is not shown yet", () => {
    const { turn, streamed, stored } = begun();
    keep(turn, "- first note");
    keep(turn, "- first note\n- second note");
    expect(stored().text).toBe("- first note\n- second note");
    expect(streamed).toEqual([]);
    expect(turn.firstToken).toBe(0);
  });

  // Catches a time to the first token that is taken anew with each.
  it("has its first token once", () => {
    const { turn } = begun();
    show(turn, "one ");
    const first = turn.firstToken;
    expect(first).toBeGreaterThan(0);
    show(turn, "two");
    expect(turn.firstToken).toBe(first);
  });

  // Catches an end that is written twice: a stop after the answer was complete would turn it into a stopped one.
  it("ends once", () => {
    const { threads, asked, stored } = begun();
    threads.finish(asked.thread, asked.answer, { state: "complete", text: "Agnes Muir." });
    threads.finish(asked.thread, asked.answer, { state: "stopped", text: "" });
    threads.finish(asked.thread, asked.answer, { state: "failed", text: "", error: new Error("late") });
    expect(stored()).toMatchObject({ state: "complete", text: "Agnes Muir." });
    expect(stored()).not.toHaveProperty("error");
  });
});

describe("search over conversations of any text", () => {
  const vocabulary = ["lamp", "Lampe", "keeper", "Übersee", "1874", "rapeseed", "don't", "C++", "灯塔", "naïve", "a.b@c.de", "x_y"];

  // Catches a message that cannot be found by a word that stands in it, or is found by one that does not.
  it.each([1, 2, 3])("finds each message by each of its words (seed %i)", (seed) => {
    const random = seeded(seed);
    const truth = temporaryTruth();
    const threads = createThreadStore(truth);
    const spoken = createSpokenStore(truth);
    const said = new Map<string, string[]>();
    for (let n = 0; n < 12; n += 1) {
      const chosen = vocabulary.filter(() => random() < 0.4);
      const turn = threads.ask(`start${n} ${chosen.join(" ")}`, { thread: undefined, parent: undefined, collections: [], model: "m" });
      threads.finish(turn.thread, turn.answer, { state: "complete", text: "Noted." });
      said.set(turn.question, chosen);
    }
    for (const word of ["keeper", "1874", "rapeseed", "naive", "ubersee"]) {
      const found = spoken.search(word, undefined, 100).flatMap(({ message }) => message ?? []);
      const folded = (text: string) => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
      const expected = [...said].filter(([, words]) => words.some((one) => folded(one) === word)).map(([id]) => id);
      expect(found.toSorted(), word).toEqual(expected.toSorted());
    }
  });

  // Catches a snippet that loses or adds words, or whose marks can be put there by what somebody wrote.
  it("shows what was said, with marks of its own", () => {
    const truth = temporaryTruth();
    const threads = createThreadStore(truth);
    const turn = threads.ask("the <b>lamp</b> of \uE000Kell\uE001 Point", {
      thread: undefined,
      parent: undefined,
      collections: [],
      model: "m",
    });
    threads.finish(turn.thread, turn.answer, { state: "complete", text: "Yes." });
    const [hit] = createSpokenStore(truth).search("lamp", undefined, 10);
    expect(hit?.snippet.map(({ text }) => text).join("")).toContain("<b>lamp</b> of");
    expect(hit?.snippet.filter(({ hit: isHit }) => isHit).map(({ text }) => text)).toContain("lamp");
  });

  // Catches a search field that takes the whole database down with it.
  it("takes any text as words, or as none", () => {
    const truth = temporaryTruth();
    const spoken = createSpokenStore(truth);
    const odd = [
      "*",
      "(((",
      "AND",
      "NOT NOT",
      "a".repeat(5000),
      "\u0000",
      "^lamp",
      "{title text}: x",
      "'; DROP TABLE messages; --",
      "😀",
      "\uD800",
    ];
    for (const query of odd) expect(spoken.search(query, undefined, 5), query).toEqual([]);
    expect(truth.db.prepare("SELECT count(*) AS n FROM messages").get()).toEqual({ n: 0 });
  });

  // Catches a list that is longer than was asked for.
  it("gives no more than asked", () => {
    const truth = temporaryTruth();
    const threads = createThreadStore(truth);
    for (let n = 0; n < 9; n += 1) {
      const turn = threads.ask(`lamp ${n}`, { thread: undefined, parent: undefined, collections: [], model: "m" });
      threads.finish(turn.thread, turn.answer, { state: "complete", text: "lamp" });
    }
    expect(createSpokenStore(truth).search("lamp", undefined, 4)).toHaveLength(4);
  });
});

describe("titles of any first question", () => {
  // Catches a title that is empty, runs over lines, is too long or breaks a character.
  it.each([1, 2, 3])("are one short line (seed %i)", (seed) => {
    const random = seeded(seed);
    const pieces = [
      "Hello, ",
      "please ",
      "can you ",
      "tell me ",
      "what is\n",
      "the lighthouse ",
      "😀😀😀",
      "\u202E",
      "a".repeat(90),
      "灯塔",
      "?",
      "\t",
    ];
    for (let round = 0; round < 200; round += 1) {
      const question = Array.from({ length: 1 + Math.floor(random() * 8) }, () => pieces[Math.floor(random() * pieces.length)]).join("");
      const title = titleByRule(question);
      expect(title.length).toBeLessThanOrEqual(80);
      expect(title.isWellFormed()).toBe(true);
      expect(title).not.toMatch(/[\n\t]/u);
      if (question.trim() !== "") expect(title.trim()).not.toBe("");
    }
  });

  // Catches what a small model says instead of a title and that stands in the list of conversations ever after.
  it.each([
    ["", undefined],
    ["I am sorry, but I cannot name this conversation because it is too short for me.", undefined],
    ["Title: Lighthouse at Kell", "Lighthouse at Kell"],
    ['"Lighthouse at Kell."', "Lighthouse at Kell"],
    ["**lighthouse keeper**", "Lighthouse keeper"],
    ["Cooking for beginners", undefined],
    ["Lighthouse\nand more", undefined],
    [`Lighthouse ${"x".repeat(90)}`, undefined],
    ["1 2 3", undefined],
  ])("by a model are checked: %j", (reply, title) => {
    expect(checkedTitle(reply, [{ text: "When was the lighthouse finished?" }, { text: "The keeper says 1874." }])).toBe(title);
  });
});
