import { describe, expect, test } from "vitest";
import { Settings } from "../../../src/shared/contract/settings.ts";
import { storageParts } from "../../../src/shared/contract/system.ts";
import type { EgressEntry, Storage } from "../../../src/shared/contract/system.ts";
import type { Croft } from "../../../src/renderer/api/croft.ts";
import { HelpSection } from "../../../src/renderer/features/settings/help-section.tsx";
import { holds } from "../../../src/renderer/features/settings/line.tsx";
import { messages } from "../../../src/renderer/features/settings/messages.ts";
import { MoveSection } from "../../../src/renderer/features/settings/move-section.tsx";
import { PrivacySection } from "../../../src/renderer/features/settings/privacy-section.tsx";
import { readDraft } from "../../../src/renderer/features/settings/read-draft.ts";
import { SettingField } from "../../../src/renderer/features/settings/setting-field.tsx";
import { SettingsPage } from "../../../src/renderer/features/settings/settings-page.tsx";
import { StorageSection } from "../../../src/renderer/features/settings/storage-section.tsx";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";
import { disabledButton } from "../../helpers/batch-results.ts";
import { hostileTexts, isHarmless, markupOf, silentCroft, wordsOf } from "../../helpers/markup.tsx";

const say = wordsIn(messages, "en");
const nothing = () => {};

/** The rows of all settings at their defaults. */
function allRows() {
  const values: Record<string, unknown> = Settings.parse({});
  return Object.entries(Settings.shape).map(([key, schema]) => ({
    key: Settings.keyof().parse(key),
    value: values[key],
    default: values[key],
    description: schema.description ?? "",
  }));
}

function knowing({ rows, storage, egress }: { rows?: ReturnType<typeof allRows>; storage?: Storage; egress?: EgressEntry[] }): Croft {
  const croft = silentCroft();
  const { cache, orpc } = croft;
  if (rows) cache.setQueryData(orpc.settings.list.queryKey({ input: {} }), rows);
  if (storage) cache.setQueryData(orpc.system.storage.queryKey({ input: {} }), storage);
  if (egress) cache.setQueryData(orpc.system.egress.queryKey({ input: { limit: 20 } }), egress);
  return croft;
}

const sections = (markup: string) => [...markup.matchAll(/<section aria-label="([^"]*)"/g)].map(([, name]) => name);

describe("what was typed over a setting", () => {
  // Catches: a number field that is emptied and left, which would unload every model after 0 minutes.
  test.each(["", " ", "\t"])("nothing (%j) over a number says nothing", (text) => {
    expect(readDraft(10, text)).toBeUndefined();
  });

  test("a number is one, in any way that numbers are written", () => {
    expect(readDraft(10, " 7.5 ")).toBe(7.5);
    expect(readDraft(0, "-3")).toBe(-3);
    expect(readDraft(1, "1e2")).toBe(100);
  });

  // Catches: NaN, which becomes null on its way to core and is refused as something that nobody typed.
  test.each(["ten", "1,5", "1 000", "Infinity", "NaN"])("%s over a number goes to core as it is, to be refused in words", (text) => {
    expect(readDraft(10, text)).toBe(text);
    expect(Settings.shape["models.idleMinutes"].safeParse(readDraft(10, text)).success).toBe(false);
  });

  test("a list is what stands between commas and spaces, and may be empty", () => {
    expect(readDraft(["eng"], " eng,deu  fra,, ")).toEqual(["eng", "deu", "fra"]);
    expect(readDraft(["eng"], "")).toEqual([]);
  });

  test("a text is kept letter for letter, also where nothing was set", () => {
    expect(readDraft("a", " b ")).toBe(" b ");
    expect(readDraft(undefined, "7")).toBe("7");
  });

  test("every default that is shown in its field is read back as itself", () => {
    for (const { key, value } of allRows()) {
      if (typeof value === "boolean" || value === undefined) continue;
      const shown = Array.isArray(value) ? value.join(", ") : String(value);
      expect(readDraft(value, shown), key).toEqual(value);
    }
  });
});

describe("the field of a setting", () => {
  const field = (key: keyof Settings) => {
    const row = allRows().find((one) => one.key === key);
    if (!row) throw new Error(`there is no setting ${key}`);
    return markupOf(<SettingField row={row} onChange={nothing} />);
  };

  test("fits what it holds: a choice, a switch, a number, a list", () => {
    expect(field("answer.effort")).toMatch(/^<select.*<option value="normal" selected="">Normal/);
    expect(field("network.offline")).toMatch(/role="switch"/);
    expect(field("search.limit")).toMatch(/inputMode="decimal"/i);
    expect(field("ocr.languages")).toContain('value="eng"');
  });

  test.each(allRows().map(({ key }) => key))("of %s has a name that can be heard", (key) => {
    expect(field(key)).toMatch(/aria-label="[^"]{5,}"/);
  });

  // Catches: a choice that the contract refuses, or one that it has and nobody can make.
  test("offers exactly the choices that core takes", () => {
    for (const key of ["ocr.mode", "answer.effort"] as const) {
      const offered = [...field(key).matchAll(/<option value="(\w+)"/g)].map(([, option]) => option);
      expect(offered.filter((option) => Settings.shape[key].safeParse(option).success)).toEqual(offered);
      expect(offered).toHaveLength(3);
    }
  });
});

describe("the search of the settings", () => {
  const page = (find: string) =>
    markupOf(<SettingsPage />, { croft: knowing({ rows: allRows() }), at: `/settings?find=${encodeURIComponent(find)}` });

  test("holds a text that has every word, whatever its case and order", () => {
    expect(holds("Write backup", "BACKUP write")).toBe(true);
    expect(holds("Write backup", "write restore")).toBe(false);
    expect(holds("anything", "")).toBe(true);
  });

  test("asked for nothing shows everything", () => {
    const names = sections(page(""));
    for (const key of ["appearance", "privacy", "storage", "moveTitle", "help", "sectionModels", "sectionNetwork"] as const)
      expect(names).toContain(say(key));
  });

  test.each([
    ["backup", "storage"],
    ["reset all", "moveTitle"],
    ["diagnostics", "help"],
    ["theme", "appearance"],
    ["ocr.languages", "sectionRecognition"],
    ["downloads that you start", "privacy"],
  ] as const)("for %s leaves only the part that has it", (text, key) => {
    expect(sections(page(text))).toEqual([say(key)]);
  });

  test("for what nothing has says so", () => {
    expect(wordsOf(page("xyzzy"))).toContain(say("none"));
    expect(wordsOf(page("theme"))).not.toContain(say("none"));
  });

  test.each(hostileTexts)("for %s stays text", (text) => {
    expect(isHarmless(page(text))).toBe(true);
  });
});

describe("what Croft keeps on this disk", () => {
  const storage: Storage = {
    profile: "/home/ada/profile",
    models: "/home/ada/models",
    free: 5e9,
    parts: storageParts.map((id, index) => ({ id, bytes: index * 1e6, files: index * 1000 })),
  };

  // Catches: a part of the disk that is listed without a word.
  test("has every part in words of its own, with its files and size", () => {
    const markup = markupOf(<StorageSection />, { croft: knowing({ storage }) });
    const rows = [...markup.matchAll(/<tr class="h-8[^>]*>(.*?)<\/tr>/g)].map(([, row]) => wordsOf(row ?? "").replaceAll("&#x27;", "'"));
    expect(rows).toHaveLength(storageParts.length);
    expect(new Set(storageParts.map((id) => say(id))).size).toBe(storageParts.length);
    for (const [index, id] of storageParts.entries()) expect(rows[index]?.startsWith(say(id))).toBe(true);
    expect(rows[6]).toMatch(/6,000 6 MB$/);
    expect(wordsOf(markup)).toContain("/home/ada/profile, 5 GB free on this disk");
  });

  test("is written and restored only to and from a path", () => {
    const markup = markupOf(<StorageSection />);
    expect(disabledButton(markup, "Write backup")).toBe(true);
    expect(disabledButton(markup, "Restore")).toBe(true);
  });
});

describe("what left this machine", () => {
  const entry = (outcome: EgressEntry["outcome"]): EgressEntry => ({ at: 0, purpose: "models", host: "hub.example", outcome });

  test("is listed with what became of it, in words that differ", () => {
    const words = wordsOf(
      markupOf(<PrivacySection />, { croft: knowing({ egress: [entry("answered"), entry("refused"), entry("failed")] }) }),
    );
    expect(words).toMatch(/hub\.example Answered .*hub\.example Refused by Croft .*hub\.example Failed/);
  });

  // Catches: `nothing was sent` claimed while the record is still being read.
  test("is said to be nothing only when that is known", () => {
    expect(wordsOf(markupOf(<PrivacySection />, { croft: knowing({ egress: [] }) }))).toContain(say("noRequests"));
    expect(wordsOf(markupOf(<PrivacySection />))).not.toContain(say("noRequests"));
  });

  // Catches: a word of the contract in the table, which says nothing to who reads it.
  test("says why in words", () => {
    const egress = (["models", "url", "provider"] as const).map((purpose) => ({ ...entry("answered"), purpose }));
    const words = wordsOf(markupOf(<PrivacySection />, { croft: knowing({ egress }) }));
    for (const key of ["forModels", "forUrl", "forProvider"] as const) expect(words).toContain(`${say(key)} hub.example`);
  });

  test("names every purpose that there is, whether or not it was used", () => {
    const words = wordsOf(markupOf(<PrivacySection />));
    for (const key of ["purposeModels", "purposeUrl", "purposeProvider"] as const) expect(words).toContain(say(key));
  });
});

test("settings are brought by a field that has a name, and reset only after a question", () => {
  const markup = markupOf(<MoveSection />);
  expect(markup).toMatch(/<input[^>]*type="file"[^>]*aria-label="Choose a file"/);
  expect(markup).toMatch(/<button[^>]*aria-haspopup="dialog"[^>]*>Reset all settings/);
});

test("buttons of the same word are told apart by what they open", () => {
  const markup = markupOf(<HelpSection />);
  expect(markup).toContain('aria-label="Show: Keyboard shortcuts"');
  expect(markup).toContain('aria-label="Open: First steps"');
});
