import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createIndexStore } from "../../../src/main/engines/search/index-store.ts";
import { createKeywordLeg } from "../../../src/main/engines/search/keyword-leg.ts";
import { loadLanguage } from "../../../src/main/text/languages.ts";
import { openIndex, type OpenIndex } from "../../../src/main/engines/search/open-index.ts";
import { type Library, openLibrary } from "../../helpers/search-library.ts";

const english = await loadLanguage("en");
const everything = { has: () => true };
let folder: string;
let library: Library;
let index: OpenIndex;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "croft-keywords-"));
  library = openLibrary(folder);
  index = openIndex(library.config.indexPath, library.truth.db);
});
afterEach(() => {
  index.reader.close();
  index.writer.close();
  library.close();
  rmSync(folder, { recursive: true, force: true });
});

function fill(from: number, count: number, body: (key: number) => string): void {
  const store = createIndexStore(index.writer);
  const rows = Array.from({ length: count }, (_, offset) => ({
    key: from + offset,
    language: "en",
    context: "",
    body: body(from + offset),
    vector: Float32Array.of(1),
  }));
  store.write(store.ensureEmbedder("one", 1), rows);
}

it("gives a query over many rows up in the middle when it is aborted", async () => {
  fill(1, 38_000, (key) => `common w${key}`);
  const leg = createKeywordLeg(index.reader);
  const controller = new AbortController();
  let asked = 0;
  const selection = {
    has() {
      // Aborted while rows are being looked at, as a message from outside would do between two slices.
      if (++asked === 1000) controller.abort(new Error("enough"));
      return true;
    },
  };
  await expect(leg.search("common", [english], 10, selection, controller.signal)).rejects.toThrow("enough");
  expect(asked).toBeLessThan(38_000);
  // The connection is free again: the walk was closed.
  expect((await leg.search("common", [english], 10, everything, new AbortController().signal)).matched).toBe(38_000);
});

it("lets rows be written while it walks through a query", async () => {
  fill(1, 30_000, (key) => `common w${key}`);
  const leg = createKeywordLeg(index.reader);
  const searching = leg.search("common", [english], 10, everything, new AbortController().signal);
  fill(50_000, 10, () => "common");
  expect((await searching).matched).toBe(30_000);
  leg.changed();
  expect((await leg.search("common", [english], 10, everything, new AbortController().signal)).matched).toBe(30_010);
});

it("finds a word that came after it was asked for in vain", async () => {
  const leg = createKeywordLeg(index.reader);
  const { signal } = new AbortController();
  expect((await leg.search("walrus", [english], 10, everything, signal)).found).toEqual([]);
  fill(1, 1, () => "walrus");
  leg.changed();
  expect((await leg.search("walrus", [english], 10, everything, signal)).found).toHaveLength(1);
});

it("knows a code that names something from a number that stands everywhere", async () => {
  fill(1, 100, (key) => `report 2024 il_6 err_${key + 1000}`);
  const leg = createKeywordLeg(index.reader);
  const isNamed = async (text: string) => (await leg.search(text, [english], 10, everything, new AbortController().signal)).isNamed;
  expect(await isNamed("what does ERR-1017 mean")).toBe(true);
  expect(await isNamed("report of 2024")).toBe(false);
  expect(await isNamed("how IL-6 works")).toBe(false);
  expect(await isNamed("what does ERR-9999 mean")).toBe(false);
});
