import { describe, expect, test } from "vitest";
import { exportCoverage } from "../../../src/main/features/knowledge/export-coverage.ts";
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

describe("the coverage report as a file", () => {
  test("CSV has a row a file, quotes what would break it, and holds no formula", () => {
    const { name, text } = exportCoverage(coverage, "csv");
    expect(name).toBe("papers-coverage.csv");
    const lines = text.split("\r\n");
    expect(lines[0]).toBe("\ufeffpath,state,code,reason,pages,ocrPages,waitingPages,chunks,language,unavailable,hint");
    expect(lines[1]).toBe("/a/good.pdf,indexed,,,3,1,2,4,en,,");
    expect(lines[2]).toBe('"/a/=cmd|"" /c calc""!A1",failed,FILE_DAMAGED,"It is damaged,\nand ends early.",,,,,,,');
    expect(lines[3]).toBe("'=HYPERLINK(1),pending,,,,,,,,yes,");
  });

  test("says of pages that wait why, and what to do", () => {
    const reason = { code: "OCR_PENDING", message: "Recognition for deu is not installed.", hint: "Install the language, and sync again." };
    const waits = { ...coverage, files: [{ path: "/a/scan.pdf", state: "indexed" as const, waitingPages: 2, reason }] };
    for (const format of ["csv", "markdown"] as const) {
      const { text } = exportCoverage(waits, format);
      expect(text).toContain(format === "csv" ? "OCR_PENDING" : "OCR\\_PENDING");
      expect(text).toContain("Install the language, and sync again.");
    }
  });

  test("Markdown keeps its table whatever files are called", () => {
    const hostile = { ...coverage, files: [{ path: "/a|b/[x](javascript:1)<img>`", state: "indexed" as const }] };
    const rows = exportCoverage(hostile, "markdown")
      .text.split("\n")
      .filter((line) => line.startsWith("|"));
    expect(rows).toHaveLength(3);
    expect(rows[2]).toContain("/a\\|b/\\[x\\](javascript:1)\\<img\\>\\`");
    expect(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length)).size).toBe(1);
  });

  test("JSON is the report itself", () => {
    expect(Coverage.parse(JSON.parse(exportCoverage(coverage, "json").text))).toEqual(coverage);
  });

  test("a collection's name leads to no folder", () => {
    expect(exportCoverage({ ...coverage, collection: "../../etc/x" }, "csv").name).toBe("__.._etc_x-coverage.csv");
  });
});
