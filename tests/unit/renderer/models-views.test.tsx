import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Collection } from "../../../src/shared/contract/knowledge.ts";
import type { Job } from "../../../src/shared/contract/jobs.ts";
import { jobStates } from "../../../src/shared/contract/jobs.ts";
import type { Fit, Model } from "../../../src/shared/contract/models.ts";
import { modelRoles } from "../../../src/shared/contract/models.ts";
import { AppError } from "../../../src/shared/errors.ts";
import type { Croft } from "../../../src/renderer/api/croft.ts";
import { jobsInput } from "../../../src/renderer/api/live.ts";
import type { Stoppable } from "../../../src/renderer/api/use-stoppable.ts";
import { CheckResult } from "../../../src/renderer/features/models/check-result.tsx";
import { ImportModel } from "../../../src/renderer/features/models/import-model.tsx";
import { messages } from "../../../src/renderer/features/models/messages.ts";
import { ModelActions } from "../../../src/renderer/features/models/model-actions.tsx";
import { ModelDetails } from "../../../src/renderer/features/models/model-details.tsx";
import { hereText, isDownloadOf, speedText } from "../../../src/renderer/features/models/model-facts.ts";
import { ModelRow } from "../../../src/renderer/features/models/model-row.tsx";
import { ModelsPage } from "../../../src/renderer/features/models/models-page.tsx";
import type { Finding } from "../../../src/renderer/features/models/use-model-checks.ts";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";
import { disabledButton } from "../../helpers/batch-results.ts";
import { hostileTexts, isHarmless, markupOf, silentCroft, wordsOf } from "../../helpers/markup.tsx";
import { inTestLanguage, unturnedWords } from "../../helpers/mirrored.ts";

const say = wordsIn(messages, "en");
const nothing = () => {};

const model = (more: Partial<Model> = {}): Model => ({
  id: "local:small",
  name: "Small 1B",
  role: "chat",
  licence: "apache-2.0",
  bytes: 1e9,
  state: "installed",
  starter: false,
  probed: "never",
  ...more,
});

const fit = (more: Partial<Fit> = {}): Fit => ({
  verdict: "fits",
  weights: 1e9,
  context: 2e8,
  overhead: 3e8,
  required: 1.5e9,
  available: 4e9,
  learned: false,
  ...more,
});

const job = (more: Partial<Job> = {}): Job => ({
  id: "j1",
  kind: "models.download",
  title: "Download Small 1B",
  state: "running",
  progress: { done: 1, total: 4, unit: "bytes" },
  attempts: 1,
  createdAt: 0,
  ...more,
});

type Known = { models?: Model[]; jobs?: Job[]; offline?: boolean; settings?: Record<string, unknown>; collections?: Partial<Collection>[] };

/** A croft whose cache knows this, and whose core never answers. */
function knowing({ models, jobs, offline, settings, collections }: Known): Croft {
  const croft = silentCroft();
  const { cache, orpc } = croft;
  if (models) cache.setQueryData(orpc.models.list.queryKey({ input: {} }), models);
  if (jobs) cache.setQueryData(orpc.jobs.list.queryKey({ input: jobsInput }), jobs);
  if (offline !== undefined)
    cache.setQueryData(orpc.system.info.queryKey({ input: {} }), {
      version: "1",
      host: "server",
      platform: "linux",
      cores: 4,
      memory: { total: 8e9, free: 4e9, core: 1e8 },
      profile: "/p",
      offline,
      engines: [],
    });
  if (settings)
    cache.setQueryData(
      orpc.settings.list.queryKey({ input: {} }),
      (["models.chat", "models.embedding", "models.reranker"] as const).map((key) => ({
        key,
        value: settings[key],
        default: undefined,
        description: key,
      })),
    );
  if (collections)
    cache.setQueryData(
      orpc.knowledge.listCollections.queryKey({ input: {} }),
      collections.map((one) => ({ id: "c", name: "C", embedder: "", documents: 0, chunks: 0, sources: 0, bytes: 0, createdAt: 0, ...one })),
    );
  return croft;
}

const buttonTags = (markup: string): string[] => [...markup.matchAll(/<button[^>]*>/g)].map(([tag]) => tag);
const named = (markup: string, name: string): string | undefined => buttonTags(markup).find((tag) => tag.includes(`aria-label="${name}"`));

describe("what can be done with a model", () => {
  const actions = (of: Model, more: { busy?: boolean; noDownload?: string; downloading?: boolean } = {}) =>
    markupOf(
      <ModelActions
        model={of}
        busy={more.busy ?? false}
        noDownload={more.noDownload}
        downloading={more.downloading ?? false}
        onProbe={nothing}
        onBench={nothing}
        onRemove={nothing}
        onDownload={nothing}
      />,
    );

  // Catches: a model tested that is not here, or fetched a second time.
  test.each(["missing", "partial"] as const)("that is %s is to fetch it, and nothing else", (state) => {
    const markup = actions(model({ state }));
    expect(buttonTags(markup)).toHaveLength(1);
    expect(named(markup, state === "partial" ? "Go on with Small 1B" : "Download Small 1B")).toBeDefined();
  });

  test("that is here is to test, measure and remove it, each by its name", () => {
    const markup = actions(model());
    for (const name of ["Test Small 1B", "Measure Small 1B", "Remove Small 1B"]) expect(named(markup, name)).toBeDefined();
    expect(buttonTags(markup)).toHaveLength(3);
  });

  // Catches: a model removed while it is being measured.
  test("is locked as a whole while a check runs", () => {
    for (const tag of buttonTags(actions(model(), { busy: true }))) expect(tag).toContain('disabled=""');
    for (const tag of buttonTags(actions(model()))) expect(tag).not.toContain('disabled=""');
  });

  test("offline is nothing, and why stands on the button", () => {
    const [tag = ""] = buttonTags(actions(model({ state: "missing" }), { noDownload: "It is forbidden." }));
    expect(tag).toContain('title="It is forbidden."');
    expect(tag).toContain('disabled=""');
  });

  test("cannot be begun twice", () => {
    expect(buttonTags(actions(model({ state: "partial" }), { downloading: true }))[0]).toContain('disabled=""');
  });

  test.each(hostileTexts)("called %s stays text", (name) => {
    expect(isHarmless(actions(model({ name, state: "missing" })))).toBe(true);
    expect(isHarmless(actions(model({ name })))).toBe(true);
  });
});

describe("a check of a model", () => {
  const check = (more: Partial<Stoppable<Finding>> = {}): Stoppable<Finding> => ({
    running: false,
    result: undefined,
    error: undefined,
    start: nothing,
    stop: nothing,
    ...more,
  });
  const shown = (more: Partial<Stoppable<Finding>>) => markupOf(<CheckResult check={check(more)} runningText="Loading it" />);

  test("that was never begun takes no room", () => {
    expect(shown({})).toBe("");
  });

  test("that runs says so aloud and can be stopped, even when one before found something", () => {
    const markup = shown({ running: true, result: { good: true, text: "Old." } });
    expect(markup).toMatch(/^<p role="status"/);
    expect(wordsOf(markup)).toBe("Loading it Stop");
  });

  // Catches: good and bad told apart by colour alone.
  test("that found something says what, with another icon for good than for bad", () => {
    const icon = (good: boolean) => /class="lucide (lucide-[\w-]+)/.exec(shown({ result: { good, text: "Found." } }))?.[1];
    expect(wordsOf(shown({ result: { good: false, text: "Found." } }))).toBe("Found.");
    expect(icon(true)).not.toBe(icon(false));
    expect(shown({ result: { good: true, text: "Found." } })).not.toContain("<button");
  });

  test("that failed says what, and what to do, instead of what it found before", () => {
    const error = new AppError("TIMEOUT", "It stopped.", { hint: "Try a smaller one." });
    const words = wordsOf(shown({ error, result: { good: true, text: "Old." } }));
    expect(words).toContain("It stopped. Try a smaller one. TIMEOUT");
    expect(words).not.toContain("Old.");
  });
});

describe("what is known of a model here", () => {
  // Catches: a speed shown for a model that no longer loads, or is no longer here.
  test("is nothing for one that is not here, and first that it does not load", () => {
    const speed = { tokensPerSecond: 10 };
    expect(hereText(model({ state: "missing", probed: "ok", speed }), say)).toBe("");
    expect(hereText(model({ state: "partial", probed: "failed" }), say)).toBe("");
    expect(hereText(model({ probed: "failed", speed }), say)).toBe(say("doesNotLoad"));
  });

  test("is its speed where that was measured, else whether it was tried", () => {
    expect(hereText(model({ probed: "ok", speed: { tokensPerSecond: 9.6 } }), say)).toBe("10 tokens/s");
    expect(hereText(model({ probed: "ok", speed: {} }), say)).toBe(say("loads"));
    expect(hereText(model(), say)).toBe("Not tried");
  });

  test("has each speed in its own unit, in one order", () => {
    expect(speedText({ textsPerSecond: 3, promptTokensPerSecond: 200.4, tokensPerSecond: 12.5 }, say)).toBe(
      "13 tokens/s · 200 read/s · 3 texts/s",
    );
    expect(speedText(undefined, say)).toBe("");
  });

  test("has the whole sum in its details, and whether that was measured", () => {
    const words = (learned: boolean) => wordsOf(markupOf(<ModelDetails model={model({ fit: fit({ learned }) })} />));
    expect(words(false)).toContain("1 GB weights + 200 MB context + 300 MB overhead = 1.5 GB of 4 GB available");
    expect(words(true)).toContain(say("measured"));
    expect(words(false)).toContain(say("estimated"));
  });

  // Catches: a model removed that a collection still needs.
  test("has what uses it, whether or not an id names its provider", () => {
    const croft = knowing({
      settings: { "models.chat": "small", "models.embedding": "local:other", "models.reranker": undefined },
      collections: [
        { name: "Deeds", embedder: "small" },
        { name: "Maps", embedder: "local:small" },
        { name: "No", embedder: "other" },
      ],
    });
    const words = wordsOf(markupOf(<ModelDetails model={model()} />, { croft }));
    expect(words).toContain("answers in the chat and in batch, the collection Deeds, the collection Maps");
    expect(words).not.toContain("the collection No");
    expect(wordsOf(markupOf(<ModelDetails model={model({ id: "local:unused" })} />, { croft }))).toContain("Nothing now");
  });

  // Catches facts that are nowhere where the table is too narrow for its columns.
  test("tell what a narrow row leaves out: size, licence, and that a model does not load", () => {
    const words = wordsOf(markupOf(<ModelDetails model={model({ probed: "failed" })} />));
    for (const part of ["Size 1 GB", "Licence apache-2.0", "Does not load"]) expect(words).toContain(part);
  });

  test.each(modelRoles)("offers to load a %s only where it is loaded by itself", (role) => {
    const isLoaded = role === "chat" || role === "embedding";
    const markup = (state: Model["state"]) => markupOf(<ModelDetails model={model({ role, state })} />);
    expect(named(markup("installed"), "Load Small 1B") !== undefined).toBe(isLoaded);
    expect(named(markup("installed"), "Unload Small 1B") !== undefined).toBe(isLoaded);
    expect(named(markup("missing"), "Load Small 1B")).toBeUndefined();
  });
});

describe("the download of a model", () => {
  const catalogue: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "../../../resources/models.json"), "utf8"));
  const names = [...JSON.stringify(catalogue).matchAll(/"id":"([^"]+)","name":"([^"]+)"/g)].map(([, id = "", name = ""]) => ({ id, name }));

  // Catches: the progress of one model shown in the row of another whose name it contains.
  test("stands in the row of its own model alone, for every model of the catalogue", () => {
    expect(names.length).toBeGreaterThan(5);
    for (const fetched of names) {
      const download = job({ title: `Download ${fetched.name}` });
      const rows = names.filter((one) => isDownloadOf(download, one, undefined)).map(({ id }) => id);
      expect(rows, fetched.name).toEqual([fetched.id]);
    }
  });

  test("of a longer name is not that of a shorter one", () => {
    const download = job({ title: "Download Small 1B Instruct" });
    expect(isDownloadOf(download, model({ name: "Small 1B Instruct" }), undefined)).toBe(true);
    expect(isDownloadOf(download, model({ name: "Small 1B" }), undefined)).toBe(false);
    expect(isDownloadOf(download, model({ name: "1B Instruct" }), undefined)).toBe(false);
  });

  const row = (state: Job["state"], of: Model = model({ state: "missing" })) =>
    markupOf(
      <table>
        <tbody>
          <ModelRow model={of} />
        </tbody>
      </table>,
      { croft: knowing({ jobs: [job({ state })] }) },
    );

  test.each(jobStates)("in state %s is shown as long as there is something to say of it", (state) => {
    const isShown = state !== "done" && state !== "cancelled";
    expect(wordsOf(row(state)).includes("Download Small 1B")).toBe(isShown);
  });

  test.each(jobStates)("in state %s keeps its button locked while it is under way", (state) => {
    const isOver = state === "done" || state === "failed" || state === "cancelled";
    expect(named(row(state), "Download Small 1B")?.includes('disabled=""')).toBe(!isOver);
  });
});

describe("the page of models", () => {
  const page = (known: Known, at = "/models") => markupOf(<ModelsPage />, { croft: knowing(known), at });
  const two = [
    model(),
    model({ id: "local:far", name: "Far 9B", state: "missing" }),
    model({ id: "e", name: "Finder", role: "embedding" }),
  ];

  test("counts what is here and what it takes, not what could be fetched", () => {
    expect(wordsOf(page({ models: two }))).toContain("2 models installed · 2 GB");
    expect(wordsOf(page({ models: [model()] }))).toContain("1 model installed · 1 GB");
  });

  test("lists by role, and no role that has no model", () => {
    const sections = [...page({ models: two }).matchAll(/<section aria-label="([^"]*)"/g)].map(([, name]) => name);
    expect(sections).toEqual(["Chat", "Embedding"]);
  });

  test("asked for those that are here leaves the others out, and says which list it is", () => {
    const markup = page({ models: two }, "/models?list=installed");
    expect(wordsOf(markup)).not.toContain("Far 9B");
    expect(wordsOf(markup)).toContain("Finder");
    expect(markup).toMatch(/aria-pressed="true"[^>]*>Installed/);
    expect(page({ models: two })).toMatch(/aria-pressed="true"[^>]*>Discover/);
  });

  test("with none here says what works without", () => {
    const words = wordsOf(page({ models: [model({ state: "missing" })] }, "/models?list=installed"));
    expect(words).toContain("No model is installed");
    expect(words).toContain("Reading and text recognition work without one.");
  });

  test("offline says why nothing can be fetched and where that is changed", () => {
    expect(page({ models: two, offline: true })).toMatch(/role="status"[^]*href="\/settings"/);
    expect(page({ models: two, offline: false })).not.toContain('href="/settings"');
    expect(named(page({ models: two, offline: true }), "Download Far 9B")).toContain('disabled=""');
  });

  test("opens at the model that an address names", () => {
    const markup = page({ models: two }, "/models?model=local:far");
    expect(named(markup, "About Far 9B")).toContain('aria-expanded="true"');
    expect(named(markup, "About Small 1B")).toContain('aria-expanded="false"');
  });

  test("says that it is loading before core answered, and offers no import until then", () => {
    expect(page({})).toContain("Loading models");
    expect(page({})).not.toContain("<form");
    expect(disabledButton(markupOf(<ImportModel />), "Import")).toBe(true);
  });

  test("has no word that no catalogue gave", () => {
    const markup = inTestLanguage(() => page({ models: two, offline: true }, "/models?model=local:small"));
    expect(unturnedWords(markup, ["Small 1B", "Far 9B", "Finder", "apache-2.0", "local:small", "local:far", "1 GB"])).toEqual([]);
  });
});
