import { makePdf } from "../../../../tests/helpers/make-pdf.ts";
import { makeZip } from "../../../../tests/helpers/make-zip.ts";
import { seeded } from "../../../../tests/helpers/random-text.ts";
import { makeDocx } from "./make-docx.ts";

/** What a broken file is named, what it holds, and how it may end: `indexed`, or codes of its refusal. */
type Broken = { extension: string; expected: readonly string[]; make: (seed: number) => Buffer };

const page = (seed: number) => ({ texts: [{ x: 60, y: 80, text: `The broken file of seed ${seed} has this line.` }] });
const pdf = (seed: number) => Buffer.from(makePdf(Array.from({ length: 6 }, () => page(seed))));
const word = (seed: number) => makeDocx([`The broken file of seed ${seed} has this paragraph.`]);

/** A pattern of the standard security handler to which no empty password fits (ISO 32000-1, 7.6.3). */
function locked(seed: number): Buffer {
  const hex = noise(seed, 32).toString("hex");
  const encrypt = `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${hex}> /U <${hex}> /P -4 >> /ID [<00> <00>]`;
  return Buffer.from(pdf(seed).toString("latin1").replace("trailer\n<<", `trailer\n<< ${encrypt}`), "latin1");
}

function noise(seed: number, length: number): Buffer {
  const random = seeded(seed);
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}

export const broken = {
  "PDF cut in the middle": {
    extension: "pdf",
    expected: ["indexed", "FILE_DAMAGED", "FILE_EMPTY"],
    make: (seed) => cut(pdf(seed), 0.6),
  },
  "Word file cut in the middle": { extension: "docx", expected: ["FILE_DAMAGED"], make: (seed) => cut(word(seed), 0.5) },
  "empty file": { extension: "md", expected: ["FILE_EMPTY"], make: () => Buffer.alloc(0) },
  "PDF behind a password": { extension: "pdf", expected: ["FILE_ENCRYPTED"], make: locked },
  "PDF named as text": { extension: "txt", expected: ["indexed"], make: pdf },
  "text named as a Word file": {
    extension: "docx",
    expected: ["FILE_DAMAGED", "indexed"],
    make: (seed) => Buffer.from(`Seed ${seed} is plain text.\n`.repeat(20)),
  },
  "noise named as a PDF": { extension: "pdf", expected: ["FILE_DAMAGED", "FILE_TYPE_UNSUPPORTED"], make: (seed) => noise(seed, 5000) },
  "Word file that unpacks to gigabytes": {
    extension: "docx",
    expected: ["FILE_HOSTILE", "FILE_TOO_LARGE"],
    make: (seed) => makeDocx([], { "word/document.xml": Buffer.alloc(200 * 1024 * 1024, 32), "seed.xml": String(seed) }),
  },
  "Word file that leads out of its folder": {
    extension: "docx",
    expected: ["indexed", "FILE_HOSTILE", "FILE_DAMAGED"],
    make: (seed) => makeDocx([`Seed ${seed} stays inside.`], { "../../../../outside.xml": "outside" }),
  },
  archive: { extension: "zip", expected: ["FILE_TYPE_UNSUPPORTED"], make: (seed) => Buffer.from(makeZip({ "a.txt": `Seed ${seed}` })) },
  "picture cut in the middle": {
    extension: "png",
    expected: ["FILE_DAMAGED", "FILE_EMPTY"],
    make: (seed) => Buffer.concat([Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), noise(seed, 400)]),
  },
  "page of a hundred thousand open elements": {
    extension: "html",
    expected: ["indexed", "FILE_HOSTILE"],
    make: (seed) => Buffer.from(`<html><body>${"<div>".repeat(100_000)}Seed ${seed} is deep down.`),
  },
  "mail of nothing but noise": {
    extension: "eml",
    expected: ["FILE_DAMAGED", "FILE_EMPTY", "FILE_TYPE_UNSUPPORTED"],
    make: (seed) => noise(seed, 3000),
  },
} as const satisfies Record<string, Broken>;

export type BrokenKind = keyof typeof broken;

export const isBroken = (kind: string): kind is BrokenKind => Object.hasOwn(broken, kind);

const cut = (bytes: Buffer, share: number) => bytes.subarray(0, Math.floor(bytes.length * share));
