import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { ocrLanguages } from "../../src/main/core/ocr-languages.ts";
import { missingData, testData } from "../../tests/helpers/test-data.ts";
import { drawPage } from "../../tests/helpers/text-page.ts";
import { errorRates } from "../eval/lib/text-scores.ts";
import { alternate } from "./lib/alternate.ts";
import { openCore, threads, withFolder } from "./lib/open-core.ts";
import { abstracts } from "./lib/texts.ts";
import { type Measurement, median, type Skipped } from "./row.ts";

const run = promisify(execFile);
/** Workers of core, and so many native processes. */
const lanes = Math.max(1, threads - 1);
const language = "eng";

type Page = { path: string; truth: string };
type Reading = { ms: number; errors: number };

/** Pages a minute through the engine against native Tesseract, one thread a process, with the same language data. */
export async function measure({ quick }: { quick: boolean }): Promise<Measurement | Skipped> {
  try {
    await run("tesseract", ["--version"]);
  } catch {
    return { skipped: "the program tesseract is not installed; it is the reference" };
  }
  const data = ocrLanguages()[language];
  if (!data) return { skipped: `language data for ${language} are not installed` };
  return withFolder(async (folder) => {
    writeFileSync(join(folder, `${language}.traineddata`), gunzipSync(readFileSync(join(data, `${language}.traineddata.gz`))));
    const pages = makePages(folder, quick ? 1 : 3);
    const profile = join(folder, "profile");
    mkdirSync(profile);
    const { engines, close } = await openCore(profile);
    const ours = async ({ path }: Page): Promise<string> => {
      const { words } = await engines.ocr.call("recognize", { image: new Uint8Array(readFileSync(path)), languages: [language] });
      return words.map(({ text }) => text).join(" ");
    };
    const native = async ({ path }: Page): Promise<string> => {
      const { stdout } = await run("tesseract", [path, "-", "--tessdata-dir", folder, "-l", language], {
        env: { ...process.env, OMP_THREAD_LIMIT: "1" },
      });
      return stdout;
    };
    try {
      const [first] = pages;
      if (first) await Promise.all(Array.from({ length: lanes }, () => ours(first)));
      const rounds = await alternate(
        quick ? 1 : 3,
        () => readAll(pages, ours),
        () => readAll(pages, native),
      );
      const rate = (readings: Reading[]) => (60_000 * pages.length) / median(readings.map(({ ms }) => ms));
      const best = (readings: Reading[]) => (60_000 * pages.length) / Math.min(...readings.map(({ ms }) => ms));
      const errors = (readings: Reading[]) => median(readings.map(({ errors }) => errors));
      const line = (name: string, readings: Reading[]) => [
        name,
        rate(readings).toFixed(1),
        best(readings).toFixed(1),
        `${(100 * errors(readings)).toFixed(2)} %`,
      ];
      return {
        title: "OCR",
        columns: ["", "pages a minute", "best", "characters wrong"],
        lines: [
          line(`engine, ${lanes} worker${lanes > 1 ? "s" : ""}`, rounds.ours),
          line(`native, ${lanes} at once, one thread each`, rounds.theirs),
        ],
        notes: `${pages.length} pages, most of them drawn at 300 dots an inch, the same integer language data. Characters wrong: edit distance over the length of the text, white space collapsed.`,
        figures: [
          {
            name: "OCR pages a minute against native Tesseract",
            value: rate(rounds.ours) / rate(rounds.theirs),
            unit: "×",
            target: { atLeast: 0.6 },
          },
          {
            name: "OCR characters wrong, more than native Tesseract",
            value: 100 * (errors(rounds.ours) - errors(rounds.theirs)),
            unit: "points",
            target: { atMost: 0.1 },
          },
        ],
      };
    } finally {
      await close();
    }
  });
}

async function readAll(pages: readonly Page[], read: (page: Page) => Promise<string>): Promise<Reading> {
  const queue = [...pages];
  const errors: number[] = [];
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let page = queue.shift(); page; page = queue.shift()) errors.push(errorRates(await read(page), page.truth).characters);
    }),
  );
  return { ms: performance.now() - startedAt, errors: errors.reduce((sum, value) => sum + value, 0) / errors.length };
}

/** Letter pages at 300 dots an inch, and a scanned one with its true text where the test data are there. */
function makePages(folder: string, count: number): Page[] {
  const drawn = Array.from({ length: count }, (_, index) => {
    const lines = wrap(
      abstracts(3, index * 3)
        .map(({ text }) => text)
        .join(" "),
      88,
    ).slice(0, 45);
    const path = join(folder, `page-${index}.png`);
    writeFileSync(path, drawPage(lines, { fontPixels: 46, width: 2480, height: 3508 }).png);
    return { path, truth: lines.join("\n") };
  });
  if (missingData("ocr/tesseract")) return drawn;
  return [
    ...drawn,
    { path: testData("ocr/tesseract/phototest.tif"), truth: readFileSync(testData("ocr/tesseract/phototest.txt"), "utf8") },
  ];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.replaceAll(/[^\x20-\x7e]/g, "").split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
