import sharp from "sharp";
import { makePdf } from "../../../../tests/helpers/make-pdf.ts";
import { seeded } from "../../../../tests/helpers/random-text.ts";
import { drawPage } from "../../../../tests/helpers/text-page.ts";
import { makeInvoice } from "../make-invoices.ts";

/** Pixels of a page whose letters are as large as those of a scan of 150 dots an inch. */
const width = 1_000;
const height = 1_240;
const fontPixels = 32;

/** An invoice of a seed as lines of text. */
export function invoiceLines(seed: number): string[] {
  const { truth } = makeInvoice(seed);
  const money = (value: number) => `${value.toFixed(2)} ${truth.currency}`;
  return [
    truth.vendor,
    "",
    `Invoice number: ${truth.invoice_number}`,
    `Invoice date: ${truth.date}`,
    ...(truth.due_date === null ? [] : [`Due date: ${truth.due_date}`]),
    "",
    ...truth.lines.map(({ description, quantity, amount }) => `${quantity} x ${description}, ${money(amount)}`),
    "",
    `Net total: ${money(truth.net)}`,
    `VAT: ${money(truth.tax)}`,
    `Total due: ${money(truth.total)}`,
    ...(truth.iban === null ? [] : [`IBAN: ${truth.iban}`]),
  ];
}

const drawn = (seed: number): Buffer => drawPage(invoiceLines(seed), { fontPixels, width, height }).png;

/** A clean scan: a PDF whose one page is a picture. */
export async function scannedPdf(seed: number): Promise<Buffer> {
  const jpeg = await sharp(drawn(seed)).jpeg({ quality: 85 }).toBuffer();
  return Buffer.from(makePdf([{ width: 420, height: 521, images: [{ jpeg, width, height, x: 0, y: 0, w: 420, h: 521 }] }]));
}

/** A photo: turned by up to three degrees, in uneven light, noisy, a little out of focus. */
export async function photo(seed: number): Promise<Buffer> {
  const random = seeded(seed * 31 + 5);
  const { data, info } = await sharp(drawn(seed))
    .rotate(6 * random() - 3, { background: "#e8e6e0" })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const sigma = 8 + 22 * random();
  for (let at = 0; at < data.length; at += 1) {
    const shade = 1 - (0.25 * (at % info.width)) / info.width;
    // The sum of three even numbers is close enough to a bell.
    const noise = sigma * 2 * (random() + random() + random() - 1.5);
    data[at] = Math.max(0, Math.min(255, (data[at] ?? 0) * shade + noise));
  }
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 1 } })
    .blur(0.6 + 0.4 * random())
    .jpeg({ quality: 70 })
    .toBuffer();
}
