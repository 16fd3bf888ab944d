import { expect, test } from "vitest";
import type { Message, PathWindow } from "../../../src/shared/contract/chat.ts";
import { startAsk } from "../../../src/renderer/features/chat/asking/ask-state.ts";
import { shownThread } from "../../../src/renderer/features/chat/threads/thread-path.ts";
import { windowFor } from "../../../src/renderer/features/chat/threads/use-path.ts";

/** A branch of the thread `t`, which has `messages` in all; `state` is that of its last one. */
function path(ids: string[], { messages = ids.length, state = "complete" as Message["state"], start = 0 } = {}): PathWindow {
  const thread = { id: "t", title: "t", titled: "rule" as const, collections: [], settings: {}, leaf: ids.at(-1) ?? null, messages };
  return {
    thread: { ...thread, createdAt: 0, updatedAt: 0 },
    length: start + ids.length,
    start,
    messages: ids.map((id, index) => ({
      id,
      parent: ids[index - 1] ?? null,
      role: id.startsWith("q") ? "user" : "assistant",
      state: index === ids.length - 1 ? state : "complete",
      text: id,
      createdAt: 0,
      versions: [id],
    })),
  };
}

const begun = path(["q1", "a1"]);
const streaming = path(["q1", "a1", "q2", "a2"], { state: "streaming" });
const asked = startAsk({ question: "q2", thread: "t", parent: "a1" }, 2);
const running = { ...asked, message: "a2", phase: "answering" as const };

test("a thread without an answer under way is the branch that core has", () => {
  expect(shownThread(begun, undefined)).toEqual({ length: 2 });
  expect(shownThread(undefined, undefined)).toEqual({ length: 0 });
  expect(shownThread(undefined, asked)).toEqual({ length: 0, live: asked });
});

test("an answer under way is not shown twice when core has stored its question already", () => {
  expect(shownThread(streaming, running)).toEqual({ length: 2, live: running });
  expect(shownThread(streaming, asked)).toEqual({ length: 2, live: asked });
  expect(shownThread(begun, asked)).toEqual({ length: 2, live: asked });
});

test("an edited question is written from its own place, and another answer from its question's, whatever stands below", () => {
  const settled = path(["q1", "a1", "q2", "a2"]);
  const edit = startAsk({ question: "q1, put better", thread: "t", parent: null }, 4);
  expect(shownThread(settled, edit)).toEqual({ length: 0, live: edit });
  const second = startAsk({ question: "q2b", thread: "t", parent: "a1" }, 4);
  expect(shownThread(settled, second)).toEqual({ length: 2, live: second });
  const again = startAsk({ question: "q2", thread: "t", answering: "q2" }, 4);
  expect(shownThread(settled, again)).toEqual({ length: 2, live: again });
});

test("the place of a question is found in a long thread of which only a part is held", () => {
  const part = path(["q41", "a41", "q42", "a42"], { start: 80, messages: 84 });
  const edit = startAsk({ question: "better", thread: "t", parent: "a41" }, 84);
  expect(shownThread(part, edit)).toEqual({ length: 82, live: edit });
});

test("the stored answer takes over when core has it whole, not while the last item is on its way", () => {
  const stored = path(["q1", "a1", "q2", "a2"]);
  expect(shownThread(stored, running).live).toBe(running);
  expect(shownThread(stored, { ...running, phase: "done" })).toEqual({ length: 4 });
});

test("on another branch the answer under way goes on unseen", () => {
  expect(shownThread(path(["q1", "a1"], { messages: 3 }), running)).toEqual({ length: 2 });
});

test("a question that failed before it was given an id is shown once: live, or as core stored it", () => {
  const failed = { ...asked, phase: "failed" as const };
  expect(shownThread(begun, failed)).toEqual({ length: 2, live: failed });
  expect(shownThread(path(["q1", "a1", "q2", "a2"], { state: "failed" }), failed)).toEqual({ length: 4 });
});

test("the window of a long thread moves to where the reader is, and stays while it holds that", () => {
  const long = { start: 4940, length: 5000 };
  expect(windowFor({ first: 4980, last: 4999, ...long })).toBe("held");
  expect(windowFor({ first: 4930, last: 4950, ...long })).toBe(4900);
  expect(windowFor({ first: 0, last: 12, ...long })).toBe(0);
  expect(windowFor({ first: 4985, last: 4999, start: 100, length: 5000 })).toBeUndefined();
  const moved = windowFor({ first: 2500, last: 2520, ...long });
  expect(windowFor({ first: 2500, last: 2520, start: Number(moved), length: 5000 })).toBe("held");
  expect(windowFor({ first: 0, last: 3, start: 0, length: 4 })).toBe("held");
});
