import { expect, test } from "vitest";
import type { Message } from "../../../src/shared/contract/chat.ts";
import { beforeAsk, pathTo } from "../../../src/renderer/features/chat/thread-path.ts";

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

test("an answer under way is not shown twice when core has stored its question already", () => {
  const asked = { request: { question: "q2" } };
  const path = [
    message("q1", null),
    message("a1", "q1", "assistant"),
    message("q2", "a1"),
    message("a2", "q2", "assistant", "streaming", ""),
  ];
  expect(ids(beforeAsk(path, { ...asked, message: "a2" }))).toEqual(["q1", "a1"]);
  expect(ids(beforeAsk(path, asked))).toEqual(["q1", "a1"]);
  expect(ids(beforeAsk(path.slice(0, 3), asked))).toEqual(["q1", "a1"]);
  expect(ids(beforeAsk(path.slice(0, 2), asked))).toEqual(["q1", "a1"]);
});

test("the same question asked before stays when the new one is not stored yet", () => {
  const path = [message("x", null, "user", "complete", "again"), message("a", "x", "assistant")];
  expect(ids(beforeAsk(path, { request: { question: "again" } }))).toEqual(["x", "a"]);
});
