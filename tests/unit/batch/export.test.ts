import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ExcelJS from "@protobi/exceljs";
import Database from "better-sqlite3";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { exportRun } from "../../../src/main/features/batch/export/export-run.ts";
import { openParquet } from "../../../src/main/features/batch/export/parquet.ts";
import { checkRecipe } from "../../../src/main/features/batch/recipes/parse-recipe.ts";
import { type BatchResult, exportFormats, type FieldValue, type Scalar } from "../../../src/shared/contract/batch.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const { recipe } = checkRecipe({
  format: "croft.recipe/1",
  name: "x",
  title: "x",
  schema: {
    type: "object",
    properties: {
      vendor: { type: ["string", "null"], "x-kind": "party" },
      day: { type: ["string", "null"], format: "date" },
      total: { type: ["number", "null"], "x-kind": "amount" },
      email: { type: ["string", "null"], "x-kind": "email" },
      tags: { type: "array", items: { type: "string" } },
      lines: {
        type: "array",
        items: {
          type: "object",
          properties: { what: { type: ["string", "null"] }, amount: { type: ["number", "null"], "x-kind": "amount" } },
        },
      },
    },
  },
  pii: { email: "mask" },
});
if (!recipe) throw new Error("the recipe is refused");

const value = (of: Scalar): FieldValue => ({ value: of, raw: String(of), sure: 1, origin: "rule", flags: [] });
const hostile = '=HYPERLINK("http://example.com","x")';
const result = (path: string, state: BatchResult["state"] = "done", more: Partial<BatchResult> = {}): BatchResult => ({
  id: "0192f3a4-7b1c-7def-8abc-0123456789ab",
  item: "0192f3a4-7b1c-7def-8abc-0123456789ac",
  document: { path, hash: "0".repeat(64), pages: 1 },
  state,
  recipe: { name: "x", version: 1 },
  fields: {
    vendor: value(hostile),
    day: value("2024-03-05"),
    total: value(-12.5),
    email: value("ada@example.org"),
    tags: [value("a"), value("b")],
    lines: [
      { what: value("+1 tea"), amount: value(-12.5) },
      { what: value(null), amount: value(null) },
    ],
  },
  flags: [],
  sampled: false,
  timings: {},
  ...more,
});

/** One document at a time, as the smallest slices are. */
async function* slicesOf(results: readonly BatchResult[]) {
  for (const one of results) yield [one];
}
function subjectOf(results: AsyncIterable<readonly BatchResult[]>) {
  if (!recipe) throw new Error("the recipe is refused");
  return { run: { name: "r", model: "none" }, recipe, recipeHash: "h", results };
}

async function exported(format: (typeof exportFormats)[number], results: BatchResult[] = [result("/a.pdf")]) {
  const out = join(temporaryFolder(), `out.${format}`);
  return {
    out,
    ...(await exportRun(subjectOf(slicesOf(results)), { format, out, force: false, now: 0 })),
  };
}

describe("exports", () => {
  // Catches: a vendor's name that a spreadsheet runs.
  it("write CSV in which no text is a formula, and numbers stay numbers", async () => {
    const { out } = await exported("csv");
    const text = readFileSync(out, "utf8");
    expect(text).toContain(`"'=HYPERLINK(""http://example.com"",""x"")"`);
    expect(text).toContain(",2024-03-05,-12.5,");
    expect(readFileSync(out.replace(".csv", ".lines.csv"), "utf8")).toContain("1,1,'+1 tea,-12.5");
  });

  // Catches: dates that are texts, amounts that cannot be summed, lines that are lost.
  it("write XLSX with typed cells and the lines on a sheet of their own", async () => {
    const { out } = await exported("xlsx");
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(out);
    const [head, row] = [book.getWorksheet("documents")?.getRow(1), book.getWorksheet("documents")?.getRow(2)];
    const names = Array.isArray(head?.values) ? head.values.slice(1) : [];
    const cell = (name: string) => row?.getCell(names.indexOf(name) + 1).value;
    expect(cell("day")).toEqual(new Date("2024-03-05T00:00:00Z"));
    expect(cell("total")).toBe(-12.5);
    expect(cell("vendor")).toBe(hostile);
    expect(cell("tags")).toBe("a; b");
    expect(book.getWorksheet("lines")?.getRow(2).getCell(4).value).toBe(-12.5);
  });

  it("write Parquet that another reader reads", async () => {
    const { out } = await exported("parquet");
    const bytes = readFileSync(out);
    const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) });
    expect(rows).toMatchObject([{ vendor: hostile, day: new Date("2024-03-05T00:00:00Z"), total: -12.5 }]);
  });

  // Catches: groups of rows that overwrite each other, and a file of a whole run held in memory.
  it("write Parquet a group of rows at a time", async () => {
    const path = join(temporaryFolder(), "rows.parquet");
    const rows = Array.from({ length: 2_300 }, (_, index) => [index % 7 === 3 ? null : index, `text ${index}`]);
    const columns = [
      { name: "number", type: "number" as const },
      { name: "text", type: "text" as const },
    ];
    const read = () => {
      const bytes = readFileSync(path);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    };
    const write = async (all: (string | number | null)[][]) => {
      const writer = await openParquet([path], [{ name: "rows", columns, rowsOf: () => [] }]);
      for (let first = 0; first < all.length; first += 70) await writer.write({ results: [], rows: [all.slice(first, first + 70)] });
      await writer.end();
      await writer.close();
    };
    await write(rows);
    expect(parquetMetadata(read()).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([1_000, 1_000, 300]);
    expect((await parquetReadObjects({ file: read() })).map(({ number, text }) => [number, text])).toEqual(rows);
    await write([]);
    expect(await parquetReadObjects({ file: read() })).toEqual([]);
  });

  it("write SQLite and JSON lines", async () => {
    const { out } = await exported("sqlite");
    const db = new Database(out, { readonly: true });
    expect(db.prepare("SELECT vendor, day, total FROM documents").all()).toEqual([{ vendor: hostile, day: "2024-03-05", total: -12.5 }]);
    expect(db.prepare("SELECT count(*) AS n FROM lines").get()).toEqual({ n: 2 });
    db.close();
    const lines = readFileSync((await exported("jsonl")).out, "utf8")
      .trim()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line).document.path)).toEqual(["/a.pdf"]);
  });

  // Catches: personal data in a file though the recipe hides it.
  it.each(exportFormats)("hide in %s what the recipe masks", async (format) => {
    const { files } = await exported(format);
    for (const file of files) expect(readFileSync(file).includes("ada@example.org")).toBe(false);
  });

  it("hold each record once and none that could not be read, and name all in the manifest", async () => {
    const copy = result("/b.pdf", "done", { document: { path: "/b.pdf", hash: "0".repeat(64), pages: 1, duplicateOf: "/a.pdf" } });
    const { manifest } = await exported("csv", [result("/a.pdf"), copy, result("/c.pdf", "dead", { fields: {} })]);
    expect(manifest.counts).toEqual({ documents: 1, rows: 2, review: 0, dead: 1 });
    expect(manifest.documents.map(({ path, state }) => [path, state])).toEqual([
      ["/a.pdf", "done"],
      ["/b.pdf", "done"],
      ["/c.pdf", "dead"],
    ]);
    expect(manifest.outputs[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("leave nothing half written where they cannot write", async () => {
    await expect(
      exportRun(subjectOf(slicesOf([])), { format: "csv", out: "/proc/none/out.csv", force: false, now: 0 }),
    ).rejects.toMatchObject({ code: "STORAGE_READONLY" });
  });

  // Catches: half an export under the name of a whole one, and what was there before lost.
  it.each(exportFormats)("leave what was there in %s, and nothing beside it, when reading fails half way", async (format) => {
    const folder = temporaryFolder();
    const out = join(folder, `out.${format}`);
    writeFileSync(out, "before");
    async function* failing() {
      yield [result("/a.pdf")];
      throw new AppError("ABORTED", "enough");
    }
    await expect(exportRun(subjectOf(failing()), { format, out, force: false, now: 0 })).rejects.toMatchObject({ code: "ABORTED" });
    expect(readdirSync(folder)).toEqual([`out.${format}`]);
    expect(readFileSync(out, "utf8")).toBe("before");
  });

  // Catches: all documents of a run held before the first is written.
  it.each(["csv", "jsonl"] as const)("have written what was read in %s before they ask for more", async (format) => {
    const folder = temporaryFolder();
    const seen: boolean[] = [];
    async function* looking() {
      for (const name of ["/a.pdf", "/b.pdf", "/c.pdf"]) {
        yield [result(name)];
        const partial = readdirSync(folder).find((file) => file.startsWith(`out.${format}.`)) ?? "";
        seen.push(readFileSync(join(folder, partial), "utf8").includes(name));
      }
    }
    await exportRun(subjectOf(looking()), { format, out: join(folder, `out.${format}`), force: false, now: 0 });
    expect(seen).toEqual([true, true, true]);
  });

  // Catches: a button in a window that tells of an option of the command line.
  it("name no option of the command line when they are held back", async () => {
    const flagged = result("/a.pdf", "review", { flags: [{ rule: "sum", message: "does not add up" }] });
    const failed = await exported("csv", [result("/b.pdf"), flagged]).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "CONFLICT", data: { blocked: [{ path: "/a.pdf", rule: "sum" }] } });
    expect(failed instanceof AppError && failed.hint).not.toContain("--");
  });
});
