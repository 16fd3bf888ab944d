import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Thread } from "../../../src/shared/contract/chat.ts";
import { Composer } from "../../../src/renderer/features/chat/composer/composer.tsx";
import { FindBar } from "../../../src/renderer/features/chat/transcript/find-bar.tsx";
import { NumberLine, TextLine } from "../../../src/renderer/features/chat/threads/setting-lines.tsx";
import { ThreadList } from "../../../src/renderer/features/chat/threads/thread-list.tsx";
import { ThreadTitleField } from "../../../src/renderer/features/chat/threads/thread-title-field.tsx";
import { tableCells, toTsv } from "../../../src/renderer/features/chat/answer/answer-marks.ts";
import { createAsks } from "../../../src/renderer/features/chat/asking/asks.ts";
import { AsksContext } from "../../../src/renderer/features/chat/asking/use-asks.ts";
import type { Attach } from "../../../src/renderer/features/chat/composer/use-attach.ts";
import type { ChosenCollections } from "../../../src/renderer/features/chat/composer/use-chosen-collections.ts";
import type { Command } from "../../../src/renderer/shell/commands.ts";
import { matchesKeys } from "../../../src/renderer/shell/keys.ts";
import { rankCommands } from "../../../src/renderer/shell/rank-commands.ts";
import { focusNextRegion } from "../../../src/renderer/shell/regions.ts";
import { UndoBar } from "../../../src/renderer/shell/undo-bar.tsx";
import { messages as settingMessages } from "../../../src/renderer/features/settings/messages.ts";
import { useObjects } from "../../../src/renderer/shell/use-objects.ts";
import { useBatchView } from "../../../src/renderer/view/batch-store.ts";
import { useChatView } from "../../../src/renderer/view/chat-store.ts";
import { createUndo, undoStore } from "../../../src/renderer/view/undo-store.ts";
import { useReader } from "../../../src/renderer/view/reader-store.ts";
import { disabledButton } from "../../helpers/batch-results.ts";
import { hostileTexts, isHarmless, markupOf, silentCroft, withInitial, wordsOf } from "../../helpers/markup.tsx";
import { seeded } from "../../helpers/random-text.ts";

const nothing = () => {};
const command = (title: string): Command => ({ id: title, title, group: "g", run: nothing });

describe("the next region", () => {
  /** A frame of regions as the window has them: which are seen, and which has the focus. */
  function frame(regions: { name: string; isSeen?: boolean }[], focused?: string) {
    const focus = vi.fn<(name: string) => void>();
    const active = { name: focused };
    const elements = regions.map(({ name, isSeen = true }) => ({
      checkVisibility: () => isSeen,
      contains: (other: unknown) => other === active && name === focused,
      focus: () => focus(name),
    }));
    // Of a document only these are read.
    focusNextRegion({ querySelectorAll: () => elements, activeElement: active } as unknown as Document);
    return focus.mock.calls.map(([name]) => name);
  }
  const all = [{ name: "rail" }, { name: "list" }, { name: "main" }];

  test("is the one after that which has the focus, and after the last the first", () => {
    expect(frame(all, "rail")).toEqual(["list"]);
    expect(frame(all, "main")).toEqual(["rail"]);
  });

  test("is the first when the focus is in none", () => {
    expect(frame(all)).toEqual(["rail"]);
  });

  // Catches: the focus sent to a closed list, where it is lost.
  test("leaves out what is not seen", () => {
    expect(frame([{ name: "rail" }, { name: "list", isSeen: false }, { name: "main" }], "rail")).toEqual(["main"]);
  });

  test("of a frame without any is none", () => {
    expect(frame([])).toEqual([]);
    expect(frame([{ name: "rail", isSeen: false }])).toEqual([]);
  });
});

describe("keys", () => {
  const presses = ["Mod+K", "Mod+1", "Mod+Shift+F", "Alt+ArrowLeft", "F6", "?", "Mod+,", "Mod+.", "Escape"] as const;
  const press = (keys: string, apple: boolean) => {
    const parts = keys.split("+");
    const main = parts.at(-1) ?? "";
    const has = (modifier: string) => parts.includes(modifier);
    return {
      key: main.length === 1 ? main.toLowerCase() : main,
      code: /^[A-Z]$/.test(main) ? `Key${main}` : /^\d$/.test(main) ? `Digit${main}` : main,
      ctrlKey: has("Mod") && !apple,
      metaKey: has("Mod") && apple,
      altKey: has("Alt"),
      shiftKey: has("Shift"),
    };
  };

  // Catches: two commands that one press would run, on either kind of machine.
  test.each([true, false])("a press is exactly the keys that it is made of (apple: %s)", (apple) => {
    for (const made of presses)
      for (const keys of presses) expect(matchesKeys(press(made, apple), keys, apple), `${made} ${keys}`).toBe(made === keys);
  });

  test.each([true, false])("no key is a command while a modifier more is held (apple: %s)", (apple) => {
    for (const keys of presses) {
      const made = press(keys, apple);
      expect(matchesKeys({ ...made, altKey: !made.altKey }, keys, apple), keys).toBe(false);
      expect(matchesKeys({ ...made, ctrlKey: true, metaKey: true }, keys, apple), keys).toBe(false);
    }
  });
});

describe("the rank of commands", () => {
  const titles = ["Go to Chat", "Chat settings", "Theme: dark", "New conversation", "Chat", "Search for a chat"];
  const commands = titles.map(command);
  const found = (query: string) => rankCommands(commands, query).map(({ title }) => title);

  test("begins with the title that begins with what is typed", () => {
    expect(found("chat").slice(0, 2)).toEqual(["Chat settings", "Chat"]);
    expect(found("chat")).toHaveLength(4);
  });

  test("needs every word, in any order and case", () => {
    expect(found("CHAT go")).toEqual(["Go to Chat"]);
    expect(found("chat dark")).toEqual([]);
  });

  test("asked for nothing keeps the order, and never hands out the list itself", () => {
    expect(found("  ")).toEqual(titles);
    expect(rankCommands(commands, "")).not.toBe(commands);
  });

  // Catches: signs of a pattern taken for more than signs.
  test.each([".*", "(", "\\", "[a-z]+", "$"])("takes %s as it is", (query) => {
    expect(found(query)).toEqual([]);
    expect(rankCommands([command(`a ${query} b`)], query)).toHaveLength(1);
  });

  test("of more letters finds no more than of fewer, for every begin of every title", () => {
    for (const title of titles)
      for (let length = 1; length < title.length; length += 1) {
        const [fewer, more] = [found(title.slice(0, length)), found(title.slice(0, length + 1))];
        expect(
          more.every((one) => fewer.includes(one)),
          title.slice(0, length + 1),
        ).toBe(true);
        expect(more).toContain(title);
      }
  });
});

describe("what can be opened by its name", () => {
  const ids = ["c1", "c2"];
  function objects(): Command[] {
    const croft = silentCroft();
    const { cache, orpc } = croft;
    cache.setQueryData(orpc.settings.list.queryKey({ input: {} }), [
      { key: "search.limit", value: 10, default: 10, description: "as core calls it" },
    ]);
    cache.setQueryData(
      orpc.knowledge.listCollections.queryKey({ input: {} }),
      ids.map((id) => ({ id, name: `Collection ${id}`, embedder: "e", documents: 1, chunks: 1, sources: 1, bytes: 1, createdAt: 0 })),
    );
    // The same document stands in both collections; of it only these are read.
    for (const collection of ids)
      cache.setQueryData(orpc.knowledge.listDocuments.queryKey({ input: { collection, limit: 1000 } }), [
        { id: "d1", title: "Deed", path: "/deed.pdf", textHash: "h", mime: "application/pdf", pages: 1, chunks: 1, bytes: 1, indexedAt: 0 },
      ] as never);
    let found: Command[] = [];
    function Reader() {
      found = useObjects();
      return null;
    }
    markupOf(<Reader />, { croft });
    return found;
  }

  // Catches: a document of two collections whose second row takes the place of its first, and core's words for a setting.
  test("has ids of its own and the words of the window, also for a document that two collections hold", () => {
    const found = objects();
    expect(found.map(({ title }) => title)).toEqual(["Collection c1", "Collection c2", settingMessages["search.limit"], "Deed", "Deed"]);
    expect(new Set(found.map(({ id }) => id)).size).toBe(5);
    expect(found.map(({ group }) => group)).toEqual(["Collection", "Collection", "Setting", "Document", "Document"]);
  });

  test("that is a document is opened in the reader, without a mark", () => {
    const navigated = objects().at(-1);
    useReader.getState().close();
    navigated?.run();
    expect(useReader.getState().evidence).toEqual([{ document: { id: "d1", title: "Deed", path: "/deed.pdf" }, textHash: "h", label: "" }]);
    useReader.getState().close();
  });
});

describe("the way back", () => {
  const bar = (state: Partial<ReturnType<typeof undoStore.getInitialState>>) => withInitial(undoStore, state, () => markupOf(<UndoBar />));
  const removal = (id: string) => ({ id, text: `Deleted “${id}”`, send: vi.fn<() => Promise<unknown>>(async () => undefined) });
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("is not there when nothing was taken away", () => {
    expect(bar({})).toBe("");
  });

  test("says aloud what was taken away, and offers to have it back", () => {
    const markup = bar({ waiting: removal("Letters") });
    expect(markup).toMatch(/<p role="status"[^>]*>Deleted “Letters”/);
    expect(wordsOf(markup)).toContain("Undo");
  });

  // Catches: `INTERNAL` in place of what core said.
  test("says what core refused, in its own words, until it is closed", () => {
    const markup = bar({ problem: { code: "CONFLICT", message: "It is being indexed.", hint: "Wait for it." } });
    expect(wordsOf(markup)).toContain("It is being indexed. Wait for it. CONFLICT");
    expect(markup).toContain('aria-label="Close"');
  });

  test.each(hostileTexts)("of something called %s stays text", (text) => {
    expect(isHarmless(bar({ waiting: removal(text) }))).toBe(true);
  });

  // Catches: something sent twice, sent though it was taken back, or hidden for good.
  test.each([1, 2, 3, 4, 5, 6])("through any order of hands and time sends each removal once or never (%i)", async (seed) => {
    const random = seeded(seed);
    const store = createUndo();
    const held: ReturnType<typeof removal>[] = [];
    const undone = new Set<string>();
    for (let step = 0; step < 60; step += 1) {
      const way = random();
      if (way < 0.4) {
        const next = removal(`r${step}`);
        held.push(next);
        store.getState().hold(next);
      } else if (way < 0.6) {
        const { waiting } = store.getState();
        if (waiting) undone.add(waiting.id);
        store.getState().undo();
      } else await vi.advanceTimersByTimeAsync(Math.floor(random() * 12_000));
    }
    await vi.advanceTimersByTimeAsync(20_000);
    for (const { id, send } of held) expect(send.mock.calls.length, id).toBe(undone.has(id) ? 0 : 1);
    expect(store.getState()).toMatchObject({ waiting: undefined, hidden: [], problem: undefined });
  });
});

describe("drafts of runs", () => {
  const draft = (path: string) => ({ paths: [path], recipe: { name: "invoice" }, watch: false });

  test("are kept by run and dropped alone", () => {
    const { setDraft, dropDraft } = useBatchView.getState();
    setDraft("new", draft("/a"));
    setDraft("r1", draft("/b"));
    setDraft("new", draft("/c"));
    dropDraft("r1");
    dropDraft("unknown");
    expect(useBatchView.getState().drafts).toEqual({ new: draft("/c") });
    dropDraft("new");
    expect(useBatchView.getState().drafts).toEqual({});
  });
});

describe("the place to ask", () => {
  const chosen: ChosenCollections = {
    all: [],
    collections: [],
    toSend: undefined,
    effort: undefined,
    choose: nothing,
    chooseEffort: nothing,
  };
  const attach: Attach = { add: nothing, remove: nothing, reading: [], stop: nothing, problem: undefined };
  const composer = (draft: string, { running = false, reading = [] }: { running?: boolean; reading?: Attach["reading"] } = {}) =>
    withInitial(useChatView, { drafts: { t: draft } }, () =>
      markupOf(
        <AsksContext value={createAsks({ ask: () => new Promise(() => {}), onSettled: nothing })}>
          <Composer
            threadKey="t"
            end={undefined}
            chosen={chosen}
            attach={{ ...attach, reading }}
            running={running}
            onSend={nothing}
            onStop={nothing}
          />
        </AsksContext>,
      ),
    );

  test.each(["", " ", "\n\t"])("with %j asks nothing", (draft) => {
    expect(disabledButton(composer(draft), "Ask")).toBe(true);
  });

  test("with a question asks it, and keeps what was typed", () => {
    expect(disabledButton(composer("Who?"), "Ask")).toBe(false);
    expect(composer("Who?\nWhen?")).toMatch(/<textarea[^>]*>Who\?\nWhen\?<\/textarea>/);
  });

  test("offers to stop an answer instead of asking a second", () => {
    const words = wordsOf(composer("Who?", { running: true }));
    expect(words).toMatch(/Stop$/);
    expect(words).not.toMatch(/Ask$/);
  });

  test.each(hostileTexts)("with %s typed shows it as text", (text) => {
    expect(isHarmless(composer(text))).toBe(true);
  });
});

describe("conversations", () => {
  const thread = (id: string, title: string): Thread => ({
    id,
    title,
    titled: "rule",
    collections: [],
    settings: {},
    leaf: null,
    messages: 2,
    createdAt: 0,
    updatedAt: 0,
  });
  const list = (threads: Thread[] | undefined, hidden: string[] = []) => {
    const croft = silentCroft();
    if (threads) croft.cache.setQueryData(croft.orpc.chat.listThreads.queryKey({ input: { limit: 200 } }), threads);
    return withInitial(undoStore, { hidden }, () => markupOf(<ThreadList />, { croft, at: "/chat/b" }));
  };

  test("are listed with the one that is open marked", () => {
    const markup = list([thread("a", "The lamp"), thread("b", "The deed")]);
    expect([...markup.matchAll(/aria-current="page"[^>]*href="([^"]*)"|href="([^"]*)"[^>]*aria-current="page"/g)]).toHaveLength(1);
    expect(wordsOf(markup)).toContain("The lamp The deed");
  });

  // Catches: a conversation that is shown again while its deletion waits.
  test("that were just deleted are not listed, and the last one leaves an empty list", () => {
    expect(wordsOf(list([thread("a", "The lamp"), thread("b", "The deed")], ["a"]))).not.toContain("The lamp");
    expect(wordsOf(list([thread("a", "The lamp")], ["a"]))).toBe(wordsOf(list([])));
  });

  test("still on their way are told from none", () => {
    expect(list(undefined)).toContain("Loading conversations");
    expect(list([])).not.toContain("Loading conversations");
  });

  test.each(hostileTexts)("called %s stay text", (text) => {
    expect(isHarmless(list([thread("a", text)]))).toBe(true);
  });
});

describe("small fields of a conversation", () => {
  test("finding begins with nothing found and nowhere to go", () => {
    const markup = markupOf(<FindBar thread="t" onClose={nothing} />);
    expect(markup).toMatch(/^<form role="search"/);
    expect(markup.match(/<button[^>]*disabled=""/g)).toHaveLength(2);
    expect(markup).toMatch(/<span role="status"[^>]*><\/span>/);
  });

  test("a title is typed into a field that says what it is, no longer than core takes", () => {
    expect(markupOf(<ThreadTitleField title="The lamp" onDone={nothing} />)).toMatch(/maxLength="200"/i);
  });

  // Catches: a number that core would refuse, shown as if it were kept.
  test.each([
    [undefined, true],
    [0, true],
    [2, true],
    [1.5, true],
    [-0.1, false],
    [2.1, false],
    [Number.NaN, false],
  ])("the number %s between 0 and 2 is in order: %s", (value, isValid) => {
    const markup = markupOf(
      <NumberLine title="Heat" note="Less is dull" placeholder="0.2" value={value} min={0} max={2} step={0.1} onChange={nothing} />,
    );
    expect(markup.includes('aria-invalid="true"')).toBe(!isValid);
    expect(wordsOf(markup).includes("Less is dull")).toBe(isValid);
    // What is wrong is said of the field itself, to the ear too.
    const id = /aria-describedby="([^"]*)"/.exec(markup)?.[1];
    expect(markup).toContain(`id="${id}"`);
  });

  test("where whole numbers are wanted a part of one is none", () => {
    const at = (value: number) =>
      markupOf(<NumberLine title="Most" placeholder="" value={value} min={1} max={10} step={1} onChange={nothing} />);
    expect(at(3)).toContain('aria-invalid="false"');
    expect(at(3.5)).toContain('aria-invalid="true"');
  });

  test.each(hostileTexts)("%s as an instruction stays text", (text) => {
    expect(isHarmless(markupOf(<TextLine title="T" placeholder="" value={text} onChange={nothing} />))).toBe(true);
  });
});

// Catches: a cell with a tab or a line that breaks the table apart where it is pasted.
test("a table that is copied has as many cells and rows as on screen, whatever stands in them", () => {
  const random = seeded(4);
  const pieces = ["a", "1,5", "x y", "**b**", "`c`", "\\|", "é", "", "  ", "-", "[1]", "$5"];
  for (let turn = 0; turn < 60; turn += 1) {
    const [columns, count] = [1 + Math.floor(random() * 4), 1 + Math.floor(random() * 5)];
    const row = () => Array.from({ length: columns }, () => pieces[Math.floor(random() * pieces.length)]).join(" | ");
    const lines = [`| ${Array.from({ length: columns }, (_, index) => `h${index}`).join(" | ")} |`, `|${" --- |".repeat(columns)}`];
    for (let index = 0; index < count; index += 1) lines.push(`| ${row()} |`);
    const cells = tableCells(lines.join("\n"));
    const copied = toTsv(cells).split("\n");
    expect(copied).toHaveLength(count + 1);
    for (const line of copied) expect(line.split("\t").length, line).toBe(columns);
  }
});
