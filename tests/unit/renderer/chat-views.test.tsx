import { describe, expect, test } from "vitest";
import type { Answer, Context, PathMessage, Preset, Thread, ThreadHit, Trace } from "../../../src/shared/contract/chat.ts";
import type { Collection } from "../../../src/shared/contract/knowledge.ts";
import type { Model } from "../../../src/shared/contract/models.ts";
import type { Croft } from "../../../src/renderer/api/croft.ts";
import { AnswerActions } from "../../../src/renderer/features/chat/answer/answer-actions.tsx";
import { tableCells } from "../../../src/renderer/features/chat/answer/answer-marks.ts";
import { AnswerTable } from "../../../src/renderer/features/chat/answer/answer-table.tsx";
import { AnswerTrace } from "../../../src/renderer/features/chat/answer/answer-trace.tsx";
import { createAsks } from "../../../src/renderer/features/chat/asking/asks.ts";
import { ChatEmpty } from "../../../src/renderer/features/chat/chat-empty.tsx";
import { CodeBlock } from "../../../src/renderer/features/chat/answer/code-block.tsx";
import { CollectionPicker } from "../../../src/renderer/features/chat/composer/collection-picker.tsx";
import { ContextTray } from "../../../src/renderer/features/chat/composer/context-tray.tsx";
import { QuestionEditor } from "../../../src/renderer/features/chat/transcript/question-editor.tsx";
import { NewThreadHeader, ThreadHeader } from "../../../src/renderer/features/chat/threads/thread-header.tsx";
import { ThreadHits } from "../../../src/renderer/features/chat/threads/thread-hits.tsx";
import { ThreadSettingsPanel } from "../../../src/renderer/features/chat/threads/thread-settings-panel.tsx";
import { AsksContext } from "../../../src/renderer/features/chat/asking/use-asks.ts";
import type { Attach } from "../../../src/renderer/features/chat/composer/use-attach.ts";
import type { ChosenCollections } from "../../../src/renderer/features/chat/composer/use-chosen-collections.ts";
import type { Turns } from "../../../src/renderer/features/chat/transcript/use-turns.ts";
import { VersionSwitch } from "../../../src/renderer/features/chat/transcript/version-switch.tsx";
import { useChatView } from "../../../src/renderer/view/chat-store.ts";
import { hostileTexts, isHarmless, markupOf, passageOf, silentCroft, withInitial, wordsOf } from "../../helpers/markup.tsx";
import { inTestLanguage, unturnedWords } from "../../helpers/mirrored.ts";

const turns: Turns = { busy: false, ask() {}, edit() {}, again() {}, select() {}, fork() {}, problem: null };
const attach: Attach = { add() {}, remove() {}, reading: [], stop() {}, problem: undefined };

const collection = (name: string, documents = 3): Collection => ({
  id: name,
  name,
  embedder: "local:e",
  documents,
  chunks: 9,
  sources: 1,
  bytes: 1000,
  createdAt: 0,
});
const chosen = (collections: Collection[] = []): ChosenCollections => ({
  all: [collection("Harbour"), collection("Letters")],
  collections,
  toSend: undefined,
  effort: undefined,
  choose() {},
  chooseEffort() {},
});
const thread = (more: Partial<Thread> = {}): Thread => ({
  id: "t",
  title: "The lamp",
  titled: "rule",
  collections: [],
  settings: {},
  leaf: null,
  messages: 2,
  createdAt: 0,
  updatedAt: 0,
  ...more,
});
const answer = (more: Partial<Answer> = {}): Answer => ({
  question: "q",
  thread: "t",
  message: "m",
  model: "local:a",
  answer: "A",
  refused: false,
  evidenceScore: 0.5,
  sentences: [],
  citations: [],
  timings: { load: 0, retrieval: 1, sources: 2, firstToken: 3, total: 4 },
  usage: { promptTokens: 1, completionTokens: 1, tokensPerSecond: 10 },
  read: { passages: 0, matched: 0 },
  ...more,
});
const message = (more: Partial<PathMessage> = {}): PathMessage => ({
  id: "m",
  parent: null,
  role: "assistant",
  text: "An answer.",
  state: "complete",
  createdAt: 0,
  versions: ["m"],
  ...more,
});

describe("versions of a message", () => {
  const versions = (more: Partial<PathMessage>) => markupOf(<VersionSwitch message={message(more)} onSelect={() => {}} />);

  test("are no control where there is but one", () => {
    expect(versions({})).toBe("");
  });

  // Catches: a count that begins at nought, and an end that can be gone beyond.
  test("say which of them is open, and lead no further than their ends", () => {
    const first = versions({ versions: ["m", "n", "o"] });
    expect(wordsOf(first)).toContain("1/3");
    expect(/<button[^>]*aria-label="Previous version of the answer"[^>]*>/.exec(first)?.[0]).toContain("disabled");
    expect(/<button[^>]*aria-label="Next version of the answer"[^>]*>/.exec(first)?.[0]).not.toMatch(/\sdisabled=/);
    const last = versions({ versions: ["k", "l", "m"], role: "user" });
    expect(wordsOf(last)).toContain("3/3");
    expect(/<button[^>]*aria-label="Next version of the question"[^>]*>/.exec(last)?.[0]).toContain("disabled");
  });
});

describe("what can be done with an answer", () => {
  const actions = (more: Partial<PathMessage> = {}, isLast = true) =>
    markupOf(<AnswerActions message={message(more)} turns={turns} isLast={isLast} trace={{ isOpen: false, toggle: () => {} }} />);

  // Catches: "Continue" on an answer that ended by itself, or none on one that was stopped or cut.
  test.each([
    ["one that ended by itself", {}, false],
    ["one that was stopped", { state: "stopped" as const }, true],
    ["one that was cut", { answer: answer({ cut: true }) }, true],
    ["a stopped one without a word", { state: "stopped" as const, text: "" }, false],
  ])("%s", (_, more, goesOn) => {
    expect(wordsOf(actions(more)).includes("Continue")).toBe(goesOn);
    expect(wordsOf(actions(more, false))).not.toContain("Continue");
  });

  test("each has a name and its key", () => {
    const markup = actions();
    for (const [name, key] of [
      ["Copy with footnotes", "c"],
      ["Answer again", "r"],
      ["Fork the conversation here", "f"],
      ["What was read", "t"],
    ])
      expect(markup).toMatch(new RegExp(`<button[^>]*aria-label="${name}"[^>]*>|<button[^>]*data-key="${key}"[^>]*>`));
    expect(unturnedWords(inTestLanguage(() => actions({ state: "stopped" })))).toEqual([]);
  });
});

describe("what was read for an answer", () => {
  function traced(trace: Trace, of: PathMessage = message()): string {
    const croft = silentCroft();
    croft.cache.setQueryData(croft.orpc.chat.trace.queryKey({ input: { message: of.id } }), trace);
    return markupOf(<AnswerTrace message={of} />, { croft });
  }
  const steps: Trace["steps"] = [
    { name: "retrieval", durationMs: 31, attributes: { passages: 3, matched: 1204 } },
    {
      name: "chat",
      durationMs: 1200,
      attributes: { "gen_ai.usage.input_tokens": 1800, "gen_ai.usage.output_tokens": 40, "croft.cached_tokens": 512 },
    },
    { name: "tool.unheard", durationMs: 5, attributes: {} },
  ];

  test("is told in words: how many of how many, what was read and what was known", () => {
    const words = wordsOf(traced({ passages: [passageOf(1)], steps }));
    expect(words).toContain("1 passage read, 0 quoted");
    expect(words).toContain("Search 31 ms 3 passages of 1,204 that matched");
    expect(words).toContain("Model 1.2 s 1,800 tokens read, 512 of them known from before, 40 written");
    expect(words).toContain("tool.unheard 5 ms");
  });

  test("that was nothing is said, and a deleted document does not leave an empty line", () => {
    expect(wordsOf(traced({ passages: [], steps: [] }))).toBe("No passage was read for this answer.");
    expect(wordsOf(traced({ passages: [passageOf(1, { text: "" })], steps: [] }))).toContain("The document was deleted since.");
  });

  test("has no word that the test language does not turn", () => {
    const markup = inTestLanguage(() => traced({ passages: [passageOf(1)], steps: steps.slice(0, 2) }));
    expect(unturnedWords(markup, ["Document 1", "Text of passage 1"])).toEqual([]);
  });
});

describe("what will be sent", () => {
  const context = (more: Partial<Context> = {}): Context => ({
    model: "local:smollm2",
    contextTokens: 4096,
    counted: "tokenizer",
    parts: [
      { kind: "system", title: "Rules", tokens: 120 },
      { kind: "question", title: "The question", tokens: 8 },
    ],
    ...more,
  });

  function tray(data: Context, { open = false, reading = [] as string[] } = {}): string {
    const croft = silentCroft();
    for (const input of [
      { question: "", collections: [], thread: "t" },
      { question: "", collections: [] },
    ])
      croft.cache.setQueryData(croft.orpc.chat.context.queryKey({ input }), data);
    return withInitial(useChatView, { trayOpen: open }, () =>
      markupOf(
        <AsksContext value={createAsks({ ask: () => new Promise(() => {}), onSettled: () => {} })}>
          <ContextTray threadKey="t" end={undefined} chosen={chosen()} attach={{ ...attach, reading }} question="" running={false} />
        </AsksContext>,
        { croft },
      ),
    );
  }
  const attachment = { id: "a", name: "lamp.pdf", path: "/files/lamp.pdf", pages: 12, type: "pdf", bytes: 1, createdAt: 0 };

  // Catches: a sum that looks counted while it is a guess, and a full context that is not said.
  test("is a sum that says whether it was counted", () => {
    expect(wordsOf(tray(context()))).toContain("128 of 4,096 tokens");
    expect(wordsOf(tray(context()))).not.toContain("about");
    expect(wordsOf(tray(context({ counted: "estimate" })))).toContain("about 128 of 4,096 tokens");
    expect(wordsOf(tray(context({ contextTokens: 100 })))).toContain("Too long: shorten the question");
    expect(wordsOf(tray(context()))).not.toContain("Too long");
  });

  test("names each part when it is opened, what was left out, and who counted", () => {
    const data = context({ parts: [{ kind: "history", title: "Conversation", tokens: 900, leftOut: 1 }] });
    const words = wordsOf(tray(data, { open: true }));
    expect(words).toContain("Conversation, 1 older message left out");
    expect(words).toContain("Counted by the tokenizer of smollm2.");
    expect(wordsOf(tray({ ...data, counted: "estimate" }, { open: true }))).toContain("the model is not loaded yet");
  });

  test("tells a file whole or searched, and by how many pages", () => {
    const file = (part: object) =>
      wordsOf(tray(context({ parts: [{ kind: "attachment", title: "lamp.pdf", tokens: 1, attachment, ...part }] as never })));
    expect(file({})).toContain("lamp.pdf whole, 1 token");
    expect(file({ tokens: 900 })).toContain("whole, 900 tokens");
    expect(file({ searched: true })).toContain("searched, 12 pages");
    expect(file({ searched: true, attachment: { ...attachment, pages: 1 } })).toMatch(/searched(?!,)/);
  });

  test("shows the files that are being read, and how to stop", () => {
    const words = wordsOf(tray(context(), { reading: ["a.pdf", "b.pdf"] }));
    expect(words).toContain("Reading a.pdf");
    expect(words).toContain("Reading b.pdf");
    expect(words).toContain("Stop reading");
  });

  test("has no word that the test language does not turn", () => {
    const markup = inTestLanguage(() => tray(context({ counted: "estimate" }), { open: true, reading: ["a.pdf"] }));
    expect(unturnedWords(markup, ["Rules", "The question", "a.pdf"])).toEqual([]);
  });
});

describe("a conversation that begins", () => {
  function empty(collections: Collection[], { all = [collection("Harbour")], models = [] as Partial<Model>[] } = {}): string {
    const croft = silentCroft();
    croft.cache.setQueryData(croft.orpc.knowledge.listCollections.queryKey({ input: {} }), all);
    croft.cache.setQueryData(croft.orpc.models.list.queryKey({ input: {} }), models as Model[]);
    return markupOf(<ChatEmpty collections={collections} onAsk={() => {}} />, { croft });
  }

  test("offers questions about what is chosen, and none where nothing is", () => {
    const words = wordsOf(empty([collection("Harbour"), collection("Letters")]));
    expect(words).toContain("Ask about “Harbour”, “Letters”");
    expect(words).toContain("What are these documents about?");
    expect(wordsOf(empty([]))).not.toContain("What are these documents about?");
    expect(wordsOf(empty([]))).toContain("No collection is chosen");
  });

  test("has no word that the test language does not turn", () => {
    expect(
      unturnedWords(
        inTestLanguage(() => empty([collection("Harbour")])),
        ["Harbour"],
      ),
    ).toEqual([]);
    expect(unturnedWords(inTestLanguage(() => empty([], { all: [] })))).toEqual([]);
  });
});

describe("the head of a conversation", () => {
  const head = (more: Partial<Thread> = {}) => markupOf(<ThreadHeader thread={thread(more)} onFind={() => {}} />);

  test("is one heading, with the number of messages in words", () => {
    expect(head().match(/<h1/g)).toHaveLength(1);
    expect(wordsOf(head())).toContain("The lamp");
    expect(wordsOf(head())).toContain("2 messages");
    expect(wordsOf(head({ messages: 1 }))).toMatch(/1 message(?!s)/);
    expect(wordsOf(head({ messages: 5000 }))).toContain("5,000 messages");
    expect(markupOf(<NewThreadHeader />).match(/<h1/g)).toHaveLength(1);
  });

  test.each(hostileTexts)("holds whatever title a model gave it: %s", (title) => {
    expect(isHarmless(head({ title }))).toBe(true);
  });
});

describe("how a conversation is answered", () => {
  function panel(settings: Thread["settings"], presets: Preset[] = []): string {
    const croft: Croft = silentCroft();
    croft.cache.setQueryData(croft.orpc.chat.listPresets.queryKey({ input: {} }), presets);
    croft.cache.setQueryData(croft.orpc.models.list.queryKey({ input: {} }), []);
    return markupOf(<ThreadSettingsPanel threadKey="t" thread={thread({ settings })} chosen={chosen()} />, { croft });
  }
  const preset = (name: string, settings: Preset["settings"]): Preset =>
    ({ id: name, name, settings, createdAt: 0, updatedAt: 0 }) as Preset;

  // Catches: a preset shown as chosen after one of its values was changed.
  test("names the preset whose every value it has, and no other", () => {
    const brief = preset("Brief", { maxTokens: 60, temperature: 0.2 });
    const selected = (markup: string) =>
      /<option value="([^"]*)" selected="">/.exec(markup.slice(markup.indexOf('aria-label="Preset"')))?.[1];
    expect(selected(panel({ temperature: 0.2, maxTokens: 60 }, [brief]))).toBe("Brief");
    expect(selected(panel({ temperature: 0.3, maxTokens: 60 }, [brief]))).toBe("");
    expect(selected(panel({ temperature: 0.2, maxTokens: 60, contextTokens: 512 }, [brief]))).toBe("");
  });

  test("offers no choice of presets while there is none, and a field to make one", () => {
    expect(panel({})).not.toContain('aria-label="Preset"');
    expect(panel({})).toContain('aria-label="Name of the preset"');
  });

  test("can be made wider by keyboard", () => {
    expect(panel({})).toMatch(/role="separator"[^>]*aria-label="Width of How this conversation is answered"[^>]*tabindex="0"/i);
  });

  test("has no word that the test language does not turn", () => {
    expect(
      unturnedWords(
        inTestLanguage(() => panel({}, [preset("Brief", {})])),
        ["Brief"],
      ),
    ).toEqual([]);
  });
});

describe("what was found in conversations", () => {
  const hit = (n: number, more: Partial<ThreadHit> = {}): ThreadHit =>
    ({
      thread: `t${n}`,
      message: `m${n}`,
      role: "assistant",
      title: `Title ${n}`,
      snippet: [
        { text: "a ", hit: false },
        { text: "lamp", hit: true },
      ],
      at: 0,
      ...more,
    }) as ThreadHit;

  function hits(found: ThreadHit[]): string {
    const croft = silentCroft();
    for (const limit of [10, 20, 30, 40, 50, 100])
      croft.cache.setQueryData(croft.orpc.chat.searchThreads.queryKey({ input: { query: "lamp", limit } }), found);
    return markupOf(<ThreadHits query="lamp" />, { croft });
  }

  test("says who said it, marks it, and leads to the message", () => {
    const markup = hits([hit(1), hit(2, { role: "user" })]);
    expect(wordsOf(markup)).toContain("Answer in Title 1");
    expect(wordsOf(markup)).toContain("Question in Title 2");
    expect(markup).toContain("/chat/t1?at=m1");
    expect(markup.match(/<mark[^>]*>lamp<\/mark>/g)).toHaveLength(2);
    expect(wordsOf(markup)).toContain("2 places");
  });

  test("that is nothing is said", () => {
    expect(wordsOf(hits([]))).toBe("Nothing was said in these words.");
  });

  test.each(hostileTexts)("shows a title and words as they were said: %s", (text) => {
    expect(isHarmless(hits([hit(1, { title: text, snippet: [{ text, hit: true }] })]))).toBe(true);
  });
});

describe("small parts", () => {
  test("code says its language, or that it is code, and can be copied by its name", () => {
    expect(markupOf(<CodeBlock code="a = 1" language="python" />)).toContain('aria-label="Code, python"');
    expect(markupOf(<CodeBlock code="a = 1" language={undefined} />)).toContain('aria-label="Code"');
    expect(markupOf(<CodeBlock code="a = 1" language={undefined} />)).toContain('aria-label="Copy the code"');
  });

  test("a table that scrolls can be reached by keyboard and copied for a spreadsheet", () => {
    const markup = markupOf(<AnswerTable cells={tableCells("| a | b |\n|---|---|\n| 1 | 2 |")} />);
    expect(markup).toMatch(/aria-label="Table"[^>]*tabindex="0"/i);
    expect(markup).toContain('aria-label="Copy the table for a spreadsheet"');
  });

  test("collections that are read are named, each with a way to leave it out", () => {
    const markup = markupOf(<CollectionPicker chosen={chosen([collection("Harbour")])} />);
    expect(markup).toContain('aria-label="Leave out Harbour"');
    expect(wordsOf(markupOf(<CollectionPicker chosen={chosen()} />))).toContain("No sources");
  });

  test("a question that is edited says that nothing is lost", () => {
    expect(wordsOf(markupOf(<QuestionEditor text="Who?" onAsk={() => {}} onCancel={() => {}} />))).toContain("The former version is kept.");
  });
});
