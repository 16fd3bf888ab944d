import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ExcelJS from "@protobi/exceljs";
import Database from "better-sqlite3";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { blockers, exportRun } from "../../../src/main/features/batch/export/export-run.ts";
import { lineOf } from "../../../src/main/features/batch/export/csv.ts";
import { withPolicy } from "../../../src/main/features/batch/export/personal.ts";
import { tablesOf } from "../../../src/main/features/batch/export/tables.ts";
import { checkRecipe } from "../../../src/main/features/batch/recipes/parse-recipe.ts";
import { parseCsv } from "../../../src/main/features/batch/validate/lookup.ts";
import {
  type BatchResult,
  exportFormats,
  type Fields,
  type FieldValue,
  type Flag,
  type Scalar,
} from "../../../src/shared/contract/batch.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

function recipeWith(properties: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const { recipe, problems } = checkRecipe({
    format: "croft.recipe/1",
    name: "x",
    title: "x",
    schema: { type: "object", properties },
    ...more,
  });
  if (!recipe) throw new Error(`the recipe is refused: ${problems[0]?.path} ${problems[0]?.message}`);
  return recipe;
}
const text = { type: ["string", "null"] };
const value = (of: Scalar, flags: Flag[] = []): FieldValue => ({ value: of, raw: String(of), sure: 1, origin: "rule", flags });
const result = (fields: Fields, more: Partial<BatchResult> = {}): BatchResult => ({
  id: "0192f3a4-7b1c-7def-8abc-0123456789ab",
  item: "0192f3a4-7b1c-7def-8abc-0123456789ac",
  document: { path: "/a.pdf", hash: "0".repeat(64), pages: 1 },
  state: "done",
  recipe: { name: "x", version: 1 },
  fields,
  flags: [],
  sampled: false,
  timings: {},
  ...more,
});
async function* slicesOf(results: readonly BatchResult[]) {
  for (const one of results) yield [one];
}
const exportTo = (
  folder: string,
  format: (typeof exportFormats)[number],
  recipe: ReturnType<typeof recipeWith>,
  results: BatchResult[],
  force = false,
) =>
  exportRun(
    { run: { name: "r", model: "none" }, recipe, recipeHash: "h", results: slicesOf(results) },
    { format, out: join(folder, `out.${format}`), force, now: 0 },
  );

describe("names of a recipe that meet those of an export", () => {
  const row = { type: "object", properties: { document: text, line: text, what: text } };
  const recipe = recipeWith({
    path_: text,
    path: text,
    state: text,
    documents: { type: "array", items: row },
    [`items_${"a".repeat(40)}_one`]: { type: "array", items: row },
    [`items_${"a".repeat(40)}_two`]: { type: "array", items: row },
  });
  const cells = { document: value("d"), line: value("l"), what: value("w") };
  const fields: Fields = {
    path_: value("second"),
    path: value("first"),
    state: value("own"),
    documents: [cells],
    [`items_${"a".repeat(40)}_one`]: [cells],
    [`items_${"a".repeat(40)}_two`]: [cells, cells],
  };

  // Catches: two columns or tables of one name, of which a program sees only the last, or none.
  it("are told apart in every table", () => {
    const tables = tablesOf(recipe);
    const names = tables.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { columns, rowsOf } of tables) {
      expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
      for (const cellsOfRow of rowsOf(result(fields), 1)) expect(cellsOfRow).toHaveLength(columns.length);
    }
  });

  // Catches: an export that fails for a name that a recipe may have.
  it.each(exportFormats)("do not keep %s from being written", async (format) => {
    const folder = temporaryFolder();
    const { files } = await exportTo(folder, format, recipe, [result(fields)]);
    for (const file of files) expect(existsSync(file)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
  });

  it("keep every value in SQLite", async () => {
    const folder = temporaryFolder();
    await exportTo(folder, "sqlite", recipe, [result(fields)]);
    const db = new Database(join(folder, "out.sqlite"), { readonly: true });
    const tables = db.prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    expect(tables).toHaveLength(4);
    expect(Object.values(db.prepare<[], Record<string, unknown>>("SELECT * FROM documents").get() ?? {})).toEqual(
      expect.arrayContaining(["/a.pdf", "first", "second", "own", "done"]),
    );
    db.close();
  });
});

/** What people and documents write into cells, and what a spreadsheet or a parser may make of it. */
const texts = [
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "\n=1",
  "|cmd",
  "%0A",
  'a "quoted" word',
  "a,b;c",
  "two\nlines",
  "two\r\nlines",
  " blanks at both ends ",
  "'already",
  "日本語",
  "😀",
  "\u202eright to left",
  "",
  "'; DROP TABLE documents; --",
  "</script><script>",
  "0123",
  "1e5",
  "TRUE",
  "#REF!",
  "NULL",
];

describe("texts in exports", () => {
  const recipe = recipeWith({ note: text });

  // Catches: a cell that a spreadsheet runs, or that another reader of CSV parts in two.
  it.each(texts)("are one cell of CSV and no formula: %j", (note) => {
    const line = lineOf(
      [note, 7],
      [
        { name: "note", type: "text" },
        { name: "next", type: "number" },
      ],
    );
    const [, row] = parseCsv(`note,next\r\n${line}\r\n`);
    expect(row).toHaveLength(2);
    expect(row?.[1]).toBe("7");
    expect(row?.[0]).not.toMatch(/^[=+\-@\t\r\n|%]/u);
    expect(row?.[0]?.endsWith(note)).toBe(true);
  });

  // Catches: a text that is changed, cut or run on its way into a typed file.
  it("come back as they were from Parquet, SQLite, JSON lines and XLSX", async () => {
    const folder = temporaryFolder();
    const results = texts.map((note) => result({ note: value(note) }));
    for (const format of ["parquet", "sqlite", "jsonl", "xlsx"] as const) await exportTo(folder, format, recipe, results);
    const bytes = readFileSync(join(folder, "out.parquet"));
    const parquet = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) });
    expect(parquet.map((row) => row["note"])).toEqual(texts);
    const db = new Database(join(folder, "out.sqlite"), { readonly: true });
    expect(
      db
        .prepare<[], { note: string }>("SELECT note FROM documents ORDER BY document")
        .all()
        .map(({ note }) => note),
    ).toEqual(texts);
    db.close();
    const lines = readFileSync(join(folder, "out.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).fields.note.value)).toEqual(texts);
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(join(folder, "out.xlsx"));
    const sheet = book.getWorksheet("documents");
    for (const [at, note] of texts.entries()) {
      const cell = sheet?.getRow(at + 2).getCell(5);
      expect(cell?.formula, JSON.stringify(note)).toBeFalsy();
      expect(
        String(cell?.value ?? "")
          .replaceAll("\r\n", "\n")
          .replaceAll("\r", "\n"),
      ).toBe(note.replaceAll("\r\n", "\n").replaceAll("\r", "\n"));
    }
  });
});

describe("values that are not of their column's type", () => {
  const recipe = recipeWith({ day: { ...text, format: "date" }, total: { type: ["number", "null"] }, paid: { type: ["boolean", "null"] } });

  // Catches: one date that a person typed otherwise, which keeps all documents from being exported.
  it.each(["5 March 2024", "2024-02-31", "2024-13-01", "soon", "", "2024", "March 5, 2024 10:00"])(
    "are written or left out: %j",
    async (day) => {
      for (const format of exportFormats) {
        const { manifest } = await exportTo(temporaryFolder(), format, recipe, [
          result({ day: value(day), total: value("much"), paid: value("yes") }),
          result({ day: value("2024-03-05"), total: value(0), paid: value(false) }),
        ]);
        expect(manifest.counts.documents).toBe(2);
      }
    },
  );

  it("leave the others of their column as they are", async () => {
    const folder = temporaryFolder();
    await exportTo(folder, "parquet", recipe, [
      result({ day: value("soon"), total: value("much"), paid: value(null) }),
      result({ day: value("2024-03-05"), total: value(0), paid: value(false) }),
      result({}),
    ]);
    const bytes = readFileSync(join(folder, "out.parquet"));
    const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) });
    expect(rows.map(({ day, total, paid }) => [day ?? null, total ?? null, paid ?? null])).toEqual([
      [null, null, null],
      [new Date("2024-03-05T00:00:00Z"), 0, false],
      [null, null, null],
    ]);
  });
});

describe("personal data", () => {
  const recipe = (policy: "keep" | "mask" | "drop") =>
    recipeWith(
      {
        who: { ...text, "x-kind": "person" },
        mail: { ...text, "x-kind": "email" },
        note: text,
        people: { type: "array", items: { type: "string", "x-kind": "person" } },
        lines: { type: "array", items: { type: "object", properties: { phone: { ...text, "x-kind": "phone" }, what: text } } },
      },
      { pii: { person: policy, email: policy, phone: policy } },
    );
  const secret = ["Ada Lovelace", "ada@example.org", "+44 20 7946 0958", "Grace Hopper"];
  const fields: Fields = {
    who: { ...value(secret[0] ?? "", [{ rule: "pattern", message: "Ada Lovelace is no number." }]), alternatives: [value("Ada L.")] },
    mail: value(secret[1] ?? ""),
    note: value("kept"),
    people: [value(secret[3] ?? "")],
    lines: [{ phone: value(secret[2] ?? ""), what: value("call") }],
  };

  // Catches: personal data that stays in a flag, in another reading, in a list or in a row.
  it.each(["mask", "drop"] as const)("are nowhere in a record where the recipe says %s", (policy) => {
    const shown = JSON.stringify(withPolicy(fields, recipe(policy)));
    for (const one of [...secret, "Ada L."]) expect(shown).not.toContain(one);
    expect(shown).toContain("kept");
    expect(shown).toContain("call");
  });

  it("are as they were where the recipe keeps them", () => {
    expect(withPolicy(fields, recipe("keep"))).toBe(fields);
  });

  // Catches: a mask that counts other units than it hides, and so shows more or other letters than four.
  it.each([
    ["Ada Lovelace", "Ad• ••••••ce"],
    ["short", "•••••"],
    ["", ""],
    ["--", "--"],
    ["😀Ada Lovelace", "😀Ad• ••••••ce"],
    ["😀😀😀😀Ada Lovelace😀", "😀😀😀😀Ad• ••••••ce😀"],
    ["GB29 NWBK 6016", "GB•• •••• ••16"],
    ["Ünal Öztürk", "Ün•• ••••rk"],
    ["李小龍李小龍李", "李小•••龍李"],
  ])("of %j are masked to %j", (name, masked) => {
    const shown = withPolicy({ who: value(name) }, recipe("mask"))["who"];
    expect(shown && !Array.isArray(shown) ? shown.value : undefined).toBe(masked);
  });
});

describe("what keeps an export back", () => {
  const recipe = recipeWith({ total: text });
  const flagged = (rule: string, more: Partial<BatchResult> = {}) =>
    result({ total: value("1", [{ rule, message: "m" }]) }, { state: "review", ...more });

  it.each([
    ["a broken rule", flagged("sum"), 1],
    ["a broken schema", flagged("schema"), 1],
    ["a person's flag", flagged("person"), 1],
    ["doubt", flagged("unsure"), 0],
    ["what is lacking", flagged("required"), 0],
    ["a broken rule that was reviewed", flagged("sum", { state: "done" }), 0],
    ["a broken rule of a file that could not be read", flagged("sum", { state: "dead" }), 0],
    ["a copy", flagged("sum", { document: { path: "/b", hash: "0".repeat(64), pages: 1, duplicateOf: "/a" } }), 0],
    ["a flag of the whole", result({}, { state: "review", flags: [{ rule: "same-document", message: "m" }] }), 1],
    [
      "two flags",
      result(
        {
          total: value("1", [
            { rule: "sum", message: "m" },
            { rule: "iban", message: "m" },
          ]),
        },
        { state: "review" },
      ),
      2,
    ],
  ])("is counted for %s", (_, one, count) => {
    expect(blockers([one])).toHaveLength(count);
  });

  // Catches: a file that is replaced though the export was refused, or forced without saying so.
  it("leaves the file that is there, and is named in the manifest when it is forced", async () => {
    const folder = temporaryFolder();
    const out = join(folder, "out.csv");
    writeFileSync(out, "before");
    await expect(exportTo(folder, "csv", recipe, [flagged("sum")])).rejects.toMatchObject({
      code: "CONFLICT",
      data: { blocked: [{ field: "total", rule: "sum" }] },
    });
    expect(readFileSync(out, "utf8")).toBe("before");
    expect(readdirSync(folder)).toEqual(["out.csv"]);
    const { manifest } = await exportTo(folder, "csv", recipe, [flagged("sum")], true);
    expect(manifest).toMatchObject({ forced: true, unreviewed: 1, counts: { review: 1 } });
    expect(readFileSync(out, "utf8")).not.toBe("before");
  });

  // Catches: a half-written file beside a folder that stands in the way.
  it.each(exportFormats)("leaves nothing behind in %s where the name is that of a folder", async (format) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, `out.${format}`, "inside"), { recursive: true });
    await expect(exportTo(folder, format, recipe, [result({ total: value("1") })])).rejects.toMatchObject({ code: "STORAGE_READONLY" });
    expect(readdirSync(folder)).toEqual([`out.${format}`]);
  });

  it.each(exportFormats)("writes %s of a run in which nothing was read", async (format) => {
    const { manifest, files } = await exportTo(temporaryFolder(), format, recipe, [result({}, { state: "dead" })]);
    expect(manifest.counts).toEqual({ documents: 0, rows: 0, review: 0, dead: 1 });
    for (const file of files) expect(existsSync(file)).toBe(true);
  });
});
