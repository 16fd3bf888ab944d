import { seeded } from "../../../../tests/helpers/random-text.ts";
import { broken, type BrokenKind } from "./broken-files.ts";
import { type Fact, factOf, type Language } from "./sentences.ts";

export type SoundKind = "md" | "txt" | "eml" | "docx" | "html" | "csv" | "pdf" | "scanned pdf" | "scanned image";

/** One file of the collection, before it is written. `expected` is `indexed`, or the codes by which it may be refused. */
export type PlannedFile = {
  path: string;
  kind: SoundKind | BrokenKind | "copy";
  language: Language;
  seed: number;
  pages: number;
  facts: Fact[];
  expected: readonly string[];
  /** The file whose bytes a copy has. */
  copyOf?: string;
};

type Counts = Record<Exclude<SoundKind, "pdf" | "scanned pdf">, number> & {
  pdf: readonly (readonly [files: number, pages: number])[];
  "scanned pdf": readonly (readonly [files: number, pages: number])[];
  copy: number;
  broken: number;
};

/** 3,000 files with 500 pages to recognise, or 120 with 16: 5 % broken, 2 % copies. */
const sizes: Record<"full" | "quick", Counts> = {
  full: {
    md: 640,
    txt: 740,
    eml: 350,
    docx: 200,
    html: 200,
    csv: 200,
    pdf: [
      [1, 300],
      [3, 120],
      [12, 30],
      [284, 3],
    ],
    "scanned pdf": [
      [4, 40],
      [20, 9],
      [40, 2],
    ],
    "scanned image": 80,
    copy: 76,
    broken: 150,
  },
  quick: {
    md: 25,
    txt: 25,
    eml: 15,
    docx: 8,
    html: 8,
    csv: 6,
    pdf: [
      [1, 40],
      [10, 3],
    ],
    "scanned pdf": [
      [1, 6],
      [3, 2],
    ],
    "scanned image": 4,
    copy: 1,
    broken: 13,
  },
};

const brokenKinds = Object.keys(broken) as BrokenKind[];
const languages: readonly Language[] = ["en", "de", "zh"];
const extensions: Record<SoundKind, string> = {
  md: "md",
  txt: "txt",
  eml: "eml",
  docx: "docx",
  html: "html",
  csv: "csv",
  pdf: "pdf",
  "scanned pdf": "pdf",
  "scanned image": "png",
};
/** Their fonts and the languages of recognition have no Chinese. */
const latinOnly: ReadonlySet<string> = new Set(["pdf", "scanned pdf", "scanned image"]);

/** The same list for the same seed, in an order in which kinds are mixed by folder. */
export function planCollection(size: "full" | "quick", seed: number): PlannedFile[] {
  const counts = sizes[size];
  const random = seeded(seed);
  const files: PlannedFile[] = [];
  let facts = 0;

  const add = (kind: SoundKind, pages: number) => {
    const number = files.length;
    const language = languages[number % (latinOnly.has(kind) ? 2 : 3)] ?? "en";
    // A mail says one in its body and one in its attachment.
    const places = pages > 2 ? 3 : kind === "eml" ? 2 : 1;
    files.push({
      path: `folder-${String(number % 40).padStart(2, "0")}/${kind.replace(" ", "-")}-${number}.${extensions[kind]}`,
      kind,
      language,
      seed: Math.floor(random() * 2 ** 31),
      pages,
      facts: Array.from({ length: places }, () => factOf(language, facts++)),
      expected: ["indexed"],
    });
  };
  for (const kind of ["md", "txt", "eml", "docx", "html", "csv", "scanned image"] as const)
    for (let count = 0; count < counts[kind]; count += 1) add(kind, 1);
  for (const kind of ["pdf", "scanned pdf"] as const)
    for (const [count, pages] of counts[kind]) for (let file = 0; file < count; file += 1) add(kind, pages);
  const sound = [...files];
  for (let count = 0; count < counts.copy; count += 1) {
    const original = sound[Math.floor(random() * sound.length)];
    if (!original) continue;
    const name = original.path.split("/").at(-1) ?? "";
    files.push({ ...original, path: `copies/${count}-${name}`, kind: "copy", facts: [], copyOf: original.path });
  }
  for (let count = 0; count < counts.broken; count += 1) {
    const kind = brokenKinds[count % brokenKinds.length] ?? "empty file";
    const { extension, expected } = broken[kind];
    files.push({
      path: `folder-${String(count % 40).padStart(2, "0")}/broken-${count}.${extension}`,
      kind,
      language: "en",
      seed: Math.floor(random() * 2 ** 31),
      pages: 2,
      facts: [],
      expected,
    });
  }
  return files;
}
