import { describe, expect, test } from "vitest";
import type { Answer, AskItem } from "../../../src/shared/contract/chat.ts";
import type { Ask } from "../../../src/renderer/features/chat/asking/ask-state.ts";
import {
  announce,
  applyAskItem,
  isFromModelAlone,
  isRunning,
  startAsk,
  waitingText,
} from "../../../src/renderer/features/chat/asking/ask-state.ts";
import { citationOf, passageOf } from "../../helpers/markup.tsx";
import { messages } from "../../../src/renderer/features/chat/messages.ts";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";

const say = wordsIn(messages, "en");

const request = { question: "Who built it?", collections: ["c1"] };
const answer: Answer = {
  question: request.question,
  thread: "t1",
  message: "m1",
  model: "local:small",
  answer: "Ada built it.",
  refused: false,
  evidenceScore: 0.9,
  sentences: [{ text: "Ada built it.", start: 0, end: 13, citations: [1], verdict: "supported" }],
  citations: [citationOf(1)],
  usage: { promptTokens: 10, completionTokens: 4 },
  timings: { load: 0, retrieval: 5, sources: 6, firstToken: 20, total: 40 },
  read: { passages: 2, matched: 9 },
};
const sources = {
  type: "sources",
  seq: 0,
  thread: "t1",
  message: "m1",
  passages: [passageOf(1), passageOf(2)],
  matched: 9,
} satisfies AskItem;
const token = (text: string): AskItem => ({ type: "token", seq: 1, text });
const citation = (n: number): AskItem => ({ type: "citation", seq: 2, citation: citationOf(n) });
const done = (more: Partial<Answer> = {}): AskItem => ({ type: "done", seq: 3, answer: { ...answer, ...more } });
const after = (...items: AskItem[]): Ask => items.reduce(applyAskItem, startAsk(request));

describe("an ask follows its stream", () => {
  test("a new ask has nothing yet and is running, so that it can be stopped at once", () => {
    const ask = startAsk(request);
    expect(ask).toMatchObject({ request, phase: "asking", passages: [], matched: 0, text: "", citations: [] });
    expect(isRunning(ask)).toBe(true);
    expect(ask.thread).toBeUndefined();
  });

  test("sources give it its thread, its message and what was read, before a word is written", () => {
    expect(after(sources)).toMatchObject({ phase: "reading", thread: "t1", message: "m1", matched: 9, text: "" });
    expect(after(sources).passages.map(({ rank }) => rank)).toEqual([1, 2]);
  });

  test("words are put together exactly as they came: no space is added, none is lost", () => {
    expect(after(sources, token("Ad"), token("a "), token(""), token("\n- é"), token("\u{1F600}")).text).toBe("Ada \n- é\u{1F600}");
  });

  test("citations keep the order in which they came", () => {
    expect(after(sources, token("x"), citation(2), citation(1)).citations.map(({ n }) => n)).toEqual([2, 1]);
  });

  test("the finished answer replaces what was streamed: what core stored is what is shown", () => {
    const ask = after(sources, token("Ada bui"), citation(7), done());
    expect(ask).toMatchObject({ phase: "done", text: "Ada built it.", answer: { model: "local:small" } });
    expect(ask.citations.map(({ n }) => n)).toEqual([1]);
    expect(isRunning(ask)).toBe(false);
  });

  test("the passages stay with a finished answer, so that its sources do not vanish when it is done", () => {
    expect(after(sources, token("x"), done()).passages).toHaveLength(2);
  });

  test("a step leaves the ask before it as it was: a view that still shows it shows no half of the next", () => {
    const before = after(sources, token("one"));
    const frozen = structuredClone(before);
    applyAskItem(before, token(" two"));
    applyAskItem(before, citation(1));
    applyAskItem(before, done());
    expect(before).toEqual(frozen);
  });
});

test.each([
  ["asking", true],
  ["reading", true],
  ["answering", true],
  ["done", false],
  ["stopped", false],
  ["failed", false],
] as const)("in phase %s the stop button is there: %s", (phase, running) => {
  expect(isRunning({ phase })).toBe(running);
});

describe("what is said while nothing is written", () => {
  test("a question to no collection never claims to search", () => {
    const plain = { request: { question: "q", collections: [] }, passages: [] };
    expect(waitingText({ ...plain, phase: "asking" }, say)).toBe("Waiting for the model");
    expect(waitingText({ ...plain, phase: "reading" }, say)).toBe("Waiting for the model");
  });

  test("a thread's own collections are searched when the question names none", () => {
    expect(waitingText({ phase: "asking", request: { question: "q" }, passages: [] }, say)).toBe("Searching your sources");
  });

  test("nothing found means that nothing is read", () => {
    expect(waitingText({ phase: "reading", request, passages: [] }, say)).toBe("Waiting for the model");
    expect(waitingText({ phase: "reading", request, passages: [passageOf(1)] }, say)).toBe("Reading the passages");
  });
});

describe("what a screen reader is told", () => {
  test("one passage is not one passages", () => {
    const one = { ...sources, passages: [passageOf(1)] };
    expect(announce(after(one), say)).toBe("Reading 1 passage");
    expect(announce(after(sources), say)).toBe("Reading 2 passages");
  });

  test("the end tells how much there is to read and to check", () => {
    expect(announce(after(sources, done()), say)).toBe("Done, 3 words, 1 citation");
    expect(announce(after(sources, done({ answer: "One", citations: [] })), say)).toBe("Done, 1 word, 0 citations");
    expect(announce(after(sources, done({ answer: "  \n ", citations: [] })), say)).toBe("Done, 0 words, 0 citations");
  });

  test("a refusal is told as one, never as an answer of some words", () => {
    expect(announce(after(sources, done({ refused: true, answer: "Not found in the sources.", citations: [] })), say)).toBe(
      "Not in your sources",
    );
  });

  test("stopping says what was kept; failing says why, or at least that it did", () => {
    const ask = after(sources, token("half"));
    expect(announce({ ...ask, phase: "stopped" }, say)).toBe("Stopped; what was written is kept");
    expect(announce({ ...ask, phase: "failed", problem: { code: "MEMORY_LOW", message: "No memory." } }, say)).toBe("No memory.");
    expect(announce({ ...ask, phase: "failed" }, say)).toBe("The answer failed");
  });
});

test("the dashed mark of the model alone stands on no answer that read or quotes anything", () => {
  expect(isFromModelAlone({ ...answer, citations: [], read: { passages: 0, matched: 0 } })).toBe(true);
  expect(isFromModelAlone({ ...answer, read: { passages: 0, matched: 0 } })).toBe(false);
  expect(isFromModelAlone({ ...answer, citations: [] })).toBe(false);
  expect(isFromModelAlone({ ...answer, refused: true, citations: [], read: { passages: 0, matched: 0 } })).toBe(false);
});

describe("an answer that takes longer", () => {
  const told = (done: number, leftMs: number) => after(sources, { type: "progress", seq: 1, done, total: 12, unit: "section", leftMs });

  // Catches a person who waits a minute before “Reading the passages”, and a time told to the second that nobody keeps.
  test.each([
    [0, 41_000, "Reading 12 sections, about 45 s"],
    [3, 31_000, "Read 3 of 12 sections, about 35 s left"],
    [3, 0, "Read 3 of 12 sections, about 5 s left"],
    [3, 200_000, "Read 3 of 12 sections, about 3 min left"],
    [12, 0, "Putting it together"],
  ])("says how far it is: %i done", (done, leftMs, text) => {
    expect(waitingText(told(done, leftMs), say)).toBe(text);
  });
});
