import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type { Figure } from "../../bench/row.ts";
import type { Part } from "../documents.ts";
import { type Outcome, percent, type Reader } from "./read-sets.ts";
import { errorRates } from "./text-scores.ts";

/** Pages with a true text, and the languages they are read with. */
const pages = [
  { file: "tesseract/phototest.tif", languages: ["eng"] },
  { file: "tesseract/eurotext.tif", languages: ["eng", "deu"] },
];
const straight = "ocrmypdf/linn.png";
const variants = ["linn.pdf", "skew.pdf", "rotated_skew.pdf", "cardinal.pdf", "ccitt.pdf", "jbig2.pdf"].map((name) => `ocrmypdf/${name}`);
const others = ["typewriter.png", "2400dpi.pdf", "c02-22.pdf", "graph.pdf", "baiona_gray.png"].map((name) => `ocrmypdf/${name}`);

/** Recognised pages against their texts and against the native program, and one page's variants against its straight reading. */
export async function evaluateOcr(folder: string, read: Reader): Promise<Part> {
  const outcomes: Outcome[] = [];
  const recognise = async (file: string, languages = ["eng"]) => {
    const outcome = await read(join(folder, file), { ocr: "always", languages });
    outcomes.push(outcome);
    return outcome;
  };
  const rows: string[] = [];
  const figures: Figure[] = [];
  for (const { file, languages } of pages) {
    const truth = readFileSync(join(folder, file.replace(/\.tif$/, ".txt")), "utf8");
    const ours = errorRates((await recognise(file, languages)).document?.text ?? "", truth);
    const native = await nativeText(join(folder, file), languages);
    const theirs = native === undefined ? undefined : errorRates(native, truth);
    const shown = (rates: typeof ours | undefined) => (rates ? `${percent(rates.characters)} | ${percent(rates.words)}` : "– | –");
    for (const kind of ["characters", "words"] as const)
      figures.push({
        name: `recognition: ${kind} wrong of ${basename(file)}, more than native`,
        value: ours[kind] - (theirs?.[kind] ?? 0),
        unit: "",
        ...(theirs ? { target: { atMost: 0.01 } } : {}),
      });
    rows.push(`| ${basename(file)} | ${languages.join("+")} | ${shown(ours)} | ${shown(theirs)} |`);
  }
  const straightText = (await recognise(straight)).document?.text ?? "";
  const linn = readFileSync(join(folder, "ocrmypdf/linn.txt"), "utf8");
  const straightWrong = errorRates(straightText, linn);
  const shownBoth = ({ characters, words }: { characters: number; words: number }) => `${percent(characters)} | ${percent(words)}`;
  const variantRows: string[] = [`| ${basename(straight)} | 1 | 0.0 % | 0.0 % | ${shownBoth(straightWrong)} |`];
  for (const file of variants) {
    const { document, code } = await recognise(file);
    const texts = document ? document.pages.map(({ start, end }) => document.text.slice(start, end)) : [];
    const wrong = texts.map((text) => errorRates(text, linn));
    for (const [index, text] of texts.entries())
      variantRows.push(
        `| ${basename(file)} | ${index + 1} | ${shownBoth(errorRates(text, straightText))} | ${shownBoth(errorRates(text, linn))} |`,
      );
    if (!document) variantRows.push(`| ${basename(file)} | – | ${code} | – | – | – |`);
    for (const kind of ["characters", "words"] as const)
      figures.push({
        name: `recognition: ${kind} wrong of ${basename(file)}, more than of the straight page`,
        value: Math.max(Number.NEGATIVE_INFINITY, ...wrong.map((rates) => rates[kind])) - straightWrong[kind],
        unit: "",
        target: { atMost: 0.02 },
      });
  }
  const otherRows: string[] = [];
  for (const file of others) {
    const { document, code, ms } = await recognise(file);
    otherRows.push(
      `| ${basename(file)} | ${document ? `${document.text.length} characters` : code} | ${(document?.pages[0]?.confidence ?? 0).toFixed(2)} | ${(ms / 1000).toFixed(1)} s |`,
    );
  }
  return {
    outcomes: new Map([["ocr", outcomes]]),
    figures,
    tables: [
      "## Recognition",
      "Error rates: edit distance over the length of the true text, NFC, white space collapsed. `native` is the `tesseract` program with its own language data, where it is installed.",
      `| page | languages | characters wrong | words wrong | native: characters | native: words |\n|---|---|---:|---:|---:|---:|\n${rows.join("\n")}`,
      "The same page straight, skewed, turned and faxed, against its straight reading; the text beside it is itself a recognition with small errors.",
      `| file | page | characters other than straight | words | characters other than linn.txt | words |\n|---|---:|---:|---:|---:|---:|\n${variantRows.join("\n")}`,
      `| other page | read | confidence | time |\n|---|---|---:|---:|\n${otherRows.join("\n")}`,
    ].join("\n\n"),
  };
}

async function nativeText(path: string, languages: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("tesseract", [path, "-", "-l", languages.join("+")], { timeout: 120_000 });
    return stdout;
  } catch {
    return undefined;
  }
}
