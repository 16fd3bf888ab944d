import { expect, test } from "vitest";
import { createLogger } from "../../../src/main/core/logger.ts";
import { openSettings } from "../../../src/main/features/settings/index.ts";
import { exportSettings, importSettings } from "../../../src/main/features/settings/settings-text.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const open = () => {
  const profile = temporaryFolder();
  return openSettings(
    profile,
    createLogger(
      () => {},
      () => 0,
    ),
  );
};
const fileOf = (values: unknown) => JSON.stringify({ kind: "croft-settings", version: 1, values });

// Catches: settings that do not come back on another machine, or defaults frozen into the file.
test("what was exported is imported as it was, and defaults are left out", () => {
  const [here, there] = [open(), open()];
  here.set("search.limit", 25);
  here.set("ocr.languages", ["deu", "eng"]);
  const text = exportSettings(here);
  expect(JSON.parse(text).values).toEqual({ "search.limit": 25, "ocr.languages": ["deu", "eng"] });
  const { applied, refused } = importSettings(there, text);
  expect(applied.map(({ key }) => key)).toEqual(["ocr.languages", "search.limit"]);
  expect(refused).toEqual([]);
  expect(exportSettings(there)).toBe(text);
});

// Catches: one bad value that throws the good ones away, or that is set unparsed.
test("what is refused is told with its reason, and the rest is set", () => {
  const settings = open();
  settings.set("cpu.threads", 3);
  const values = { "search.limit": 7, "cpu.threads": "all of them", "models.chat": "../../etc", "no.such": 1 };
  const { applied, refused } = importSettings(settings, fileOf(values));
  expect(applied.map(({ key, value }) => [key, value])).toEqual([["search.limit", 7]]);
  expect(refused.map(({ key }) => key)).toEqual(["cpu.threads", "models.chat", "no.such"]);
  expect(refused.every(({ reason }) => reason.length > 10)).toBe(true);
  expect(settings.get("cpu.threads")).toBe(3);
});

test.each([
  ["no JSON", "rm -rf /"],
  ["another program's JSON", JSON.stringify({ "search.limit": 5 })],
  ["a list", "[]"],
  ["null", "null"],
  ["a later version", JSON.stringify({ kind: "croft-settings", version: 2, values: {} })],
  ["values that are a list", fileOf([1, 2])],
  ["nesting beyond reason", "[".repeat(90_000)],
])("%s is refused whole, and nothing changes", (_, text) => {
  const settings = open();
  expect(() => importSettings(settings, text)).toThrowError(expect.objectContaining({ code: "INVALID_INPUT" }));
  expect(settings.list().every(({ value, default: standard }) => JSON.stringify(value) === JSON.stringify(standard))).toBe(true);
});

// Catches: names of the prototype that are taken for settings, and names that write into a terminal or a page.
test("names of strangers change no prototype and are shown short, on one line", () => {
  const settings = open();
  const text = `{"kind":"croft-settings","version":1,"values":{"__proto__":{"search.limit":1},"constructor":1,"\\u001b[31m${"x".repeat(5000)}":1}}`;
  const { applied, refused } = importSettings(settings, text);
  expect(applied).toEqual([]);
  expect(refused).toHaveLength(3);
  expect(refused.every(({ key }) => key.length <= 80 && /^[\x20-\x7e]*$/.test(key))).toBe(true);
  expect(settings.get("search.limit")).toBe(10);
  expect(Object.hasOwn(Object.prototype, "search.limit")).toBe(false);
});
