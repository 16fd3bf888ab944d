import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/shared/contract/chat.ts";
import { createOutline } from "../../../src/main/features/chat/threads/outline.ts";
import { createPathStore } from "../../../src/main/features/chat/threads/path-store.ts";
import { createThreadStore } from "../../../src/main/features/chat/threads/thread-store.ts";
import { seeded } from "../../../scripts/eval/lib/random.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

/** The tree as a test believes it to be: parents and texts by id, in the order they were written. */
type Model = { id: string; parent: string | null; role: Message["role"]; text: string }[];

function pathIn(model: Model, leaf: string | null): string[] {
  const path: string[] = [];
  for (let id = leaf; id !== null;) {
    const found = model.find((message) => message.id === id);
    if (!found) break;
    path.unshift(found.id);
    id = found.parent;
  }
  return path;
}

describe("a conversation of any shape", () => {
  // Catches a branch that overwrites another, an answer under the wrong question, a leaf that is not where the person is, and windows or versions that do not fit the tree.
  it.each([1, 2, 3, 4, 5, 6])("is the tree that was made of it (seed %i)", (seed) => {
    const random = seeded(seed);
    const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
    const truth = temporaryTruth();
    const threads = createThreadStore(truth);
    const paths = createPathStore(truth, threads);
    const { id: thread } = threads.create([], {});
    const model: Model = [];
    let leaf: string | null = null;
    for (let step = 0; step < 40; step += 1) {
      const questions = model.filter(({ role }) => role === "user");
      const answers = model.filter(({ role }) => role === "assistant");
      const move = answers.length === 0 ? 0 : Math.floor(random() * 5);
      if (move === 4) {
        leaf = pick(model).id;
        expect(threads.selectLeaf(thread, leaf).leaf).toBe(leaf);
        continue;
      }
      const parent = move === 1 ? pick(answers).id : move === 2 ? null : undefined;
      const answering = move === 3 ? pick(questions).id : undefined;
      const text = `question ${step}`;
      const asked = threads.ask(text, { thread, parent, collections: [], model: "m", answering });
      threads.finish(thread, asked.answer, { state: "complete", text: `answer ${step}` });
      if (answering === undefined) model.push({ id: asked.question, parent: parent === undefined ? leaf : parent, role: "user", text });
      else expect(asked.question).toBe(answering);
      model.push({ id: asked.answer, parent: asked.question, role: "assistant", text: `answer ${step}` });
      leaf = asked.answer;

      const stored = threads.messages(thread);
      expect(stored.map(({ id, parent: above, role, text: said }) => ({ id, parent: above, role, text: said }))).toEqual(model);
      expect(threads.get(thread)).toMatchObject({ leaf, messages: model.length });
      const path = pathIn(model, leaf);
      expect(threads.path(thread, leaf).map(({ id }) => id)).toEqual(path);
      const window = paths.window(thread, { limit: 1000 });
      expect(window.messages.map(({ id }) => id)).toEqual(path);
      for (const { versions, parent: above, role } of window.messages)
        expect(versions).toEqual(model.filter((other) => other.parent === above && other.role === role).map((other) => other.id));
    }
    const history = threads.history(thread, leaf, 3).map(({ id }) => id);
    expect(history).toEqual(pathIn(model, leaf).slice(-3));
  });

  // Catches a fork that takes a message of another branch along, loses the order, or changes what it was made from.
  it.each([11, 12, 13])("forks at any message into the path to it, and stays as it was (seed %i)", (seed) => {
    const random = seeded(seed);
    const truth = temporaryTruth();
    const threads = createThreadStore(truth);
    const paths = createPathStore(truth, threads);
    const { id: thread } = threads.create([], { temperature: 0.5 });
    const answers: string[] = [];
    for (let step = 0; step < 12; step += 1) {
      const parent = answers.length > 0 && random() < 0.4 ? answers[Math.floor(random() * answers.length)] : undefined;
      const asked = threads.ask(`q${step}`, { thread, parent, collections: [], model: "m" });
      threads.finish(thread, asked.answer, { state: "complete", text: `a${step}` });
      answers.push(asked.answer);
    }
    const before = threads.messages(thread);
    for (const { id } of before) {
      const copy = threads.get(paths.fork(thread, id));
      const copied = threads.messages(copy.id);
      expect(copied.map(({ text }) => text)).toEqual(threads.path(thread, id).map(({ text }) => text));
      expect(copied.some((message) => before.some((other) => other.id === message.id))).toBe(false);
      expect(copied.map(({ parent }) => parent)).toEqual([null, ...copied.slice(0, -1).map((message) => message.id)]);
      expect(copy).toMatchObject({ leaf: copied.at(-1)?.id, forkedFrom: thread, settings: { temperature: 0.5 } });
      threads.remove(copy.id);
    }
    expect(threads.messages(thread)).toEqual(before);
  });
});

describe("an outline of a damaged tree", () => {
  // Catches a loop or a lost parent that never ends the walk: the conversation could not be opened again.
  it("ends where a parent is missing or was before", () => {
    const loop = createOutline([
      { id: "a", parent: "b", role: "user" },
      { id: "b", parent: "a", role: "assistant" },
    ]);
    expect(loop.pathTo("a")).toEqual(["b", "a"]);
    expect(["a", "b"]).toContain(loop.newestLeaf("a"));
    const torn = createOutline([{ id: "b", parent: "gone", role: "assistant" }]);
    expect(torn.pathTo("b")).toEqual(["b"]);
    expect(torn.pathTo("gone")).toEqual([]);
    expect(torn.pathTo(null)).toEqual([]);
    expect(torn.versions("gone")).toEqual(["gone"]);
    expect(torn.newestLeaf("gone")).toBe("b");
  });

  it("tells questions from answers that stand in the same place", () => {
    const outline = createOutline([
      { id: "a", parent: null, role: "user" },
      { id: "b", parent: "a", role: "assistant" },
      { id: "c", parent: "a", role: "user" },
      { id: "d", parent: "a", role: "assistant" },
    ]);
    expect(outline.versions("b")).toEqual(["b", "d"]);
    expect(outline.versions("c")).toEqual(["c"]);
    expect(outline.newestLeaf("a")).toBe("d");
  });
});
