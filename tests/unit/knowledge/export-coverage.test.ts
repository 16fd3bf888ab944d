import { describe, expect, test } from "vitest";
import { exportCoverage } from "../../../src/main/features/knowledge/sources/export-coverage.ts";
import { Coverage } from "../../../src/shared/contract/knowledge.ts";

const coverage: Coverage = {
  collection: "papers",
  documents: 1,
  chunks: 4,
  bytes: 10,
  files: [
    { path: "/a/good.pdf", state: "indexed", pages: 3, chunks: 4, ocrPages: 1, waitingPages: 2, language: "en" },
    { path: '/a/=cmd|" /c calc"!A1', state: "failed", reason: { code: "FILE_DAMAGED", message: "It is damaged,\nand ends early." } },
    { path: "=HYPERLINK(1)", state: "pending", unavailable: true },
  ],
  totals: { indexed: 1, skipped: 0, failed: 1, pending: 1 },
};

const { signal } = new AbortController();

describe("the coverage report as a file", () => {
  test("CSV has a row a file, quotes what would break it, and holds no formula", async () => {
    const { name, text } = await exportCoverage(coverage, "csv", signal);
    expect(name).toBe("papers-coverage.csv");
    const lines = text.split("\r\n");
    expect(lines[0]).toBe("\ufeffpath,state,code,reason,pages,ocrPages,waitingPages,chunks,language,unavailable,hint");
    expect(lines[1]).toBe("/a/good.pdf,indexed,,,3,1,2,4,en,,");
    expect(lines[2]).toBe('"/a/=cmd|"" /c calc""!A1",failed,FILE_DAMAGED,"It is damaged,\nand ends early.",,,,,,,');
    expect(lines[3]).toBe("'=HYPERLINK(1),pending,,,,,,,,yes,");
  });

  test("says of pages that wait why, and what to do", async () => {
    const reason = { code: "OCR_PENDING", message: "Recognition for deu is not installed.", hint: "Install the language, and sync again." };
    const waits = { ...coverage, files: [{ path: "/a/scan.pdf", state: "indexed" as const, waitingPages: 2, reason }] };
    for (const format of ["csv", "markdown"] as const) {
      const { text } = await exportCoverage(waits, format, signal);
      expect(text).toContain(format === "csv" ? "OCR_PENDING" : "OCR\\_PENDING");
      expect(text).toContain("Install the language, and sync again.");
    }
  });

  test("Markdown keeps its table whatever files are called", async () => {
    const hostile = { ...coverage, files: [{ path: "/a|b/[x](javascript:1)<img>`", state: "indexed" as const }] };
    const rows = (await exportCoverage(hostile, "markdown", signal)).text.split("\n").filter((line) => line.startsWith("|"));
    expect(rows).toHaveLength(3);
    expect(rows[2]).toContain("/a\\|b/\\[x\\](javascript:1)\\<img\\>\\`");
    expect(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length)).size).toBe(1);
  });

  test("JSON is the report itself", async () => {
    expect(Coverage.parse(JSON.parse((await exportCoverage(coverage, "json", signal)).text))).toEqual(coverage);
  });

  test("a collection's name leads to no folder", async () => {
    expect((await exportCoverage({ ...coverage, collection: "../../etc/x" }, "csv", signal)).name).toBe("__.._etc_x-coverage.csv");
  });

  // Catches: a report of a large collection that core writes in one go, answering nobody meanwhile.
  test("is written some files at a time: others get their turn, and whoever waits no more ends it", async () => {
    const files = Array.from({ length: 5000 }, (_, at) => ({ path: `/a/${at}.txt`, state: "indexed" as const }));
    for (const format of ["csv", "markdown"] as const) {
      let turns = 0;
      let isDone = false;
      const turn = () => void (isDone || (turns++, setImmediate(turn)));
      setImmediate(turn);
      const { text } = await exportCoverage({ ...coverage, files }, format, signal);
      isDone = true;
      expect(turns).toBeGreaterThanOrEqual(10);
      expect(text.match(/\/a\/\d+\.txt/g)).toEqual(files.map(({ path }) => path));
    }
    const leaving = new AbortController();
    setImmediate(() => leaving.abort());
    await expect(exportCoverage({ ...coverage, files }, "csv", leaving.signal)).rejects.toMatchObject({ name: "AbortError" });
  });
});
