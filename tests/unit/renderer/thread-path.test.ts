import { expect, test } from "vitest";
import type { Message } from "../../../src/shared/contract/chat.ts";
import { startAsk } from "../../../src/renderer/features/chat/ask-state.ts";
import { pathTo, shownThread } from "../../../src/renderer/features/chat/thread-path.ts";

const message = (
  id: string,
  parent: string | null,
  role: Message["role"] = "user",
  state: Message["state"] = "complete",
  text = id,
): Message => ({ id, parent, role, state, text, createdAt: 0 });
const ids = (messages: Message[]) => messages.map(({ id }) => id);

const tree = [
  message("q1", null),
  message("a1", "q1", "assistant"),
  message("a1b", "q1", "assistant"),
  message("q2", "a1"),
  message("q2b", "a1b"),
];

test("only the branch of the leaf is read, from its root", () => {
  expect(ids(pathTo(tree, "q2"))).toEqual(["q1", "a1", "q2"]);
  expect(ids(pathTo(tree, "q2b"))).toEqual(["q1", "a1b", "q2b"]);
});

test("no leaf, a missing parent and a loop end the walk", () => {
  expect(pathTo(tree, null)).toEqual([]);
  expect(ids(pathTo([message("b", "gone")], "b"))).toEqual(["b"]);
  expect(ids(pathTo([message("a", "b"), message("b", "a")], "a"))).toEqual(["b", "a"]);
});

const begun = [message("q1", null), message("a1", "q1", "assistant")];
const streaming = [...begun, message("q2", "a1"), message("a2", "q2", "assistant", "streaming", "")];
const running = { ...startAsk({ question: "q2", thread: "t", parent: "a1" }, "a1"), message: "a2", phase: "answering" as const };

test("an answer under way is not shown twice when core has stored its question already", () => {
  const shown = shownThread(streaming, "a2", running);
  expect(ids(shown.path)).toEqual(["q1", "a1"]);
  expect(shown.live).toBe(running);
  const unnamed = startAsk({ question: "q2", thread: "t", parent: "a1" }, "a1");
  expect(ids(shownThread(streaming, "a2", unnamed).path)).toEqual(["q1", "a1"]);
  expect(shownThread(begun, "a1", unnamed)).toEqual({ path: begun, live: unnamed });
});

test("an edited question is written from its own place, whatever stands below the former one", () => {
  const edit = startAsk({ question: "q1, put better", thread: "t", parent: null }, "a2");
  expect(shownThread(streaming, "a2", edit)).toEqual({ path: [], live: edit });
});

test("the stored answer takes over when core has it whole, not while the last item is on its way", () => {
  const stored = [...begun, message("q2", "a1"), message("a2", "q2", "assistant")];
  expect(shownThread(stored, "a2", running).live).toBe(running);
  expect(shownThread(stored, "a2", { ...running, phase: "done" })).toEqual({ path: stored });
});

test("on another branch the answer under way goes on unseen", () => {
  const branched = [...streaming, message("q2b", "a1"), message("a2b", "q2b", "assistant")];
  const shown = shownThread(branched, "a2b", running);
  expect(ids(shown.path)).toEqual(["q1", "a1", "q2b", "a2b"]);
  expect(shown.live).toBeUndefined();
});

test("a question that failed before it was given an id is shown once: live, or as core stored it", () => {
  const failed = { ...startAsk({ question: "q2", thread: "t", parent: "a1" }, "a1"), phase: "failed" as const };
  expect(shownThread(begun, "a1", failed)).toEqual({ path: begun, live: failed });
  const stored = [...begun, message("q2", "a1"), message("a2", "q2", "assistant", "failed")];
  expect(shownThread(stored, "a2", failed)).toEqual({ path: stored });
});
