import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mergeReadings } from "../../../src/main/features/batch/extract/merge-readings.ts";
import { checkRecipe, parseRecipe } from "../../../src/main/features/batch/recipes/parse-recipe.ts";
import { stand, standing, withDecisions } from "../../../src/main/features/batch/review/overlay.ts";
import { countPages } from "../../../src/main/features/batch/scan/count-pages.ts";
import { loadLookups, parseCsv } from "../../../src/main/features/batch/validate/lookup.ts";
import { checkRule } from "../../../src/main/features/batch/validate/rules.ts";
import { compileSchema } from "../../../src/main/features/batch/validate/schema.ts";
import { eachValue, plainRecord, valueAt, valuesOf, withValues } from "../../../src/main/features/batch/validate/values.ts";
import type { Decision, Fields, FieldValue, Flag, Scalar } from "../../../src/shared/contract/batch.ts";
import { Rule } from "../../../src/shared/contract/recipe.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const value = (of: Scalar, sure = 0.9, flags: Flag[] = []): FieldValue => ({ value: of, sure, origin: "rule", flags });
const text = { type: ["string", "null"] };
const base = {
  format: "croft.recipe/1",
  name: "x",
  title: "x",
  schema: {
    type: "object",
    properties: { a: text, b: { type: ["number", "null"] }, lines: { type: "array", items: { type: "object", properties: { n: text } } } },
  },
};

describe("recipes of strangers", () => {
  // Catches: a recipe that is taken though it cannot be used, or one whose refusal is an exception.
  it.each([
    ["nothing", "", ""],
    ["no JSON", "{", ""],
    ["a list", "[]", ""],
    ["null", "null", ""],
    ["another format", JSON.stringify({ ...base, format: "croft.recipe/2" }), "format"],
    ["an unknown key", JSON.stringify({ ...base, run: "rm" }), ""],
    ["a name that is a path", JSON.stringify({ ...base, name: "../x" }), "name"],
    ["a name too long", JSON.stringify({ ...base, name: "x".repeat(61) }), "name"],
    ["version 0", JSON.stringify({ ...base, version: 0 }), "version"],
    ["no worker", JSON.stringify({ ...base, concurrency: 0 }), "concurrency"],
    ["too many workers", JSON.stringify({ ...base, concurrency: 17 }), "concurrency"],
    [
      "a field of the prototype",
      `{"format":"croft.recipe/1","name":"x","title":"x","schema":{"type":"object","properties":{"constructor":{"type":"string"}}}}`,
      "schema",
    ],
    ["a required field that is not there", JSON.stringify({ ...base, schema: { ...base.schema, required: ["c"] } }), "schema.required"],
    ["an identity that is not there", JSON.stringify({ ...base, identity: ["c"] }), "identity"],
    ["parting by what is not there", JSON.stringify({ ...base, split: { by: "pages", fields: ["c"] } }), "split.fields"],
    ["a sum of what is not there", JSON.stringify({ ...base, rules: [{ rule: "sum", total: "b", parts: ["lines.c"] }] }), "rules.0"],
    ["a sum of no parts", JSON.stringify({ ...base, rules: [{ rule: "sum", total: "b", parts: [] }] }), "rules.0"],
    ["dates of one field", JSON.stringify({ ...base, rules: [{ rule: "date-order", fields: ["a"] }] }), "rules.0"],
    ["a rule that nobody knows", JSON.stringify({ ...base, rules: [{ rule: "script", field: "a" }] }), "rules.0"],
    [
      "a pattern that looks behind",
      JSON.stringify({ ...base, rules: [{ rule: "pattern", field: "a", pattern: "(?<=x)a" }] }),
      "rules.0.pattern",
    ],
    [
      "a pattern in a column",
      JSON.stringify({
        ...base,
        schema: {
          type: "object",
          properties: { lines: { type: "array", items: { type: "object", properties: { n: { type: "string", pattern: "(" } } } } },
        },
      }),
      "schema.properties.lines.n.pattern",
    ],
    [
      "a pattern in a list",
      JSON.stringify({
        ...base,
        schema: { type: "object", properties: { lines: { type: "array", items: { type: "string", pattern: "\\1" } } } },
      }),
      "schema.properties.lines.pattern",
    ],
    ["more than a million characters", " ".repeat(1_000_001), ""],
    ["depth without end", "[".repeat(100_000), ""],
  ])("are refused with the place: %s", (_, source, path) => {
    const { recipe, problems } = parseRecipe(source);
    expect(recipe).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(20);
    expect(problems[0]?.path.startsWith(path)).toBe(true);
    expect(problems[0]?.message.length).toBeLessThan(400);
  });
});

describe("a list that two rules look into", () => {
  const recipe = (file: string, columns: string[]) => {
    const parsed = checkRecipe({ ...base, rules: columns.map((column) => ({ rule: "lookup", field: "a", file, column })) });
    if (!parsed.recipe) throw new Error("the recipe is refused");
    return parsed.recipe;
  };
  // Catches: a second rule whose column is missing, which then flags every document instead of being refused.
  it("is refused when it lacks the column of the second", async () => {
    const file = join(temporaryFolder(), "list.csv");
    writeFileSync(file, "name,code\nTea,1\n");
    await expect(loadLookups(recipe(file, ["name", "colour"]))).rejects.toMatchObject({
      code: "INVALID_INPUT",
      hint: "Columns: name, code.",
    });
    const tables = await loadLookups(recipe(file, ["name", "code"]));
    expect(tables.size).toBe(1);
    for (const [column, one, found] of [
      ["name", "tea", 1],
      ["code", " 1 ", 1],
      ["code", "Tea", 0],
    ] as const)
      expect(tables.get(file)?.rowsWhere(column, one)).toHaveLength(found);
  });

  it("is refused when it is too large, and before it is read", async () => {
    const file = join(temporaryFolder(), "list.csv");
    writeFileSync(file, "name\n");
    truncateSync(file, 50_000_001);
    await expect(loadLookups(recipe(file, ["name"]))).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
  });

  it.each(["__proto__", "constructor", "toString"])("may have a column called %s", async (column) => {
    const file = join(temporaryFolder(), "list.csv");
    writeFileSync(file, `${column},b\nx,y\n`);
    const table = (await loadLookups(recipe(file, [column]))).get(file);
    expect(table?.rowsWhere(column, "X")).toHaveLength(1);
    expect(table?.rowsWhere(column, "z")).toEqual([]);
  });

  // Catches: a difference from RFC 4180 that moves the cells of a list.
  it.each([
    ["", []],
    ["\n\n", []],
    ["a", [["a"]]],
    ["a,b\n", [["a", "b"]]],
    ["a;b,c;d", [["a", "b,c", "d"]]],
    ["a\tb", [["a", "b"]]],
    ['"a\nb",c', [["a\nb", "c"]]],
    ['"a', [["a"]]],
    ['a"b,c', [['a"b', "c"]]],
    ['"",""', []],
    ['"a""b",', [['a"b', ""]]],
    ["\ufeffa,b", [["a", "b"]]],
    [
      "a,b\r\n1,2\r\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
  ])("is read from %j", (source, rows) => {
    expect(parseCsv(source)).toEqual(rows);
  });
});

describe("paths of values", () => {
  const fields: Fields = { total: value(1), tags: [value("x"), value("y")], lines: [{ n: value("p"), m: value(2) }, { n: value("q") }] };

  it.each<[string, Scalar | undefined]>([
    ["total", 1],
    ["tags.0", "x"],
    ["tags.1", "y"],
    ["lines.0.n", "p"],
    ["lines.1.n", "q"],
    ["lines.1.m", undefined],
    ["total.0", undefined],
    ["tags", undefined],
    ["tags.2", undefined],
    ["tags.-1", undefined],
    ["tags.0.n", undefined],
    ["lines.0", undefined],
    ["", undefined],
    ["__proto__", undefined],
    ["constructor", undefined],
    ["lines.0.constructor", undefined],
    ["tags.length", undefined],
  ])("%s leads to %s", (path, found) => {
    expect(valueAt(fields, path)?.value).toBe(found);
  });

  // Catches: a walk and a look-up that disagree, so that flags are noted where no value is.
  it("are those that the walk gives, and changing nothing changes nothing", () => {
    const all = [...eachValue(fields)];
    expect(all).toHaveLength(6);
    for (const [path, one] of all) expect(valueAt(fields, path)).toBe(one);
    expect(withValues(fields, (_, one) => one)).toEqual(fields);
    expect(plainRecord(fields)).toEqual({ total: 1, tags: ["x", "y"], lines: [{ n: "p", m: 2 }, { n: "q" }] });
    expect(valuesOf(fields, "lines.n").map(([path]) => path)).toEqual(["lines.0.n", "lines.1.n"]);
    expect(valuesOf(fields, "lines.m").map(([path]) => path)).toEqual(["lines.0.m"]);
    for (const none of ["lines", "tags.n", "total.n", "toString", "lines.constructor.name"]) expect(valuesOf(fields, none)).toEqual([]);
  });
});

describe("rules at their edges", () => {
  const broken = (rule: unknown, fields: Fields) => checkRule(Rule.parse(rule), fields, new Map()).flatMap(({ paths }) => paths);
  const sides = (a: Scalar, b: Scalar): Fields => ({ a: value(a), b: value(b) });

  it.each<[string, Scalar, Scalar, boolean]>([
    ["<", 1, 2, true],
    ["<", 2, 2, false],
    ["<=", 2, 2, true],
    ["<=", 3, 2, false],
    ["=", 2, 2, true],
    ["=", "2", 2, false],
    ["!=", 1, 2, true],
    ["!=", 2, 2, false],
    [">=", 2, 2, true],
    [">=", 1, 2, false],
    [">", 3, 2, true],
    [">", 2, 2, false],
    ["<", "2024-01-31", "2024-02-01", true],
    [">", "2024-01-31", "2024-02-01", false],
    ["<", null, 2, true],
    [">", 2, null, true],
  ])("a %s b is judged right for %s and %s", (operator, a, b, holds) => {
    expect(broken({ rule: "compare", left: "a", operator, right: "b" }, sides(a, b))).toEqual(holds ? [] : ["a", "b"]);
  });

  it.each<[number | undefined, number | undefined, Scalar, boolean]>([
    [0, 10, 0, true],
    [0, 10, 10, true],
    [0, 10, -0.01, false],
    [0, 10, 10.01, false],
    [undefined, 10, -1e9, true],
    [0, undefined, 1e300, true],
    [undefined, undefined, 5, true],
    [0, 10, "11", true],
    [0, 10, null, true],
  ])("a range from %s to %s holds %s: %s", (minimum, maximum, a, holds) => {
    expect(
      broken(
        { rule: "range", field: "a", ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) },
        sides(a, null),
      ),
    ).toEqual(holds ? [] : ["a"]);
  });

  it.each<[Scalar[], number, boolean]>([
    [[50, 50], 100, true],
    [[50, 50.02], 100, true],
    [[50, 50.03], 100, false],
    [[0.1, 0.2], 0.3, true],
    [[-50, 20], -30, true],
    [[33.333, 33.333, 33.333], 100.03, true],
    [[1e15, 1], 1e15 + 1, true],
    [[50, null], 100, true],
    [["50", 50], 1, true],
  ])("the lines %s are the sum %s: %s", (parts, total, holds) => {
    const fields: Fields = { b: value(total), lines: parts.map((part) => ({ n: value(part) })) };
    expect(broken({ rule: "sum", total: "b", parts: ["lines.n"] }, fields).includes("b")).toBe(!holds);
  });

  it.each(["soon", "2024-02-31x", ""])("dates that are none are not judged: %j", (date) => {
    expect(broken({ rule: "date-order", fields: ["a", "b"] }, sides(date, "2024-01-01"))).toEqual([]);
  });

  // Catches: a value of a megabyte that is matched as a whole.
  it("looks at the beginning of a long value", () => {
    expect(broken({ rule: "pattern", field: "a", pattern: "^x+$" }, sides(`${"x".repeat(2_000)}!`, null))).toEqual([]);
    expect(broken({ rule: "pattern", field: "a", pattern: "^x+$" }, sides(`${"x".repeat(1_999)}!`, null))).toEqual(["a"]);
  });

  it.each([
    ["2024-02-29", true],
    ["2024-2-9", false],
    ["2024-13-01", false],
    ["2024-12-32", false],
    ["29.02.2024", false],
  ])("the schema takes %s for a date: %s", (date, isDate) => {
    const check = compileSchema({ type: "object", properties: { day: { type: "string", format: "date" } } });
    expect(check({ day: date }).map(({ path }) => path)).toEqual(isDate ? [] : ["day"]);
  });
});

describe("decisions laid over a reading", () => {
  const id = "0192f3a4-7b1c-7def-8abc-0123456789ab";
  const decision = (field: string, action: Decision["action"], after: unknown, more: Partial<Decision> = {}): Decision => ({
    id,
    act: id,
    field,
    action,
    before: null,
    after,
    who: "me",
    at: 1,
    ...more,
  });
  const corrected = (to: Scalar) => ({ value: to, sure: 1, origin: "person" });
  const reading: Fields = { a: value("read", 0.4), lines: [{ n: value("first") }] };
  const over = (...list: Decision[]) => withDecisions(reading, standing(list));

  it("puts a correction in the place of what was read, which stays beside it", () => {
    expect(over(decision("a", "correct", corrected("right")))["a"]).toMatchObject({
      value: "right",
      origin: "person",
      sure: 1,
      alternatives: [{ value: "read" }],
    });
  });

  it.each([
    ["the newest of a field", [decision("a", "correct", corrected("one")), decision("a", "correct", corrected("two"))], "two"],
    [
      "the one before, when the newest was undone",
      [decision("a", "correct", corrected("one")), decision("a", "correct", corrected("two"), { undoneAt: 2 })],
      "one",
    ],
    ["the reading, when all were undone", [decision("a", "correct", corrected("one"), { undoneAt: 2 })], "read"],
    ["the reading, under a flag", [decision("a", "flag", "odd")], "read"],
    ["the reading, where what is stored is damaged", [decision("a", "correct", { value: { no: "scalar" } })], "read"],
    ["nothing, where a person said so", [decision("a", "correct", corrected(null))], null],
  ])("lets stand %s", (_, list, expected) => {
    expect(valueAt(over(...list), "a")?.value).toBe(expected);
  });

  it.each([
    ["the next row", "lines.1.n", 2],
    ["no row behind a gap", "lines.5.n", 1],
    ["no row of a field that is none", "a.0.n", 1],
    ["no field that was not read", "other.0.n", 1],
  ])("adds %s", (_, path, rows) => {
    const { lines } = over(decision(path, "correct", corrected("new")));
    expect(lines).toHaveLength(rows);
  });

  it.each<[string, Flag[], Decision[], boolean, "done" | "review"]>([
    ["nothing is flagged", [], [], false, "done"],
    ["it was drawn for the sample", [], [], true, "review"],
    ["it was drawn and approved", [], [decision("", "approve", null)], true, "done"],
    ["a field is flagged", [{ rule: "sum", message: "m" }], [], false, "review"],
    ["a flagged field was accepted", [{ rule: "sum", message: "m" }], [decision("a", "accept", corrected("read"))], false, "done"],
    ["that was undone", [{ rule: "sum", message: "m" }], [decision("a", "accept", corrected("read"), { undoneAt: 2 })], false, "review"],
    ["a person flagged it", [], [decision("a", "flag", "odd")], false, "review"],
    ["a person flagged the whole", [], [decision("", "flag", "odd")], false, "review"],
  ])("needs a look or not when %s", (_, flags, list, sampled, state) => {
    expect(stand({ fields: { a: value("read", 0.9, flags) }, flags: [] }, standing(list), sampled).state).toBe(state);
  });

  // Catches: a record of a large table whose values do not fit into the arguments of one call.
  it("judges a table of two hundred thousand values", () => {
    const lines = Array.from({ length: 200_000 }, (_, row) => ({ n: value(row, row === 150_000 ? 0.25 : 0.9) }));
    expect(stand({ fields: { lines }, flags: [] }, new Map(), false).lowestSure).toBe(0.25);
  });
});

describe("two readings", () => {
  const at = (of: Scalar, sure: number): FieldValue => ({ ...value(of, sure), box: [0, 0, 1, 1], page: 1 });
  it.each<[string, FieldValue, FieldValue, Scalar]>([
    ["the first where they agree", at("x", 0.5), at("x", 0.5), "x"],
    ["the second where the first has none", at(null, 0.6), at("y", 0.5), "y"],
    ["the first where the second has none", at("x", 0.2), at(null, 0.9), "x"],
    ["the second where it is clearly surer", at("x", 0.5), at("y", 0.9), "y"],
    ["the first where it is not clearly so", at("x", 0.5), at("y", 0.6), "x"],
    ["nothing that has no place on the page", value(null), value("y"), null],
  ])("give %s", (_, first, second, expected) => {
    const { a } = mergeReadings({ a: first }, { a: second });
    expect(a && !Array.isArray(a) ? a.value : undefined).toBe(expected);
    expect(a && !Array.isArray(a) ? a.sure : 2).toBeLessThanOrEqual(1);
  });

  it("keep the rows of the first where the second has another number of them", () => {
    const first: Fields = { lines: [{ n: at("p", 0.5) }] };
    expect(mergeReadings(first, { lines: [{ n: at("q", 0.9) }, { n: at("r", 0.9) }] })).toEqual(first);
    expect(mergeReadings(first, {})).toEqual(first);
    expect(valueAt(mergeReadings({ lines: [] }, first), "lines.0.n")?.value).toBe("p");
  });
});

describe("pages counted from outside", () => {
  const count = (body: string, type = "pdf") => {
    const path = join(temporaryFolder(), "x");
    writeFileSync(path, body, "latin1");
    return countPages(path, type, Buffer.byteLength(body, "latin1"));
  };
  // Catches: a stack of hundreds of pages whose tree is compressed that is announced as one page.
  it.each([
    ["by the tree", "%PDF-1.4 /Type /Pages /Kids [] /Count 12 startxref", 12],
    ["by the tree, written the other way round", "%PDF /Count 7 /Kids [] /Type/Pages startxref", 7],
    ["by the largest of several", "%PDF /Type /Pages /Count 3 > /Type /Pages /Count 9 > startxref", 9],
    ["by their leaves", "%PDF /Type /Page /Type /Page startxref", 2],
    ["by size where nothing lies open", `%PDF ${"x".repeat(600_000)} startxref`, 11],
    ["as one where the file is small", "%PDF startxref", 1],
  ])("%s", async (_, body, pages) => {
    expect(await count(body)).toEqual({ pages });
  });

  it("says what will keep them from being read", async () => {
    expect((await count("%PDF-1.4 cut")).problem?.code).toBe("FILE_DAMAGED");
    expect((await count("%PDF /Encrypt 5 0 R /O (x) /P -44 startxref")).problem?.code).toBe("FILE_ENCRYPTED");
    expect((await count("%PDF the word /Encrypted alone startxref")).problem).toBeUndefined();
    expect(await count("whatever", "docx")).toEqual({ pages: 1 });
  });
});
