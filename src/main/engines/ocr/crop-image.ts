import sharp from "sharp";
import { AppError } from "../../../shared/errors.ts";

/** Tesseract reads nothing that touches the edge of its picture. */
const BORDER_PIXELS = 24;

/** A part of an image, in its pixels from the top left, as PNG on white. @throws INVALID_INPUT for a box outside the image · FILE_DAMAGED */
export async function cropImage(image: Uint8Array, [x0, y0, x1, y1]: readonly [number, number, number, number]): Promise<Uint8Array> {
  const source = sharp(image, { failOn: "error" });
  const { width, height } = await source.metadata().catch((cause: unknown) => {
    throw new AppError("FILE_DAMAGED", "The image could not be decoded.", { cause });
  });
  const [left, top] = [Math.max(0, Math.floor(x0)), Math.max(0, Math.floor(y0))];
  const [right, bottom] = [Math.min(width, Math.ceil(x1)), Math.min(height, Math.ceil(y1))];
  if (!(right > left && bottom > top)) throw new AppError("INVALID_INPUT", "The box lies outside the page.");
  return source
    .extract({ left, top, width: right - left, height: bottom - top })
    .flatten({ background: "white" })
    .extend({ top: BORDER_PIXELS, bottom: BORDER_PIXELS, left: BORDER_PIXELS, right: BORDER_PIXELS, background: "white" })
    .png()
    .toBuffer();
}
