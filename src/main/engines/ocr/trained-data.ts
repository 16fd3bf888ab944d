import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

const inflate = promisify(gunzip);

/** No file has more components; Tesseract takes a larger number for a file of the other byte order. */
const maxComponents = 1_000;
const absent = -1n;
/** Trained data of the largest languages inflate to about 40 MB. */
const maxBytes = 400 * 2 ** 20;

/**
 * Whether a gzipped traineddata file has the form that Tesseract expects: a count of components, an offset for each
 * (64 bits, −1 where it is absent) in ascending order, and all of them inside the file. tesseract.js cannot survive one
 * that has not: it answers the failed start twice, and the second answer throws outside of any promise.
 */
export async function isTrainedData(path: string): Promise<boolean> {
  const bytes = await readFile(path)
    .then((packed) => inflate(packed, { maxOutputLength: maxBytes }))
    .catch(() => undefined);
  if (!bytes || bytes.length < 4) return false;
  const count = bytes.readUInt32LE(0);
  const tableEnd = 4 + 8 * count;
  if (count === 0 || count > maxComponents || tableEnd > bytes.length) return false;
  const offsets = Array.from({ length: count }, (_, index) => bytes.readBigInt64LE(4 + 8 * index)).filter((offset) => offset !== absent);
  let last = BigInt(tableEnd);
  for (const offset of offsets) {
    if (offset < last || offset > BigInt(bytes.length)) return false;
    last = offset;
  }
  return offsets.length > 0;
}
