import sharp from "sharp";
import { makePdf, type PdfPage } from "../../../../tests/helpers/make-pdf.ts";
import { seeded } from "../../../../tests/helpers/random-text.ts";
import { drawPage } from "../../../../tests/helpers/text-page.ts";
import { makeDocx } from "./make-docx.ts";
import type { PlannedFile, SoundKind } from "./plan.ts";
import { sentences, wrapped } from "./sentences.ts";

/** A6 in points: recognised at 300 dpi it has a quarter of the pixels of A4. */
const scannedPage = { width: 298, height: 420 };
const scanPixels = { width: 900, height: 1268 };

type Content = { random: () => number; paragraphs: (count: number, length: number) => string[] };
type Maker = (file: PlannedFile, content: Content) => Buffer | Promise<Buffer>;

const makers: Record<SoundKind, Maker> = {
  txt: ({ facts }, { paragraphs }) =>
    text(
      spread(
        paragraphs(2, 4),
        facts.map((fact) => fact.text),
      ).join("\n\n"),
    ),
  md: ({ facts, path }, { paragraphs }) =>
    text(
      `# Notes of ${path.replace(/\W+/g, " ")}\n\n${spread(
        paragraphs(2, 4),
        facts.map((fact) => fact.text),
      ).join("\n\n## More\n\n")}\n`,
    ),
  html: ({ facts }, { paragraphs }) =>
    text(
      `<!doctype html><html><head><meta charset="utf-8"><title>Page</title><script>var hidden = 1;</script></head><body><h1>Page</h1>${spread(
        paragraphs(3, 3),
        facts.map((fact) => fact.text),
      )
        .map((paragraph) => `<p>${paragraph}</p>`)
        .join("")}</body></html>`,
    ),
  csv: ({ facts }, { paragraphs }) =>
    text(
      `number,remark\n${[...paragraphs(12, 1), ...facts.map((fact) => fact.text)].map((line, row) => `${row + 1},"${line}"`).join("\n")}\n`,
    ),
  docx: ({ facts }, { paragraphs }) =>
    makeDocx(
      spread(
        paragraphs(3, 4),
        facts.map((fact) => fact.text),
      ),
    ),
  eml: mail,
  pdf: ({ facts, pages }, { paragraphs }) =>
    Buffer.from(
      makePdf(
        Array.from({ length: pages }, (_, page): PdfPage => ({
          texts: wrapped([...factsOn(page, pages, facts), ...paragraphs(1, pages > 20 ? 12 : 6)].join(" "), 88).map((line, row) => ({
            x: 60,
            y: 80 + 16 * row,
            text: line,
          })),
        })),
      ),
    ),
  "scanned pdf": scannedPdf,
  "scanned image": ({ facts }, { paragraphs }) => scan([...facts.map((fact) => fact.text), ...paragraphs(1, 3)]),
};

/** The bytes of a file that is as it should be. */
export async function soundFile(file: PlannedFile, kind: SoundKind): Promise<Buffer> {
  const random = seeded(file.seed);
  const paragraphs = (count: number, length: number) =>
    Array.from({ length: count }, () => sentences(file.language, length, random).join(file.language === "zh" ? "" : " "));
  return makers[kind](file, { random, paragraphs });
}

const text = (content: string) => Buffer.from(content, "utf8");

/** The facts among the paragraphs. */
function spread(paragraphs: readonly string[], facts: readonly string[]): string[] {
  const middle = Math.floor(paragraphs.length / 2);
  return [...paragraphs.slice(0, middle), ...facts, ...paragraphs.slice(middle)];
}

/** Of three facts one stands on the first page, one in the middle, one on the last. */
function factsOn(page: number, pages: number, facts: PlannedFile["facts"]): string[] {
  const places = facts.length === 1 ? [pages - 1] : [0, Math.floor(pages / 2), pages - 1];
  return facts.filter((_, index) => places[index] === page).map((fact) => fact.text);
}

function scan(paragraphs: readonly string[]): Buffer {
  return drawPage(wrapped(paragraphs.join(" "), 38), { ...scanPixels, fontPixels: 38 }).png;
}

async function scannedPdf({ facts, pages }: PlannedFile, { paragraphs }: Content): Promise<Buffer> {
  const { width: w, height: h } = scannedPage;
  const made: PdfPage[] = [];
  for (let page = 0; page < pages; page += 1) {
    const jpeg = await sharp(scan([...factsOn(page, pages, facts), ...paragraphs(1, 3)]))
      .jpeg({ quality: 90 })
      .toBuffer();
    made.push({ ...scannedPage, images: [{ jpeg, ...scanPixels, x: 0, y: 0, w, h }] });
  }
  return Buffer.from(makePdf(made));
}

/** A mail with a fact in its body, and two attachments with another in the first. */
function mail({ facts: [inBody, attached], path }: PlannedFile, { paragraphs }: Content): Buffer {
  const pdf = Buffer.from(makePdf([{ texts: [{ x: 60, y: 80, text: "See the letter." }] }]));
  const part = (name: string, type: string, content: Buffer) =>
    `--part\r\nContent-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${content.toString("base64")}\r\n`;
  return text(
    [
      "From: Office <office@example.com>",
      "To: Board <board@example.com>",
      `Subject: About ${path.replace(/\W+/g, " ")}`,
      "Date: Tue, 29 Jul 2025 12:42:06 +0200",
      `Message-ID: <${path.replace(/\W+/g, "-")}@example.com>`,
      'Content-Type: multipart/mixed; boundary="part"',
      "",
      "--part",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: 8bit",
      "",
      ...spread(paragraphs(2, 3), inBody ? [inBody.text] : []),
      `${part("list.csv", "text/csv", text(`number,remark\n1,"${attached?.text}"\n`))}${part("letter.pdf", "application/pdf", pdf)}--part--\r\n`,
    ].join("\r\n"),
  );
}
