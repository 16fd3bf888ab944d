import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type SettingKey, Settings } from "../../../src/shared/contract/settings.ts";

const effects = "integration/settings/effects.test.ts";

/** Where it is proven that a setting does what it says: the file and the name of the test. A new setting does not compile without one. */
const proofs: Record<SettingKey, { file: string; test: string }> = {
  "models.chat": { file: effects, test: "models.chat and answer.effort: the chosen model is the one that is asked for" },
  "models.embedding": { file: effects, test: "models.embedding: new collections are made with it" },
  "models.reranker": {
    file: "integration/knowledge/routes.test.ts",
    test: "does without a cross-encoder that is chosen and not installed",
  },
  "models.idleMinutes": { file: effects, test: "models.idleMinutes: an engine that has nothing to do stays as long as it says" },
  "cpu.threads": { file: effects, test: "cpu.threads: models are told to use no more" },
  "ocr.mode": { file: effects, test: "ocr.mode: pages are recognised as it says" },
  "ocr.languages": {
    file: "integration/knowledge/pages-again.test.ts",
    test: "count when the settings changed them, and two collections with different ones do not take turns for ever",
  },
  "network.offline": {
    file: "integration/system/privacy.test.ts",
    test: "is what core writes: a download without a network is in it as refused",
  },
  "search.limit": { file: effects, test: "search.limit: a search that names no number returns so many passages" },
  "answer.effort": { file: effects, test: "models.chat and answer.effort: the chosen model is the one that is asked for" },
  "welcome.done": {
    file: "e2e/app-first-run.test.ts",
    test: "one click leaves all of it out; going anywhere else does too; the palette and the settings bring it back",
  },
};

const read = (file: string) => readFileSync(join(import.meta.dirname, "../..", file), "utf8");

describe("every setting", () => {
  // Catches: a setting that is shown and does nothing, and a proof that was renamed or deleted.
  test.each(Object.entries(proofs))("%s has an effect that a test proves", (key, { file, test: name }) => {
    const text = read(file);
    expect(text).toContain(name);
    const word = key === "welcome.done" ? "welcome" : key;
    expect(text, "the proof never names the setting").toContain(word);
  });

  test("that there is stands in the list", () => {
    expect(Object.keys(proofs).toSorted()).toEqual(Object.keys(Settings.shape).toSorted());
  });

  // Catches: two fields of the page with one name, which neither a person nor a test can tell apart.
  test("is described in its own words, without a full stop, and parses its own default", () => {
    const said = Object.values(Settings.shape).map((schema) => schema.description ?? "");
    expect(new Set(said).size).toBe(said.length);
    for (const [key, schema] of Object.entries(Settings.shape)) {
      expect(schema.description, key).toMatch(/^[A-Z].{9,}[^.]$/);
      expect(schema.safeParse(schema.parse(undefined)).success, key).toBe(true);
    }
  });
});
