import { expect, test } from "vitest";
import type { Message } from "../../../src/shared/contract/chat.ts";
import { answerVersions, newestLeaf, questionVersions } from "../../../src/renderer/features/chat/branches.ts";

const question = (id: string, parent: string | null, text: string): Message => ({
  id,
  parent,
  role: "user",
  text,
  state: "complete",
  createdAt: 0,
});
const answer = (id: string, parent: string): Message => ({ id, parent, role: "assistant", text: id, state: "complete", createdAt: 0 });

/** `Who?` answered twice, then asked as `Who built it?`, then `Who?` once more; below the first answer a follow-up. */
const thread = [
  question("q1", null, "Who?"),
  answer("a1", "q1"),
  question("q2", null, "Who?"),
  answer("a2", "q2"),
  question("q3", null, "Who built it?"),
  answer("a3", "q3"),
  question("q4", null, "Who?"),
  answer("a4", "q4"),
  question("f1", "a1", "When?"),
  answer("g1", "f1"),
];
const of = (id: string): Message => thread.find((message) => message.id === id) ?? expect.fail(`no ${id}`);

test("wordings are the versions of a question; answering again makes none", () => {
  expect(questionVersions(thread, of("q1"))).toEqual({ ids: ["q1", "q3"], index: 0 });
  expect(questionVersions(thread, of("q2"))).toEqual({ ids: ["q2", "q3"], index: 0 });
  expect(questionVersions(thread, of("q3"))).toEqual({ ids: ["q4", "q3"], index: 1 });
  expect(questionVersions(thread, of("f1"))).toEqual({ ids: ["f1"], index: 0 });
});

test("all answers to the same wording are the versions of an answer, in the order they were made", () => {
  expect(answerVersions(thread, of("a2"))).toEqual({ ids: ["a1", "a2", "a4"], index: 1 });
  expect(answerVersions(thread, of("a3"))).toEqual({ ids: ["a3"], index: 0 });
});

test("two answers to one stored question are versions too, and an answer without its question is alone", () => {
  const twice = [question("q", null, "Who?"), answer("a", "q"), answer("b", "q")];
  expect(answerVersions(twice, answer("b", "q"))).toEqual({ ids: ["a", "b"], index: 1 });
  expect(answerVersions([answer("x", "gone")], answer("x", "gone"))).toEqual({ ids: ["x"], index: 0 });
});

test("a version is opened at the newest end of its branch, and a loop does not hold it up", () => {
  expect(newestLeaf(thread, "q1")).toBe("g1");
  expect(newestLeaf(thread, "a4")).toBe("a4");
  expect(newestLeaf([question("x", "y", ""), question("y", "x", "")], "x")).toBe("y");
});
