import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { entryUrl } from "../../src/main/engines/entries.ts";
import { createArbiter } from "../../src/main/engines/arbiter.ts";
import { createEngineHost } from "../../src/main/engines/engine-host.ts";
import type { OcrProtocol } from "../../src/main/engines/ocr/protocol.ts";
import type { ReadersConfig, ReadersProtocol } from "../../src/main/engines/readers/protocol.ts";
import { spawnReaders } from "../../src/main/engines/readers/spawn-readers.ts";
import { createReading } from "../../src/main/features/knowledge/reading/index.ts";
import type { ReadDocument } from "../../src/main/features/knowledge/reading/index.ts";
import { forkChild, recordingLog } from "../helpers/engine-hosts.ts";
import { plainWords, similarity } from "../helpers/similarity.ts";
import { missingData, testData } from "../helpers/test-data.ts";

/** A folder of real and hostile documents with facts about them; not part of the project. */
const corpus = testData("documents");
const missing = missingData("documents/pdf");

const { log } = recordingLog();
const arbiter = createArbiter({ cores: 2 });
const readers = createEngineHost<ReadersConfig, ReadersProtocol>({
  name: "readers",
  config: {},
  spawn: spawnReaders(forkChild(entryUrl("readers")), { entry: "readers", name: "readers" }, { memoryBytes: 1024 ** 3 }),
  arbiter,
  threads: { read: 1, raster: 1, detect: 0 },
  idleMs: 60_000,
  log,
  now: () => performance.now(),
});
// Nothing is recognised here: what the readers alone get out of a file is measured.
const ocr = createEngineHost<null, OcrProtocol>({
  name: "ocr",
  config: null,
  spawn: () => {
    throw new Error("no page is to be recognised in this test");
  },
  arbiter,
  threads: {},
  idleMs: 1000,
  log,
  now: () => performance.now(),
});
const reading = createReading({ readers, ocr, log });
afterAll(() => readers.close());

type Outcome = { read: ReadDocument } | { code: string; message: string };

async function readFile(path: string, password?: string): Promise<Outcome & { ms: number }> {
  const started = performance.now();
  const outcome = await reading
    .readDocument(
      path,
      { ocr: "never", languages: [], ...(password === undefined ? {} : { password }) },
      { signal: new AbortController().signal, priority: "background" },
    )
    .then(
      (read): Outcome => ({ read }),
      (error: unknown): Outcome => ({
        code: error instanceof Error && "code" in error ? String(error.code) : "NO_CODE",
        message: String(error),
      }),
    );
  return { ...outcome, ms: performance.now() - started };
}

const codeOf = (outcome: Outcome) => ("code" in outcome ? outcome.code : "read");

function filesIn(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(corpus, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => pattern.test(name) && !name.includes("reference"))
    .map((name) => join(corpus, folder, name))
    .sort();
}

const reasons = /^(?:read|FILE_EMPTY|FILE_ENCRYPTED|FILE_PASSWORD_WRONG|FILE_DAMAGED|FILE_HOSTILE|FILE_TOO_LARGE|FILE_TYPE_UNSUPPORTED)$/;

describe.skipIf(missing)(`documents${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  test("PDFs of bug reports open with the pages, encryption and passwords they are known to have", async () => {
    const facts = JSON.parse(readFileSync(join(corpus, "pdf/pdfjs/facts.json"), "utf8")) as Record<
      string,
      { pages: number | null; encrypted: boolean; password?: string }
    >;
    const wrong: string[] = [];
    for (const path of filesIn("pdf/pdfjs", /\.pdf$/)) {
      const fact = facts[basename(path)];
      if (fact?.password !== undefined) {
        expect(codeOf(await readFile(path)), path).toBe("FILE_ENCRYPTED");
        expect(codeOf(await readFile(path, "certainly wrong")), path).toBe("FILE_PASSWORD_WRONG");
      }
      const outcome = await readFile(path, fact?.password);
      expect(outcome.ms, path).toBeLessThan(30_000);
      expect(codeOf(outcome), path).toMatch(reasons);
      const pages = "read" in outcome ? outcome.read.head.pages : undefined;
      if (fact && fact.pages !== null && pages !== fact.pages)
        wrong.push(`${basename(path)}: ${pages ?? codeOf(outcome)} instead of ${fact.pages} pages`);
    }
    expect(wrong, wrong.join("\n")).toEqual([]);
  });

  test("PDFs of many producers have the pages, dates and producers they are known to have", async () => {
    const { data } = JSON.parse(readFileSync(join(corpus, "pdf/py-pdf/files.json"), "utf8")) as {
      data: { path: string; pages: number; producer: string | null; encrypted: boolean }[];
    };
    const wrong: string[] = [];
    for (const { path, pages, producer, encrypted } of data) {
      const file = join(corpus, "pdf/py-pdf", path);
      if (!existsSync(file)) continue;
      const outcome = await readFile(file, encrypted ? "openpassword" : undefined);
      if (!("read" in outcome)) wrong.push(`${path}: ${outcome.message}`);
      else if (
        outcome.read.head.pages !== pages ||
        (producer !== null && (outcome.read.head.metadata["producer"] ?? "") !== producer && !encrypted)
      )
        wrong.push(`${path}: ${JSON.stringify(outcome.read.head)}`);
    }
    // One copy has a hole of zeros where its last page and its information lay: the pages that are left are read.
    const holed = wrong.filter((line) => line.includes("unreadablemetadata"));
    expect(holed.join()).toContain('"pages":3');
    expect(
      wrong.filter((line) => !holed.includes(line)),
      wrong.join("\n"),
    ).toEqual([]);
  });

  test("broken, fuzzed and encrypted PDFs each have a reason, and none takes the others down", async () => {
    const passwords = JSON.parse(readFileSync(join(corpus, "pdf-hostile/qpdf-qtest/passwords.json"), "utf8")) as Record<
      string,
      { user: string; owner: string }
    >;
    for (const path of filesIn("pdf-hostile", /\.pdf$/)) {
      const outcome = await readFile(path);
      expect(outcome.ms, path).toBeLessThan(30_000);
      expect(codeOf(outcome), path).toMatch(reasons);
      for (const password of Object.values(passwords[basename(path)] ?? {}).filter((given) => given !== ""))
        expect(codeOf(await readFile(path, password)), `${path} with ${password}`).toBe("read");
    }
    expect(codeOf(await readFile(join(corpus, "pdf/py-pdf/001-trivial/minimal-document.pdf")))).toBe("read");
  });

  test("PDFs with a known text have nearly all of it, cells of their tables included", async () => {
    for (const path of filesIn("markdown-truth", /\.pdf$/)) {
      const outcome = await readFile(path);
      if (!("read" in outcome)) throw new Error(outcome.message);
      const truth = readFileSync(path.replace(/\.pdf$/, ".md"), "utf8");

      expect(similarity(plainWords(outcome.read.text), plainWords(truth)), path).toBeGreaterThan(0.95);
    }
  });

  test("HTML has the text of its reference, without script and style", async () => {
    const scores: { name: string; score: number }[] = [];
    for (const path of filesIn("html", /\.html$/)) {
      const outcome = await readFile(path);
      expect(codeOf(outcome), path).toBe("read");
      if (!("read" in outcome)) continue;
      expect(outcome.read.text).not.toMatch(/border-collapse|function\s*\(|font-family:/);
      const reference = join(corpus, "html/docling/reference", `${basename(path)}.md`);
      if (!existsSync(reference)) continue;
      scores.push({ name: basename(path), score: similarity(plainWords(outcome.read.text), plainWords(readFileSync(reference, "utf8"))) });
    }

    const mean = scores.reduce((sum, { score }) => sum + score, 0) / scores.length;
    expect(mean, scores.map(({ name, score }) => `${score.toFixed(3)} ${name}`).join("\n")).toBeGreaterThan(0.9);
  });

  test("office documents and books are read, with the text of their references", async () => {
    const scores: { name: string; score: number }[] = [];
    for (const path of [...filesIn("office", /\.(?:docx|pptx|xlsx|odt|rtf|csv)$/), ...filesIn("epub", /\.epub$/)]) {
      const outcome = await readFile(path);
      expect(codeOf(outcome), path).toBe(basename(path) === "password_protected.xlsx" ? "FILE_ENCRYPTED" : "read");
      const reference = join(dirname(path), "reference", `${basename(path)}.md`);
      if (!("read" in outcome) || !existsSync(reference)) continue;
      scores.push({ name: basename(path), score: similarity(plainWords(outcome.read.text), plainWords(readFileSync(reference, "utf8"))) });
    }
    const mean = scores.reduce((sum, { score }) => sum + score, 0) / scores.length;
    expect(mean, scores.map(({ name, score }) => `${score.toFixed(3)} ${name}`).join("\n")).toBeGreaterThan(0.88);
  });
});
