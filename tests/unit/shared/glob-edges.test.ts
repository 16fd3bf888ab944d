import { describe, expect, it } from "vitest";
import { oneLine } from "../../../src/shared/answer-markdown.ts";
import { FieldName, FieldPath, Recipe } from "../../../src/shared/contract/recipe.ts";
import { fieldKinds } from "../../../src/shared/field-kinds.ts";
import { expandBraces, isModest } from "../../../src/shared/glob.ts";

describe("patterns with braces", () => {
  // Catches: a file that is left out, or taken in, since its pattern was parted in another way than it is written.
  it.each<[string, string[]]>([
    ["*.md", ["*.md"]],
    ["*.{md,txt}", ["*.md", "*.txt"]],
    ["{a,b}{1,2}", ["a1", "a2", "b1", "b2"]],
    ["{a,{b,c}d}", ["a", "bd", "cd"]],
    ["{a}", ["{a}"]],
    ["{a,b", ["{a,b"]],
    ["a,b}", ["a,b}"]],
    ["{,x}y", ["y", "xy"]],
    ["{,}", ["", ""]],
    ["\\{a,b}", ["\\{a,b}"]],
    ["{a\\,b,c}", ["a\\,b", "c"]],
    ["{a}{b,c}", ["{a}b", "{a}c"]],
    ["", [""]],
    ["}{", ["}{"]],
    ["{{a,b}}", ["{a}", "{b}"]],
    ["x\\", ["x\\"]],
  ])("%s is expanded", (pattern, all) => {
    expect(expandBraces(pattern)).toEqual(all);
  });

  // Catches: a pattern of a hundred letters that becomes a million, each of them tried on every file.
  it.each([
    "{a,b}".repeat(8),
    "{a,b}".repeat(2_000),
    `{${"a,".repeat(300)}}`,
    "{a,{b,{c,{d,{e,f}}}}}",
    `${"{a,".repeat(50)}${"}".repeat(50)}`,
  ])("are refused when they are many: %s", (pattern) => {
    expect(expandBraces(pattern)).toBeUndefined();
    expect(isModest([pattern])).toBe(false);
  });

  it.each(["{".repeat(50_000), "}".repeat(50_000), ",".repeat(50_000), "\\".repeat(49_999), "{,".repeat(20_000)])(
    "that are never closed end",
    (pattern) => {
      expect(expandBraces(pattern)).toEqual([pattern]);
    },
  );

  it("are counted together", () => {
    const hundred = `{${Array.from({ length: 100 }, (_, at) => at).join(",")}}`;
    expect(isModest([hundred, hundred])).toBe(true);
    expect(isModest([hundred, hundred, "x"])).toBe(false);
    expect(isModest([])).toBe(true);
  });
});

describe("names in a recipe", () => {
  it.each(["a", "a1", "total_net", "x".repeat(60)])("may be %s", (name) => {
    expect(FieldName.safeParse(name).success).toBe(true);
    expect(FieldPath.safeParse(`lines.${name}`).success).toBe(true);
  });

  // Catches: a name that is a key of the prototype, a path or SQL in what is made of it.
  it.each(["", "A", "1a", "_a", "a-b", "a b", "a.b.c", "é", "constructor", "prototype", "__proto__", "x".repeat(61), 'a"', "a\n", "a\0"])(
    "may not be %j",
    (name) => {
      expect(FieldName.safeParse(name).success).toBe(false);
    },
  );

  it.each(fieldKinds)("a field of the kind %s makes a recipe with everything filled in", (kind) => {
    const recipe = Recipe.parse({
      format: "croft.recipe/1",
      name: "x",
      title: " x ",
      schema: { type: "object", properties: { a: { type: "string", "x-kind": kind } } },
    });
    expect(recipe).toMatchObject({
      title: "x",
      version: 1,
      rules: [],
      pii: {},
      concurrency: 2,
      split: { by: "file" },
      ocr: { mode: "auto" },
    });
  });
});

it.each([
  ["a\nb", "a b"],
  ["  a\t\r\n b  ", "a b"],
  ["\u2028a\u00a0b", "a b"],
  ["", ""],
  [" \n ", ""],
])("one line of %j is %j", (text, line) => {
  expect(oneLine(text)).toBe(line);
});
