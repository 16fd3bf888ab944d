import { expect, test } from "vitest";
import { chosenIds, idsToSend } from "../../../src/renderer/features/chat/composer/chosen-collections.ts";

const choice = { begunWith: undefined, changed: undefined, lastChosen: ["b"], known: ["a", "b", "c"] };

test("a new thread takes what was chosen last, a begun one its own, and a change goes before both", () => {
  expect(chosenIds(choice)).toEqual(["b"]);
  expect(chosenIds({ ...choice, begunWith: ["a"] })).toEqual(["a"]);
  expect(chosenIds({ ...choice, begunWith: ["a"], changed: [] })).toEqual([]);
});

test("a collection that was removed is left out; while none are known, none are taken for removed", () => {
  expect(chosenIds({ ...choice, begunWith: ["a", "gone"] })).toEqual(["a"]);
  expect(chosenIds({ ...choice, begunWith: ["a", "gone"], known: undefined })).toEqual(["a", "gone"]);
});

test("a thread's own collections are not named again", () => {
  expect(idsToSend({ ...choice, begunWith: ["a", "b"] })).toBeUndefined();
  expect(idsToSend({ ...choice, begunWith: ["a", "b"], changed: ["b", "a"] })).toBeUndefined();
});

test("anything else is named, so that a question never reads what is not shown above the field", () => {
  expect(idsToSend(choice)).toEqual(["b"]);
  expect(idsToSend({ ...choice, begunWith: ["a"], changed: [] })).toEqual([]);
  expect(idsToSend({ ...choice, begunWith: [] })).toEqual([]);
  expect(idsToSend({ ...choice, begunWith: ["a", "gone"] })).toEqual(["a"]);
});
