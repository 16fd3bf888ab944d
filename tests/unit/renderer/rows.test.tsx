import { describe, expect, test } from "vitest";
import type { Job } from "../../../src/shared/contract/jobs.ts";
import { jobStates } from "../../../src/shared/contract/jobs.ts";
import type { FileStatus } from "../../../src/shared/contract/knowledge.ts";
import { fileStates } from "../../../src/shared/contract/knowledge.ts";
import type { Fit, Model } from "../../../src/shared/contract/models.ts";
import { Settings } from "../../../src/shared/contract/settings.ts";
import { isOver } from "../../../src/renderer/api/live.ts";
import { JobRow } from "../../../src/renderer/features/jobs/job-row.tsx";
import { progressText } from "../../../src/renderer/features/jobs/progress-text.ts";
import { fileName } from "../../../src/renderer/components/format.ts";
import { DocumentRow } from "../../../src/renderer/features/knowledge/documents/document-row.tsx";
import { filterFiles } from "../../../src/renderer/features/knowledge/documents/filter-files.ts";
import { StateFilter } from "../../../src/renderer/features/knowledge/documents/state-filter.tsx";
import { FitWord } from "../../../src/renderer/features/models/fit-word.tsx";
import { isDownloadOf, speedText } from "../../../src/renderer/features/models/model-facts.ts";
import { ModelTable } from "../../../src/renderer/features/models/model-table.tsx";
import { AppearanceSection } from "../../../src/renderer/features/settings/appearance-section.tsx";
import type { SettingRow } from "../../../src/renderer/features/settings/group-settings.ts";
import { groupSettings } from "../../../src/renderer/features/settings/group-settings.ts";
import { SettingLine } from "../../../src/renderer/features/settings/setting-line.tsx";
import { settingName, valueWords } from "../../../src/renderer/features/settings/setting-words.ts";
import { useAppearance } from "../../../src/renderer/view/appearance-store.ts";
import { hostileTexts, isHarmless, markupOf, silentCroft, withInitial, wordsOf } from "../../helpers/markup.tsx";
import { messages as settingMessages } from "../../../src/renderer/features/settings/messages.ts";
import { messages as jobMessages } from "../../../src/renderer/features/jobs/messages.ts";
import { messages as modelMessages } from "../../../src/renderer/features/models/messages.ts";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";

const saySettings = wordsIn(settingMessages, "en");
const sayJobs = wordsIn(jobMessages, "en");
const sayModels = wordsIn(modelMessages, "en");

const nothing = () => {};
const job = (more: Partial<Job> = {}): Job => ({
  id: "j1",
  kind: "knowledge.index",
  title: "Index deeds",
  state: "running",
  progress: { done: 3, total: 12, unit: "files", note: "deed.pdf" },
  attempts: 1,
  createdAt: 0,
  ...more,
});
const buttons = (markup: string) => [...markup.matchAll(/<button[^>]*aria-label="([^":]*)/g)].map(([, label]) => label);

describe("a job's row", () => {
  test.each([
    ["queued", ["Pause", "Cancel"]],
    ["running", ["Pause", "Cancel"]],
    ["paused", ["Resume", "Cancel"]],
    ["done", []],
    ["failed", ["Try again"]],
    ["cancelled", ["Try again"]],
  ] satisfies [Job["state"], string[]][])("in state %s offers what core would do then, and nothing else", (state, expected) => {
    expect(buttons(markupOf(<JobRow job={job({ state })} />))).toEqual(expected);
  });

  test("names the job in each of its buttons, so that two rows are told apart by ear", () => {
    const markup = markupOf(<JobRow job={job()} />);
    expect(markup).toContain('aria-label="Pause: Index deeds"');
    expect(markup).toContain('aria-label="Cancel: Index deeds"');
  });

  test.each(jobStates)("in state %s has a bar only as long as it can still move", (state) => {
    expect(markupOf(<JobRow job={job({ state })} />).includes('role="progressbar"')).toBe(!isOver({ state }));
  });

  test("says what failed and what to do, in place of the last file it had", () => {
    const error = { code: "DISK_FULL", message: "The disk is full.", hint: "Free some space." };
    const words = wordsOf(markupOf(<JobRow job={job({ state: "failed", error })} />));
    expect(words).toContain("The disk is full.");
    expect(words).toContain("Free some space.");
    expect(words).not.toContain("deed.pdf");
  });

  test("that is over no longer says what it works on", () => {
    expect(wordsOf(markupOf(<JobRow job={job()} />))).toContain("deed.pdf");
    expect(wordsOf(markupOf(<JobRow job={job({ state: "done" })} />))).not.toContain("deed.pdf");
  });

  test.each(hostileTexts)("called %s stays text", (text) => {
    const error = { code: "INTERNAL", message: text, hint: text };
    const markup = markupOf(<JobRow job={job({ title: text, state: "failed", error, progress: { done: 1, total: 2, unit: text } })} />);
    expect(isHarmless(markup)).toBe(true);
  });
});

test("progress is rounded to whole megabytes and never shows an unknown total", () => {
  expect(progressText({ done: 1_499_999, total: 2_500_000, unit: "bytes" }, sayJobs)).toBe("1 of 3 MB");
  expect(progressText({ done: 0, total: 5, unit: "pages" }, sayJobs)).toBe("0 of 5 pages");
  expect(progressText({ done: 7e6, total: 0, unit: "bytes" }, sayJobs)).toBe("7 MB");
});

describe("a file's row", () => {
  const row = (file: FileStatus, active = false) =>
    markupOf(
      <DocumentRow
        row={{ file, name: fileName(file.path), depth: 0 }}
        index={4}
        top={128}
        active={active}
        onChoose={nothing}
        onOpen={nothing}
      />,
    );

  test("has its place in the whole table, though only some rows are there", () => {
    const markup = row({ path: "/a/b.pdf", state: "indexed" });
    expect(markup).toMatch(/role="row" id="file-4" aria-rowindex="6"/);
    expect(markup.match(/role="gridcell"/g)).toHaveLength(7);
    expect(markup).toContain("translateY(128px)");
  });

  test("says aloud whether it is the chosen one", () => {
    expect(row({ path: "/a", state: "indexed" }, true)).toContain('aria-selected="true"');
    expect(row({ path: "/a", state: "indexed" })).toContain('aria-selected="false"');
  });

  test("shows the name, keeps the path for a closer look, and counts with separators", () => {
    const markup = row({ path: "/far/away/b.pdf", state: "indexed", pages: 1200, chunks: 0, language: "eng" });
    expect(wordsOf(markup)).toBe("Ready b.pdf 1,200 0 eng");
    expect(markup).toContain('title="/far/away/b.pdf"');
  });

  test("that cannot be reached says so rather than that it is ready", () => {
    expect(wordsOf(row({ path: "/b", state: "indexed", unavailable: true }))).toBe("Not reachable b");
  });

  test("gives the reason, and on a closer look what to do", () => {
    const markup = row({ path: "/b", state: "failed", reason: { code: "X", message: "It is locked.", hint: "Unlock it." } });
    expect(wordsOf(markup)).toBe("Failed b It is locked.");
    expect(markup).toContain('title="It is locked. Unlock it."');
  });

  test.each(hostileTexts)("of a file called %s stays text", (path) => {
    expect(isHarmless(row({ path, state: "failed", language: path, reason: { code: "X", message: path, hint: path } }))).toBe(true);
  });
});

describe("the filter of files", () => {
  const files: FileStatus[] = [
    { path: "/a/Zeta.pdf", state: "indexed" },
    { path: "/b/alpha.txt", state: "failed" },
    { path: "/c/zeta.txt", state: "pending" },
  ];

  test("asked for nothing keeps everything in its order", () => {
    expect(filterFiles(files, { text: "  ", state: undefined })).toEqual(files);
  });

  test("takes signs of patterns as signs: a dot is a dot", () => {
    expect(filterFiles(files, { text: ".*", state: undefined })).toEqual([]);
    expect(filterFiles(files, { text: "(", state: undefined })).toEqual([]);
    expect(filterFiles(files, { text: ".TXT", state: undefined })).toHaveLength(2);
  });

  test("has one button a state, pressed where it is on, dead where it would show nothing", () => {
    const totals = { indexed: 1200, skipped: 0, failed: 2, pending: 0 };
    const markup = markupOf(<StateFilter coverage={{ totals, files: [] }} value="failed" onChange={nothing} />);
    const pressed = [...markup.matchAll(/<button[^>]*aria-pressed="(true|false)"([^>]*)/g)].map(([, on, rest]) => [
      on,
      /\sdisabled=""/.test(rest ?? ""),
    ]);
    expect(pressed).toEqual([
      ["false", false],
      ["false", true],
      ["false", true],
      ["true", false],
    ]);
    expect(pressed).toHaveLength(fileStates.length);
    expect(wordsOf(markup)).toBe("1,200 ready 0 waiting 0 skipped 2 failed");
    expect(markup).toContain('role="group" aria-label="Filter by state"');
  });

  test("can be turned off even when its last file is gone", () => {
    const totals = { indexed: 0, skipped: 0, failed: 0, pending: 0 };
    const markup = markupOf(<StateFilter coverage={{ totals, files: [] }} value="failed" onChange={nothing} />);
    expect(markup.match(/\sdisabled=""/g)).toHaveLength(3);
    expect(markup).toMatch(/aria-pressed="true"(?![^>]*\sdisabled="")/);
  });
});

const fit = (verdict: Fit["verdict"], learned = false): Fit => ({
  verdict,
  weights: 1e9,
  context: 2e8,
  overhead: 1e8,
  required: 1.3e9,
  available: 4e9,
  learned,
});
const model = (more: Partial<Model> = {}): Model => ({
  id: "local:small-1b",
  name: "Small 1B",
  role: "chat",
  licence: "Apache-2.0",
  bytes: 1.1e9,
  state: "missing",
  starter: false,
  probed: "never",
  ...more,
});

describe("whether a model fits", () => {
  test.each([
    ["fits", "Fits"],
    ["tight", "Tight"],
    ["too-large", "Too large"],
  ] as const)("%s is an icon, a word and the memory it needs", (verdict, word) => {
    const markup = markupOf(<FitWord fit={fit(verdict)} />);
    expect(wordsOf(markup)).toBe(`${word} 1.3 GB`);
    expect(markup).toMatch(/<svg[^>]*aria-hidden="true"/);
  });

  test("comes with the sum, and with whether it was measured or estimated", () => {
    expect(markupOf(<FitWord fit={fit("fits")} />)).toContain(
      'title="Weights 1 GB + context 200 MB + overhead 100 MB = 1.3 GB of 4 GB available, estimated"',
    );
    expect(markupOf(<FitWord fit={fit("fits", true)} />)).toContain("measured by a real load");
  });
});

describe("a model's row", () => {
  const table = (...models: Model[]) => markupOf(<ModelTable title="Chat" purpose="Write answers" models={models} />);

  test("offers a download by name, going on where one was begun, and removal of what is here", () => {
    expect(table(model())).toContain('aria-label="Download Small 1B"');
    expect(table(model({ state: "partial" }))).toContain('aria-label="Go on with Small 1B"');
    expect(wordsOf(table(model({ state: "installed" })))).toContain("Remove");
    expect(table(model({ state: "installed" }))).not.toContain("Download");
  });

  test("stands in a table whose columns all have a name, the last one for the ear", () => {
    const markup = table(model());
    const heads = [...markup.matchAll(/<th\b[^>]*>(.*?)<\/th>/g)].map(([, head]) => wordsOf(head ?? ""));
    expect(heads.length).toBeGreaterThan(5);
    expect(heads.filter((head) => head === "")).toEqual([]);
    expect(markup.match(/<td\b/g)).toHaveLength(heads.length);
    expect(markup).toMatch(/^<section aria-label="Chat"/);
  });

  test("shows its state in words and no speed that was never measured", () => {
    const words = wordsOf(table(model({ starter: true, fit: fit("tight") })));
    expect(words).toContain("Small 1B starter Not installed 1.1 GB Tight 1.3 GB Apache-2.0");
    expect(words).not.toContain("tokens/s");
  });

  test.each(hostileTexts)("of a model called %s stays text", (text) => {
    expect(isHarmless(table(model({ name: text, licence: text })))).toBe(true);
  });
});

test("a measured zero is shown, and rounded numbers have their own units", () => {
  expect(speedText({ tokensPerSecond: 0 }, sayModels)).toBe("0 tokens/s");
  expect(speedText({ textsPerSecond: 41.6, promptTokensPerSecond: 99.4 }, sayModels)).toBe("99 read/s · 42 texts/s");
  expect(speedText(undefined, sayModels)).toBe("");
});

test("a job that was started here is found by its id alone, though another names the same model", () => {
  const download = job({ kind: "models.download", title: "Download Small 1B" });
  expect(isDownloadOf(download, model(), undefined)).toBe(true);
  expect(isDownloadOf(download, model(), "other")).toBe(false);
  expect(isDownloadOf({ ...download, kind: "modelsX" }, model(), undefined)).toBe(false);
});

describe("settings", () => {
  const rows: SettingRow[] = Object.entries(Settings.shape).map(([key, schema]) => ({
    key: Settings.keyof().parse(key),
    value: undefined,
    default: undefined,
    description: schema.description ?? "",
  }));

  test("every one stands in a section with a title in words, not by the first word of its key", () => {
    const groups = groupSettings(rows, "", saySettings);
    expect(groups.flatMap((group) => group.rows)).toHaveLength(rows.length);
    for (const { title } of groups) expect(title).toMatch(/^[A-Z]/);
    expect(new Set(groups.map(({ title }) => title)).size).toBe(groups.length);
  });

  test("every one has words that say what it does", () => {
    for (const { key, description } of rows) expect(description.length, key).toBeGreaterThan(10);
  });

  test("are found by key and by words, whatever their case, and sections without any are left out", () => {
    expect(groupSettings(rows, " OCR.MODE ", saySettings).map((group) => group.rows.map(({ key }) => key))).toEqual([["ocr.mode"]]);
    expect(groupSettings(rows, "forbid", saySettings).map(({ title }) => title)).toEqual(["Privacy and network"]);
    expect(groupSettings(rows, "no such words", saySettings)).toEqual([]);
  });

  // Catches: a setting that core gained or renamed, and that this window calls by other words or in English only.
  test("every one is named in the catalogue, in English as core names it", () => {
    const turned = wordsIn(settingMessages, "ar-XB");
    for (const row of rows) {
      expect(settingName({ ...row, description: "" }, saySettings), row.key).toBe(row.description);
      expect(settingName(row, turned), row.key).toContain("\u202e");
    }
  });

  test("are found by the words that are shown, in another language too", () => {
    const found = groupSettings(
      rows.map((row) => ({ ...row, description: "" })),
      "every network",
      wordsIn(settingMessages, "ar-XB"),
    );
    expect(found.flatMap((group) => group.rows.map(({ key }) => key))).toEqual(["network.offline"]);
  });

  const line = (value: unknown, fallback: unknown, key: SettingRow["key"] = "network.offline") =>
    markupOf(<SettingLine row={{ key, value, default: fallback, description: "What it does" }} />);

  test("at their default offer no way back; changed, they show the default and the way", () => {
    expect(line(false, false)).not.toContain("Reset");
    expect(line(true, false)).toContain('aria-label="Reset: Forbid every network connection"');
    expect(wordsOf(line(true, false))).toContain("default Off");
  });

  // Catches an id as the default beside a choice of models by name, which nobody knows for the same.
  test("that are models show their default by its name", () => {
    const croft = silentCroft();
    const known = {
      id: "small",
      name: "Small 1B",
      role: "chat",
      licence: "MIT",
      bytes: 1,
      state: "installed",
      starter: true,
      probed: "ok",
    } as const;
    croft.cache.setQueryData(croft.orpc.models.list.queryKey({ input: {} }), [known]);
    const row = { key: "models.chat", value: "local:other", default: "local:small", description: "" } as const;
    expect(wordsOf(markupOf(<SettingLine row={row} />, { croft }))).toContain("default Small 1B");
    expect(wordsOf(markupOf(<SettingLine row={row} />))).toContain("default local:small");
  });

  test("are compared by what they hold: an equal list is no change", () => {
    expect(line(["eng"], ["eng"], "ocr.languages")).not.toContain("Reset");
    expect(line(["eng", "deu"], ["eng"], "ocr.languages")).toContain("Reset");
  });

  test("fields are named by what the setting does, and a switch is one to the ear", () => {
    expect(line(true, true)).toMatch(/role="switch"[^>]*/);
    expect(line(true, true)).toContain('aria-label="Forbid every network connection"');
    expect(wordsOf(line(true, true))).toContain("On");
    expect(line(10, 10, "search.limit")).toContain('inputMode="decimal"');
  });

  test.each([
    ["ocr.mode", ["auto", "never", "always"]],
    ["answer.effort", ["instant", "normal", "thorough"]],
  ] as const)("%s offers exactly what core takes", (key, options) => {
    const offered = [...line(options[0], options[0], key).matchAll(/<option[^>]*value="([^"]*)"/g)].map(([, option]) => option);
    expect(offered).toEqual(options);
    for (const option of offered) expect(Settings.shape[key].safeParse(option).success).toBe(true);
  });

  test("a model that is set but unknown stays chosen, rather than turning into another", () => {
    expect(line("local:gone", "local:gone", "models.chat")).toMatch(/<option value="local:gone" selected="">local:gone<\/option>/);
  });

  test("values are told in words", () => {
    const words = (value: unknown) => valueWords(value, saySettings);
    expect([true, false, ["a", "b"], 3, "x", "never"].map(words)).toEqual(["On", "Off", "a, b", "3", "x", "Never"]);
  });

  test("the look of the window shows what it is set to, in named fields", () => {
    const markup = withInitial(useAppearance, { theme: "contrast", textSize: 16 }, () => markupOf(<AppearanceSection />));
    expect(markup).toMatch(/<option value="contrast" selected="">High contrast<\/option>/);
    expect(markup).toMatch(/<option value="16" selected="">16 px<\/option>/);
    expect(markup).toContain('aria-label="Theme"');
    expect(markup).toContain('aria-label="Text size"');
  });
});
