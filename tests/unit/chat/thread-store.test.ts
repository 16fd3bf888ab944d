import { describe, expect, it } from "vitest";
import { createThreadStore } from "../../../src/main/features/chat/threads/thread-store.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const plain = { thread: undefined, parent: undefined, collections: [], model: "m" };

function setUp() {
  const truth = temporaryTruth();
  return { truth, threads: createThreadStore(truth) };
}

describe("threads", () => {
  it("begin with a question and the place of its answer, durable before the first token", () => {
    const { truth, threads } = setUp();
    const turn = threads.ask("What is  a\ncroft?", plain);
    const again = createThreadStore(truth);
    expect(again.get(turn.thread)).toMatchObject({ title: "What is a croft?", leaf: turn.answer, messages: 2 });
    expect(again.messages(turn.thread).map(({ role, state }) => [role, state])).toEqual([
      ["user", "complete"],
      ["assistant", "streaming"],
    ]);
  });

  it("go on at the leaf, and branch at any other message without touching what is there", () => {
    const { threads } = setUp();
    const first = threads.ask("1", plain);
    const second = threads.ask("2", { ...plain, thread: first.thread });
    const branch = threads.ask("2 again", { ...plain, thread: first.thread, parent: first.answer });
    expect(second.parent).toBe(first.answer);
    expect(branch.parent).toBe(first.answer);
    expect(threads.messages(first.thread)).toHaveLength(6);
    expect(threads.path(first.thread, second.answer).map(({ text, role }) => (role === "user" ? text : "·"))).toEqual(["1", "·", "2", "·"]);
    expect(threads.get(first.thread).leaf).toBe(branch.answer);
    expect(threads.selectLeaf(first.thread, second.answer).leaf).toBe(second.answer);
  });

  it("take another first question beside the one they began with", () => {
    const { threads } = setUp();
    const first = threads.ask("1", plain);
    const other = threads.ask("1, put better", { ...plain, thread: first.thread, parent: null });
    expect(other).toMatchObject({ thread: first.thread, parent: null });
    expect(threads.path(first.thread, other.answer).map(({ id }) => id)).toEqual([other.question, other.answer]);
    expect(threads.path(first.thread, first.answer).map(({ id }) => id)).toEqual([first.question, first.answer]);
  });

  it("keep what was streamed when Croft dies, marked as stopped", () => {
    const { truth, threads } = setUp();
    const turn = threads.ask("q", plain);
    threads.saveText(turn.answer, "half an ans");
    const reopened = createThreadStore(truth);
    expect(reopened.recover()).toBe(1);
    expect(reopened.message(turn.thread, turn.answer)).toMatchObject({ state: "stopped", text: "half an ans" });
    expect(reopened.recover()).toBe(0);
  });

  it("never let a late token overwrite a finished answer", () => {
    const { threads } = setUp();
    const turn = threads.ask("q", plain);
    threads.finish(turn.thread, turn.answer, { state: "complete", text: "whole" });
    threads.saveText(turn.answer, "late");
    expect(threads.message(turn.thread, turn.answer).text).toBe("whole");
  });

  it("refuse a message of another thread as a parent or leaf", () => {
    const { threads } = setUp();
    const a = threads.ask("a", plain);
    const b = threads.ask("b", plain);
    expect(() => threads.ask("x", { ...plain, thread: a.thread, parent: b.answer })).toThrowError(
      expect.objectContaining({ code: "NOT_FOUND" }),
    );
    expect(() => threads.selectLeaf(a.thread, b.answer)).toThrowError(expect.objectContaining({ code: "NOT_FOUND" }));
    expect(threads.get(a.thread).messages).toBe(2);
  });

  it("are listed by what was used last, a page at a time", () => {
    const { threads } = setUp();
    const [a, b, c] = ["a", "b", "c"].map((question) => threads.ask(question, plain).thread);
    threads.ask("again", { ...plain, thread: a });
    const page = threads.list(2, undefined);
    expect(page.map(({ id }) => id)).toEqual([a, c]);
    expect(threads.list(2, page[1]?.updatedAt).map(({ id }) => id)).toEqual([b]);
  });

  it("go with all their messages", () => {
    const { threads, truth } = setUp();
    const { thread } = threads.ask("q", plain);
    threads.remove(thread);
    expect(() => threads.get(thread)).toThrowError(expect.objectContaining({ code: "NOT_FOUND" }));
    expect(truth.db.prepare("SELECT count(*) AS n FROM messages").get()).toEqual({ n: 0 });
  });

  it("cut a long first question to a title without breaking a character", () => {
    const { threads } = setUp();
    const { thread } = threads.ask(`${"x".repeat(78)}😀😀😀`, plain);
    const { title } = threads.get(thread);
    expect(title.length).toBeLessThanOrEqual(80);
    expect(title.isWellFormed()).toBe(true);
  });
});
