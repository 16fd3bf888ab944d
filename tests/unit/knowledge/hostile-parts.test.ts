import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { byteRange } from "../../../src/main/features/knowledge/pages/bytes-range.ts";
import { exportCoverage } from "../../../src/main/features/knowledge/sources/export-coverage.ts";
import { assemble } from "../../../src/main/features/knowledge/reading/assemble.ts";
import { boxesFor, INSIDE, namesInside, packGeometry, unpackGeometry } from "../../../src/main/features/knowledge/reading/index.ts";
import { readingsOf } from "../../../src/main/features/knowledge/reading/inside-path.ts";
import type { PageText } from "../../../src/main/features/knowledge/reading/page.ts";
import { seeded } from "../../helpers/random-text.ts";

describe("a range of bytes", () => {
  // Catches a byte too many, a negative offset, and a header that is obeyed although it says nothing clear.
  it.each<[string | null, { first: number; last: number } | undefined | "none"]>([
    [null, undefined],
    ["", undefined],
    ["bytes=0-0", { first: 0, last: 0 }],
    ["bytes=0-9", { first: 0, last: 9 }],
    ["bytes=0-10", { first: 0, last: 9 }],
    ["bytes=9-", { first: 9, last: 9 }],
    ["bytes=0-", { first: 0, last: 9 }],
    ["bytes=-1", { first: 9, last: 9 }],
    ["bytes=-10", { first: 0, last: 9 }],
    ["bytes=-11", { first: 0, last: 9 }],
    [" bytes=2-3 ", { first: 2, last: 3 }],
    ["bytes=10-", "none"],
    ["bytes=10-20", "none"],
    ["bytes=-0", "none"],
    ["bytes=999999999999999-", "none"],
    ["bytes=0-999999999999999", { first: 0, last: 9 }],
    ["bytes=5-3", undefined],
    ["bytes=-", undefined],
    ["bytes=0-1,3-4", undefined],
    ["bytes=1e1-", undefined],
    ["bytes=0x1-", undefined],
    ["bytes=-1-2", undefined],
    ["bytes=--1", undefined],
    ["bytes=1.5-2", undefined],
    ["bytes=9999999999999999999-", undefined],
    ["items=0-1", undefined],
    ["bytes=0-1\nx: y", undefined],
  ])("%j of ten bytes", (header, expected) => {
    if (expected === "none") expect(() => byteRange(header, 10)).toThrowError(expect.objectContaining({ code: "INVALID_INPUT" }));
    else expect(byteRange(header, 10)).toEqual(expected);
  });

  it("lies in the file, whatever is asked of whatever length", () => {
    for (let seed = 1; seed <= 500; seed += 1) {
      const random = seeded(seed);
      const number = () => (random() < 0.3 ? "" : String(Math.floor(random() * 50)));
      const length = Math.floor(random() * 40);
      let range: ReturnType<typeof byteRange>;
      try {
        range = byteRange(`bytes=${number()}-${number()}`, length);
      } catch (error) {
        expect(error).toMatchObject({ code: "INVALID_INPUT", data: { length } });
        continue;
      }
      if (!range) continue;
      expect(range.first).toBeGreaterThanOrEqual(0);
      expect(range.last).toBeGreaterThanOrEqual(range.first);
      expect(range.last).toBeLessThan(length);
    }
  });
});

describe("stored places of words", () => {
  // Catches a damaged row that takes the process down, or its memory: only one typed error is allowed.
  it("that are damaged are told, or are places, and never another exception", () => {
    const words = Array.from({ length: 50 }, (_, index) => index);
    const packed = packGeometry({
      starts: Uint32Array.from(words, (index) => index * 6),
      ends: Uint32Array.from(words, (index) => index * 6 + 5),
      boxes: Float32Array.from(words.flatMap((index) => [index * 10, 20, index * 10 + 8, 30])),
      confidences: Float32Array.from(words, () => 0.5),
    });
    let refused = 0;
    for (let seed = 1; seed <= 600; seed += 1) {
      const random = seeded(seed);
      const bytes = Uint8Array.from(packed);
      for (let change = 0; change < 1 + random() * 5; change += 1) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      const damaged = bytes.subarray(0, random() < 0.3 ? Math.floor(random() * bytes.length) : bytes.length);
      try {
        const { starts, ends, boxes } = unpackGeometry(damaged);
        expect(ends.length).toBe(starts.length);
        expect(boxes.length).toBe(starts.length * 4);
        expect(boxesFor({ starts, ends, boxes }, 0, 1000).length).toBeLessThanOrEqual(starts.length);
      } catch (error) {
        expect(error).toMatchObject({ code: "DATABASE_DAMAGED" });
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(20);
  });

  it("claim no memory for words that they do not hold", () => {
    for (const claim of [[1, 0, 255, 255, 255, 255, 127], [1, 1, 255, 127], [1], [], [2, 0, 0]])
      expect(() => unpackGeometry(Uint8Array.from(claim))).toThrowError(expect.objectContaining({ code: "DATABASE_DAMAGED" }));
    expect(unpackGeometry(Uint8Array.from([1, 0, 0])).starts).toHaveLength(0);
  });
});

describe("pages as one text", () => {
  // Catches an offset that counts from the wrong place as soon as a page is empty, recognised or not the first.
  it("keep every page, block and table on its own letters", () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = seeded(seed);
      const pages = Array.from({ length: Math.floor(random() * 8) }, (_, index): PageText => {
        const text = random() < 0.3 ? "" : `page ${index + 1} ${"x".repeat(Math.floor(random() * 9))}`;
        const blocks = text === "" ? [] : [{ kind: "table" as const, start: 0, end: text.length, headerEnd: 4 }];
        return { page: index + 1, text, blocks, source: random() < 0.3 ? "ocr" : "text" };
      });
      const tables = pages.map(({ page, text }) => ({ page, start: 0, end: text.length, rows: [[text]] }));
      const whole = assemble(pages, tables);
      expect(whole.text).toBe(
        pages
          .map(({ text }) => text)
          .filter((text) => text !== "")
          .join("\n\n"),
      );
      expect(whole.textHash).toBe(createHash("sha256").update(whole.text).digest("hex"));
      expect(whole.pages.map(({ start, end }) => whole.text.slice(start, end))).toEqual(pages.map(({ text }) => text));
      const filled = pages.filter(({ text }) => text !== "");
      expect(whole.blocks.map(({ start, end }) => whole.text.slice(start, end))).toEqual(filled.map(({ text }) => text));
      for (const { start, headerEnd } of whole.blocks) expect(whole.text.slice(start, headerEnd)).toBe("page");
      // A page that was recognised has other text than the one where its file had the table.
      const kept = pages.filter(({ source }) => source === "text").map(({ text }) => text);
      expect(whole.tables.map(({ start, end }) => whole.text.slice(start, end))).toEqual(kept);
    }
  });
});

describe("names inside of files", () => {
  // Catches two files behind one name, by which a person would open another than the one that is cited.
  it("are each other's own, lead back to one place and stay the same", () => {
    const parts = ["a", "a (2)", "a.pdf", "a (2).pdf", "", " ", "›", `x${INSIDE}y`, "..", "b.tar.gz", ".hidden", "a (3).pdf"];
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seeded(seed);
      const given = Array.from({ length: Math.floor(random() * 30) }, () => ({ name: parts[Math.floor(random() * parts.length)] ?? "" }));
      const names = namesInside(given);
      expect(new Set(names).size).toBe(given.length);
      expect(namesInside(given)).toEqual(names);
      for (const name of names) {
        expect(name.trim()).not.toBe("");
        expect(name).not.toContain("›");
        expect(readingsOf(`/m/mail.eml${INSIDE}${name}`)).toContainEqual({ path: "/m/mail.eml", inside: [name] });
      }
    }
  });
});

describe("a coverage report in Markdown", () => {
  const report = async (path: string, collection = "papers") => {
    const { text } = await exportCoverage(
      {
        collection,
        documents: 0,
        chunks: 0,
        bytes: 0,
        files: [{ path, state: "pending" }],
        totals: { indexed: 0, skipped: 0, failed: 0, pending: 1 },
      },
      "markdown",
      new AbortController().signal,
    );
    return text;
  };

  // Catches a file whose name becomes a link to somewhere in whatever shows the report.
  it.each([
    "https://evil.example/x",
    "see www.evil.example",
    "WWW.evil.example",
    "/a/ftp://evil.example",
    "me@evil.example",
    "mailto:me@evil.example",
  ])("makes no link of %j", async (name) => {
    for (const text of [await report(name), await report("x", name)]) {
      expect(text).not.toMatch(/(?<!\\):\/\/|www\.|(?<!\\)@/i);
      // What is escaped reads as it was.
      expect(text.replace(/\\(?=[^\w\s])/g, "")).toContain(name);
    }
  });
});
