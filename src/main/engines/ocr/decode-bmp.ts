import { AppError } from "../../../shared/errors.ts";

/** Raw pixels, three bytes each (red, green, blue), top row first. */
export type RawImage = { data: Buffer; width: number; height: number };

export const isBmp = (bytes: Uint8Array): boolean => bytes[0] === 0x42 && bytes[1] === 0x4d;

/**
 * Decodes an uncompressed BMP of 1, 4, 8, 24 or 32 bits a pixel, which sharp does not read. Layout: Windows
 * BITMAPFILEHEADER (14 bytes) and BITMAPINFOHEADER or a longer one; rows are padded to four bytes and stand bottom first
 * unless the height is negative.
 * @throws FILE_DAMAGED · FILE_TOO_LARGE for more than `maxPixels` · FILE_TYPE_UNSUPPORTED for compressed ones
 */
export function decodeBmp(bytes: Uint8Array, maxPixels: number): RawImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 54) throw damaged();
  const pixelsAt = view.getUint32(10, true);
  const headerBytes = view.getUint32(14, true);
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const height = Math.abs(signedHeight);
  const usual = bits === 32 && compression === 3;
  if (![1, 4, 8, 24, 32].includes(bits) || (compression !== 0 && !usual)) throw unsupported();
  if (width <= 0 || height === 0) throw damaged();
  if (width * height > maxPixels)
    throw new AppError("FILE_TOO_LARGE", "The image has more pixels than can be read.", { hint: "Scan it again at 300 dpi." });
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (pixelsAt + rowBytes * height > bytes.length) throw damaged();

  const colourAt = bits <= 8 ? fromPalette(bytes, 14 + headerBytes, bits) : direct(bits / 8);
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const row = pixelsAt + rowBytes * (signedHeight > 0 ? height - 1 - y : y);
    for (let x = 0; x < width; x += 1) {
      const from = colourAt(row, x);
      const to = (y * width + x) * 3;
      data[to] = bytes[from + 2] ?? 0;
      data[to + 1] = bytes[from + 1] ?? 0;
      data[to + 2] = bytes[from] ?? 0;
    }
  }
  return { data, width, height };
}

/** Where the blue, green and red bytes of a pixel stand. */
type ColourAt = (row: number, x: number) => number;

const direct =
  (bytesPerPixel: number): ColourAt =>
  (row, x) =>
    row + x * bytesPerPixel;

function fromPalette(bytes: Uint8Array, paletteAt: number, bits: number): ColourAt {
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  return (row, x) => {
    const packed = bytes[row + Math.floor(x / perByte)] ?? 0;
    const index = (packed >> (8 - bits - (x % perByte) * bits)) & mask;
    return paletteAt + index * 4;
  };
}

const damaged = () =>
  new AppError("FILE_DAMAGED", "The image cannot be decoded.", { hint: "Open it in an image viewer and save it again as PNG." });

const unsupported = () =>
  new AppError("FILE_TYPE_UNSUPPORTED", "This kind of BMP cannot be read.", { hint: "Save the page as PNG, JPEG or TIFF." });
