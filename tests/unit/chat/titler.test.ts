import { describe, expect, it } from "vitest";
import { createFakeGeneration } from "../../../src/main/engines/fakes/fake-generation.ts";
import { createThreadStore } from "../../../src/main/features/chat/threads/thread-store.ts";
import { checkedTitle, titleByRule } from "../../../src/main/features/chat/threads/title.ts";
import { createTitler } from "../../../src/main/features/chat/threads/titler.ts";
import { createLogger } from "../../../src/main/core/logger.ts";
import { localProvider } from "../../../src/main/providers/local-provider.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

describe("a title by rule", () => {
  it.each([
    ["What is a  croft?\nTell me.", "What is a croft? Tell me."],
    ["Hello, can you please explain the tide table?", "Explain the tide table?"],
    ["Bitte erkläre den Gezeitenplan.", "Erkläre den Gezeitenplan."],
    ["hi", "hi"],
    [`${"word ".repeat(40)}`, `${"word ".repeat(15).trim()}…`],
  ])("of %j is %j", (question, title) => {
    expect(titleByRule(question)).toBe(title);
  });
});

describe("a title by a model", () => {
  const said = [{ text: "Who built the lighthouse at Kell Point?" }, { text: "It was built by the Stevensons." }];

  // Catches: what small models reply instead of a title: themselves, a sentence, another matter, the prompt.
  it.each([
    ['"Lighthouse at Kell Point"', "Lighthouse at Kell Point"],
    ["Title: **Builders of the lighthouse**", "Builders of the lighthouse"],
    ["I'm a helpful assistant", undefined],
    ["The lighthouse at Kell Point was built by the Stevensons in the year of 1874 or so", undefined],
    ["Lighthouse\nand more", undefined],
    ["", undefined],
  ])("%j becomes %j", (reply, title) => {
    expect(checkedTitle(reply, said)).toBe(title);
  });

  function setUp(reply = "Lighthouse at Kell Point") {
    const truth = temporaryTruth();
    const threads = createThreadStore(truth);
    const named = Promise.withResolvers<void>();
    truth.onEvents(
      (events) => events.some(({ kind }) => kind === "thread.changed") && threads.get(thread).titled === "model" && named.resolve(),
    );
    const provider = localProvider({
      host: createFakeGeneration({ reply: () => reply }),
      resolveGguf: async (name) => ({ path: name, trainContextTokens: 0 }),
      threads: () => 1,
      sequences: 1,
      contextTokens: () => 4096,
    });
    const titler = createTitler({
      threads,
      chatModel: (id) => provider(id.replace("local:", "")),
      log: createLogger(() => {}, Date.now),
      idleMs: 1,
    });
    const turn = threads.ask(said[0]!.text, { thread: undefined, parent: undefined, collections: [], model: "local:m" });
    const { thread } = turn;
    threads.finish(thread, turn.answer, {
      state: "complete",
      text: said[1]!.text,
      answer: {
        question: said[0]!.text,
        thread,
        message: turn.answer,
        model: "local:m",
        answer: said[1]!.text,
        refused: false,
        evidenceScore: 0,
        sentences: [],
        citations: [],
        usage: { promptTokens: 1, completionTokens: 1 },
        timings: { load: 0, retrieval: 0, sources: 0, firstToken: 0, total: 0 },
        read: { passages: 0, matched: 0 },
      },
    });
    return { threads, titler, provider, thread, named: named.promise };
  }

  it("is given in the background by a model that is loaded anyway", async () => {
    const { threads, titler, provider, thread, named } = setUp();
    await (await provider("m")).warm([]);
    titler.answered(thread);
    await named;
    expect(threads.get(thread)).toMatchObject({ title: "Lighthouse at Kell Point", titled: "model" });
    await titler.close();
  });

  it("never replaces a person's, loads no model and is not thought of after the end", async () => {
    const { threads, titler, provider, thread } = setUp();
    titler.answered(thread);
    await titler.close();
    await (await provider("m")).warm([]);
    threads.rename(thread, "Mine", "person");
    titler.answered(thread);
    await titler.close();
    expect(threads.get(thread)).toMatchObject({ title: "Mine", titled: "person" });
  });
});
