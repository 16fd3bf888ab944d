import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SystemInfo } from "../../../src/shared/contract/system.ts";
import type { Model } from "../../../src/shared/contract/models.ts";
import { Settings } from "../../../src/shared/contract/settings.ts";
import type { Croft } from "../../../src/renderer/api/croft.ts";
import { createAsks } from "../../../src/renderer/features/chat/asking/asks.ts";
import { AsksContext } from "../../../src/renderer/features/chat/asking/use-asks.ts";
import { DocumentsCard } from "../../../src/renderer/features/first-run/documents-card.tsx";
import { FirstRunPage } from "../../../src/renderer/features/first-run/first-run-page.tsx";
import { LookCard } from "../../../src/renderer/features/first-run/look-card.tsx";
import { largestThatFits, MachineCard } from "../../../src/renderer/features/first-run/machine-card.tsx";
import { messages } from "../../../src/renderer/features/first-run/messages.ts";
import { ModelCard } from "../../../src/renderer/features/first-run/model-card.tsx";
import { firstPlace } from "../../../src/renderer/features/first-run/first-place.ts";
import { Start } from "../../../src/renderer/features/first-run/start.tsx";
import { useStarters } from "../../../src/renderer/features/first-run/use-starters.ts";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";
import { useAppearance } from "../../../src/renderer/view/appearance-store.ts";
import { disabledButton } from "../../helpers/batch-results.ts";
import { hostileTexts, isHarmless, markupOf, silentCroft, withInitial, wordsOf } from "../../helpers/markup.tsx";
import { seeded } from "../../helpers/random-text.ts";

const say = wordsIn(messages, "en");

const nothing = () => {};

const model = (more: Partial<Model> = {}): Model => ({
  id: "local:writer",
  name: "Writer",
  role: "chat",
  licence: "mit",
  bytes: 1e9,
  state: "missing",
  starter: true,
  probed: "never",
  ...more,
});
const fit = (verdict: "fits" | "tight" | "too-large") => ({
  verdict,
  weights: 1e9,
  context: 1e8,
  overhead: 2e8,
  required: 1.3e9,
  available: 2e9,
  learned: false,
});
const finder = (more: Partial<Model> = {}) => model({ id: "local:finder", name: "Finder", role: "embedding", ...more });

type Known = { models?: Model[]; settings?: Partial<Settings>; info?: Partial<SystemInfo>; found?: string[]; collections?: string[] };

/** A croft whose core told this so far. */
function knowing({ models, settings, info, found, collections }: Known): Croft {
  const croft = silentCroft();
  const { cache, orpc } = croft;
  if (models) cache.setQueryData(orpc.models.list.queryKey({ input: {} }), models);
  if (settings) {
    const values = Settings.parse(settings);
    const keys = ["models.chat", "models.embedding", "welcome.done"] as const;
    cache.setQueryData(
      orpc.settings.list.queryKey({ input: {} }),
      keys.map((key) => ({ key, value: values[key], default: undefined, description: key })),
    );
  }
  if (info)
    cache.setQueryData(orpc.system.info.queryKey({ input: {} }), {
      version: "1",
      host: "server",
      platform: "linux",
      cores: 6,
      memory: { total: 16e9, free: 5e9, core: 1e8 },
      profile: "/p",
      offline: false,
      engines: [],
      ...info,
    });
  if (found)
    cache.setQueryData(
      orpc.models.onDisk.queryKey({ input: {} }),
      found.map((name) => ({ name, path: `/other/${name}.gguf`, bytes: 2e9 })),
    );
  if (collections)
    cache.setQueryData(
      orpc.knowledge.listCollections.queryKey({ input: {} }),
      collections.map((id) => ({ id, name: id, embedder: "local:finder", documents: 1, chunks: 1, sources: 1, bytes: 1, createdAt: 0 })),
    );
  return croft;
}

const starters: Partial<Settings> = { "models.chat": "local:writer", "models.embedding": "finder" };

describe("the largest model that fits", () => {
  test("is a chat model that fits with room to spare, never one that is only tight", () => {
    const models = [
      model({ id: "a", bytes: 1, fit: fit("fits") }),
      model({ id: "b", bytes: 3, fit: fit("fits") }),
      model({ id: "c", bytes: 9, fit: fit("tight") }),
      model({ id: "d", bytes: 9, fit: fit("too-large") }),
      model({ id: "e", bytes: 9, fit: fit("fits"), role: "embedding" }),
      model({ id: "f", bytes: 9 }),
    ];
    expect(largestThatFits(models)?.id).toBe("b");
    expect(largestThatFits([])).toBeUndefined();
    expect(largestThatFits(models.slice(2))).toBeUndefined();
  });

  test("does not hang on the order of the catalogue", () => {
    const random = seeded(5);
    const models = Array.from({ length: 30 }, (_, index) =>
      model({ id: `m${index}`, bytes: index, fit: fit(index % 3 === 0 ? "fits" : index % 3 === 1 ? "tight" : "too-large") }),
    );
    for (let turn = 0; turn < 50; turn += 1) expect(largestThatFits(models.toSorted(() => random() - 0.5))?.id).toBe("m27");
  });
});

describe("where the window begins", () => {
  const settings = (isDone: boolean) => [
    { key: "search.limit", value: false },
    { key: "welcome.done", value: isDone },
  ];

  // Catches: the cards shown to everybody for a moment, before the settings came.
  test("is nowhere until core told whether the cards were seen", () => {
    expect(markupOf(<Start isLeaving={() => false} />)).toContain('role="status"');
    expect(firstPlace(undefined, false, "/models")).toBeUndefined();
  });

  test("is at the cards once, then where it was left", () => {
    expect(firstPlace(settings(false), false, "/models")).toBe("/welcome");
    expect(firstPlace(settings(true), false, "/models")).toBe("/models");
  });

  // Catches: a core that cannot read its settings and a window that waits for them for ever, or shows the cards anew.
  test("is where it was left when the settings cannot be read", () => {
    expect(firstPlace(undefined, true, "/chat")).toBe("/chat");
    expect(firstPlace([], true, "/chat")).toBe("/chat");
  });
});

describe("the cards", () => {
  const page = () => markupOf(<FirstRunPage />);

  test("are four, of which the first is at hand, and all can be left out at once", () => {
    const markup = page();
    const steps = [...markup.matchAll(/<li><button[^>]*>(.*?)<\/button>/g)].map(([, inside]) => wordsOf(inside ?? ""));
    expect(steps).toEqual(["1 Language and look", "2 This machine", "3 A model", "4 Your documents"]);
    expect(markup.match(/aria-current="step"/g)).toHaveLength(1);
    expect(wordsOf(markup)).toContain("Skip all of it");
    expect(wordsOf(markup)).toContain("Next");
  });

  test("begin with the look as it is: one choice of each kind is on", () => {
    const groups = [...markupOf(<LookCard />).matchAll(/<fieldset.*?<\/fieldset>/g)].map(([group]) => group);
    expect(groups).toHaveLength(3);
    for (const group of groups) {
      expect(group.match(/checked=""/g)).toHaveLength(1);
      expect(group).toContain("<legend");
    }
    const names = groups.map((group) => new Set([...group.matchAll(/name="([^"]*)"/g)].map(([, name]) => name)));
    // Catches: two groups of one name, where a choice in one takes that of the other away.
    expect(new Set(names.flatMap((of) => [...of])).size).toBe(3);
    for (const of of names) expect(of.size).toBe(1);
  });

  test.each(["light", "contrast"] as const)("show the theme %s as chosen where it is", (theme) => {
    const markup = withInitial(useAppearance, { theme }, () => markupOf(<LookCard />));
    expect(markup).toMatch(new RegExp(`checked=""[^>]*/>${say(theme)}<`));
  });
});

describe("what this machine can run", () => {
  const card = (known: Known) => wordsOf(markupOf(<MachineCard />, { croft: knowing(known) }));

  test("has the sum of each model, and the largest by name", () => {
    const words = card({
      info: {},
      models: [model({ fit: fit("fits") }), model({ id: "big", name: "Big", bytes: 9e9, fit: fit("too-large") })],
    });
    expect(words).toContain("6 cores, 5 GB of 16 GB of memory are free.");
    expect(words).toContain("The largest chat model that fits here is Writer.");
    expect(words).toContain("1 GB + 100 MB + 200 MB");
    expect(words).toContain("Big");
  });

  test("says what to do where none fits", () => {
    expect(card({ info: {}, models: [model({ fit: fit("tight") })] })).toContain("Close other programs, or go on without one.");
  });

  test("lists no model that writes nothing", () => {
    expect(card({ info: {}, models: [finder({ fit: fit("fits") })] })).not.toContain("Finder");
  });

  test("waits for both, the machine and the models", () => {
    expect(card({ info: {} })).not.toContain("cores");
    expect(card({ models: [] })).not.toContain("cores");
  });
});

describe("the two starters", () => {
  function seen(croft: Croft) {
    let found: ReturnType<typeof useStarters> = { writer: undefined, finder: undefined };
    function Reader() {
      found = useStarters();
      return null;
    }
    markupOf(<Reader />, { croft });
    return [found.writer?.name, found.finder?.name];
  }

  // Catches: a setting that names its model without a provider, and finds none.
  test("are those that the settings name, with or without a provider", () => {
    const models = [model(), finder(), model({ id: "local:other", name: "Other" })];
    expect(seen(knowing({ models, settings: starters }))).toEqual(["Writer", "Finder"]);
    expect(seen(knowing({ models, settings: { "models.chat": "other", "models.embedding": "local:finder" } }))).toEqual([
      "Other",
      "Finder",
    ]);
  });

  test("are unknown before the models or the settings came", () => {
    expect(seen(knowing({ settings: starters }))).toEqual([undefined, undefined]);
    expect(seen(knowing({ models: [model(), finder()] }))).toEqual([undefined, undefined]);
  });
});

describe("the card of models", () => {
  const card = (known: Known) => markupOf(<ModelCard />, { croft: knowing({ settings: starters, found: [], ...known }) });

  test("offers both by name, going on where one was begun", () => {
    const words = wordsOf(card({ models: [model({ state: "partial" }), finder()] }));
    expect(words).toContain("Finds passages Finder 1 GB Download Finder");
    expect(words).toContain("Writes answers Writer 1 GB Go on with Writer");
    expect(words).not.toContain(say("ready"));
  });

  test("says that there is nothing to do once both are here", () => {
    const words = wordsOf(card({ models: [model({ state: "installed" }), finder({ state: "installed" })] }));
    expect(words).toContain(say("ready"));
    expect(words).not.toContain("Download");
    expect(wordsOf(card({ models: [model({ state: "installed" }), finder()] }))).not.toContain(say("ready"));
  });

  test("offline fetches nothing", () => {
    expect(disabledButton(card({ models: [model(), finder()], info: { offline: true } }), "Download Finder")).toBe(true);
    expect(disabledButton(card({ models: [model(), finder()], info: {} }), "Download Finder")).toBe(false);
  });

  test("tells files of other programs from none, and none from not looked yet", () => {
    const models = [model(), finder()];
    expect(wordsOf(card({ models, found: ["Found 7B"] }))).toContain("Found 7B 2 GB Use Found 7B");
    expect(wordsOf(card({ models }))).toContain(say("noneFound"));
    expect(wordsOf(markupOf(<ModelCard />, { croft: knowing({ settings: starters, models }) }))).toContain(say("looking"));
  });

  test.each(hostileTexts)("with a file called %s stays text", (name) => {
    expect(isHarmless(card({ models: [model({ name }), finder()], found: [name] }))).toBe(true);
  });
});

describe("the card of documents", () => {
  beforeEach(() => void vi.stubGlobal("window", {}));
  afterEach(() => void vi.unstubAllGlobals());
  const card = (known: Known) =>
    markupOf(
      <AsksContext value={createAsks({ ask: () => new Promise(() => {}), onSettled: nothing })}>
        <DocumentsCard onModel={nothing} />
      </AsksContext>,
      { croft: knowing({ settings: starters, ...known }) },
    );
  const both = [model({ state: "installed" }), finder({ state: "installed" })];

  // Catches: documents that nobody finds by their meaning, without a word why and what to do.
  test("says what is missing without the search model and how to get it, and goes on without it", () => {
    const words = wordsOf(card({ models: [model({ state: "installed" }), finder()] }));
    expect(words).toContain(say("wordsOnly"));
    expect(words).toContain(say("getIt"));
    expect(wordsOf(card({ models: both }))).not.toContain(say("wordsOnly"));
    // Not known yet is not the same as not there.
    expect(wordsOf(card({}))).not.toContain(say("wordsOnly"));
  });

  test("offers the sample only where one came with Croft, found by its words without a model", () => {
    expect(wordsOf(card({ models: both, info: { sample: "/sample" } }))).toContain("Use the sample");
    expect(wordsOf(card({ models: both, info: {} }))).not.toContain("Use the sample");
    expect(disabledButton(card({ models: [finder()], info: { sample: "/s" } }), "Use the sample")).toBe(false);
  });

  test("says that the answer will be a sentence of the documents while nothing writes", () => {
    expect(wordsOf(card({ models: [model(), finder({ state: "installed" })] }))).toContain(say("instant"));
    expect(wordsOf(card({ models: both }))).not.toContain(say("instant"));
  });

  test("asks nothing before there is a question", () => {
    expect(disabledButton(card({ models: both, collections: ["c1"] }), "Ask")).toBe(true);
  });

  test("says how a path comes here: dropped in the app, typed in a browser", () => {
    expect(card({ models: both })).toContain(say("pathHint"));
    vi.stubGlobal("window", { desktop: { pathForFile: () => "" } });
    expect(card({ models: both })).toContain(say("dropHint"));
  });
});
