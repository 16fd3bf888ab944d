import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingData, testData } from "../../../tests/helpers/test-data.ts";
import { seeded } from "../../../tests/helpers/random-text.ts";
import { readSet } from "../../eval/sets.ts";

export type Text = { title: string; text: string };

/** Common words, for where the test data are not there. */
const words =
  "the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may first then do any like my now over such our man me even most made after also did many".split(
    " ",
  );

/** Abstracts of SciFact, or made-up texts of the same length where it is not there; `from` lets rounds have their own. */
export function abstracts(count: number, from = 0): Text[] {
  const found = readAbstracts();
  return Array.from({ length: count }, (_, index) => found[(from + index) % found.length] ?? { title: "", text: "" });
}

/** Which texts `abstracts` gives. */
export const textSource = (): string => (missingData("retrieval/scifact") ? "generated texts" : "SciFact abstracts");

let known: Text[] | undefined;

function readAbstracts(): Text[] {
  return (known ??= missingData("retrieval/scifact") ? madeUp(2000) : readSet(testData(""), "scifact").documents);
}

function madeUp(count: number): Text[] {
  const random = seeded(1);
  const some = (length: number) => Array.from({ length }, () => words[Math.floor(random() * words.length)]).join(" ");
  return Array.from({ length: count }, (_, index) => ({
    title: `${index} ${some(8)}`,
    text: Array.from({ length: 10 }, () => `${some(18)}.`).join(" "),
  }));
}

/** Sentences of a length that a chunk is made of. */
export const sentences = (): string[] =>
  abstracts(1000)
    .flatMap(({ text }) => text.split(/(?<=\.) /u))
    .filter((sentence) => sentence.length > 30);

const kinds = ["txt", "md", "html", "csv"] as const;

/** One file a text, of the given kinds in turn, cut to so many words. */
export function writeFiles(
  folder: string,
  texts: readonly Text[],
  words = Infinity,
  wanted: readonly (typeof kinds)[number][] = kinds,
): void {
  for (const [index, { title, text }] of texts.entries()) {
    const body = text.split(" ").slice(0, words).join(" ");
    const kind = wanted[index % wanted.length] ?? "txt";
    const contents = {
      txt: `${title}\n\n${body}\n`,
      md: `# ${title}\n\n${body}\n`,
      html: `<!doctype html><title>${plain(title)}</title><h1>${plain(title)}</h1><p>${plain(body)}</p>`,
      csv: `name,value\n"${body.replaceAll('"', "'")}",${index}\n`,
    };
    writeFileSync(join(folder, `${String(index).padStart(4, "0")}.${kind}`), contents[kind]);
  }
}

const plain = (text: string) => text.replaceAll("&", "and").replaceAll("<", "‹");
