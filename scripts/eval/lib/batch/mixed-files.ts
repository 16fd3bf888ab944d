import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeMail } from "../../../../tests/helpers/make-mail.ts";
import { drawPage } from "../../../../tests/helpers/text-page.ts";
import { broken, type BrokenKind } from "../big/broken-files.ts";
import { makeDocx } from "../big/make-docx.ts";
import { errorKinds, makeInvoice } from "../make-invoices.ts";
import { invoiceLines, photo, scannedPdf } from "./paper.ts";

/** A file of a folder, by its name in it. `ends` is how it may end: with a record, as a dead letter, or either. */
export type MixedFile = {
  name: string;
  kind: string;
  ends: "record" | "dead" | "either";
  make: (dataFolder: string) => Buffer | Promise<Buffer>;
};

export const password = "openpassword";

type Named = [name: string, make: MixedFile["make"]];
const from =
  (...path: string[]) =>
  (data: string) =>
    readFileSync(join(data, ...path));
const of = (kind: string, ends: MixedFile["ends"], files: readonly Named[]): MixedFile[] =>
  files.map(([name, make]) => ({ name, kind, ends, make }));
const many = (count: number, file: (number: number) => Named): Named[] => Array.from({ length: count }, (_, index) => file(index + 1));
const docx = (seed: number) => makeDocx(invoiceLines(seed).map((line) => line.replaceAll("&", "&amp;")));
const pdf = (seed: number, error?: (typeof errorKinds)[number]) => Buffer.from(makeInvoice(seed, error).pdf);

/** A hundred files of every sort that people drop, each by its name: some as they should be, many not. */
export const mixedFiles: readonly MixedFile[] = [
  ...of(
    "text PDF",
    "record",
    many(15, (n) => [`invoice-${n}.pdf`, () => pdf(7_000 + n)]),
  ),
  ...of(
    "text PDF with a seeded fault",
    "record",
    errorKinds.map((error, n): Named => [`fault-${error}.pdf`, () => pdf(7_100 + n, error)]),
  ),
  ...of(
    "invoice of the development set",
    "record",
    ["AmazonWebServices", "AzureInterior", "NetpresseInvoice", "QualityHosting", "SammyMaystoneLinesTest", "coolblue1", "saeco"].map(
      (name): Named => [`${name}.pdf`, from("extraction", "invoices", `${name}.pdf`)],
    ),
  ),
  ...of(
    "scanned PDF",
    "record",
    many(9, (n) => [`scan-${n}.pdf`, () => scannedPdf(7_200 + n)]),
  ),
  ...of(
    "noisy, skewed photo",
    "record",
    many(9, (n) => [`photo-${n}.jpg`, () => photo(7_300 + n)]),
  ),
  ...of("scan of the recognition set", "either", [
    ["skew.pdf", from("ocr", "ocrmypdf", "skew.pdf")],
    ["rotated_skew.pdf", from("ocr", "ocrmypdf", "rotated_skew.pdf")],
    ["typewriter.png", from("ocr", "ocrmypdf", "typewriter.png")],
    ["phototest.tif", from("ocr", "tesseract", "phototest.tif")],
  ]),
  ...of(
    "Word",
    "record",
    many(8, (n) => [`word-${n}.docx`, () => docx(7_400 + n)]),
  ),
  ...of(
    "Word of other programs",
    "record",
    ["lorem_ipsum", "word_sample", "word_tables", "unit_test_headers"].map((name): Named => [
      `${name}.docx`,
      from("documents", "office", "docx", `${name}.docx`),
    ]),
  ),
  ...of(
    "mail with an invoice",
    "record",
    many(4, (n) => [
      `mail-${n}.eml`,
      () =>
        makeMail(`Invoice ${n}`, invoiceLines(7_500 + n).join("\r\n"), [
          { name: "invoice.pdf", type: "application/pdf", content: pdf(7_500 + n) },
        ]),
    ]),
  ),
  ...of("mail of other programs", "either", [
    ...["eml_simple.eml", "msg_simple.msg"].map((name): Named => [name, from("documents", "mail", "docling", name)]),
    ...["fake-email-malformed-encoding.eml", "empty.eml", "fake-encrypted.msg", "mime-no-body.eml"].map((name): Named => [
      name,
      from("documents", "mail", "unstructured", name),
    ]),
  ]),
  ...of("encrypted, its password known", "record", [
    ["locked.pdf", from("documents", "pdf", "py-pdf", "005-libreoffice-writer-password", "libreoffice-writer-password.pdf")],
  ]),
  ...of("copy", "record", [
    ["copies/invoice-1 (copy).pdf", () => pdf(7_001)],
    ["copies/scan-1.pdf", () => scannedPdf(7_201)],
  ]),
  ...of("misnamed", "record", [
    ["a-pdf.txt", () => pdf(7_601)],
    ["a-photo.pdf", () => photo(7_602)],
    ["a-word-file.pdf", () => docx(7_603)],
    ["no-extension", () => pdf(7_604)],
  ]),
  ...of("empty", "dead", [
    ["empty.pdf", () => Buffer.alloc(0)],
    ["blank-page.png", () => drawPage([], { width: 600, height: 400 }).png],
  ]),
  ...(Object.keys(broken) as BrokenKind[]).map((kind, n): MixedFile => ({
    name: `broken-${n + 1}.${broken[kind].extension}`,
    kind: "broken or hostile",
    ends: (broken[kind].expected as readonly string[]).includes("indexed") ? "either" : "dead",
    make: () => broken[kind].make(7_700 + n),
  })),
  ...of("broken or hostile", "either", [
    ...["15316", "15390", "15445", "16172", "16953"].map((name): Named => [
      `${name}.fuzz.pdf`,
      from("documents", "pdf-hostile", "qpdf-fuzz", `${name}.fuzz.pdf`),
    ]),
    ...["helloworld-bad.pdf", "bug1019475_1.pdf"].map((name): Named => [name, from("documents", "pdf", "pdfjs", name)]),
  ]),
];

const brokenKinds = Object.keys(broken) as BrokenKind[];

/** A thousand generated documents: text PDFs, scans, photos, Word files, and 5 % that are broken. */
export function largeFiles(count: number): MixedFile[] {
  return Array.from({ length: count }, (_, index): MixedFile => {
    const seed = 20_000 + index;
    const folder = `folder-${String(index % 20).padStart(2, "0")}`;
    const share = index % 20;
    if (share === 19) {
      const kind = brokenKinds[Math.floor(index / 20) % brokenKinds.length] ?? "empty file";
      const { extension, expected, make } = broken[kind];
      const ends = (expected as readonly string[]).includes("indexed") ? "either" : "dead";
      return { name: `${folder}/${index}.${extension}`, kind: "broken", ends, make: () => make(seed) };
    }
    if (share < 12) return { name: `${folder}/${index}.pdf`, kind: "text PDF", ends: "record", make: () => pdf(seed) };
    if (share < 14) return { name: `${folder}/${index}.pdf`, kind: "scanned PDF", ends: "record", make: () => scannedPdf(seed) };
    if (share < 16) return { name: `${folder}/${index}.jpg`, kind: "noisy, skewed photo", ends: "record", make: () => photo(seed) };
    return { name: `${folder}/${index}.docx`, kind: "Word", ends: "record", make: () => docx(seed) };
  });
}
